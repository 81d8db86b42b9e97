"""The detail pane under keys and mouse: own attributes first, values to copy, spans to go to."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, Json, S, case, exception, key_values, line, span
from tests.ui.hostile import ESCAPES, MARKUP, RAW
from tests.ui.showing import Shown, showing

ALIKE = {"ci.job": "4711", "ci.branch": "main"}


def told(made: Json, **more: str) -> Json:
    """A span with what all spans of the run have, and what it has alone."""
    return made | {"attributes": [*made["attributes"], *key_values({**ALIKE, **more})]}


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """A suite whose spans share some attributes; a test that was run twice and links to another."""
    suite = told(span("yard", {"tracetui.span.role": "suite"}, end=T0 + 60 * S))
    first = told(case("tests/test_a.py::test_a", start=T0 + S, end=T0 + 2 * S, parent=suite), x="one\ntwo")
    again = told(case("tests/test_a.py::test_a", "failed", start=T0 + 5 * S, end=T0 + 8 * S, parent=suite))
    other = told(case("tests/test_b.py::test_b", start=T0 + 3 * S, end=T0 + 4 * S, parent=suite))
    first["links"] = [{"traceId": other["traceId"], "spanId": other["spanId"], "attributes": []}]
    again["events"] = [exception(message="3 is not 4")]
    (tmp_path / "run.jsonl").write_bytes(line(suite, first, again, other))
    async with showing(tmp_path, size=(120, 90)) as opened:
        yield opened


def pane(shown: Shown) -> str:
    """The text of the pane."""
    return "\n".join(shown.rows(shown.detail))


async def to(shown: Shown, text: str) -> None:
    """Puts the cursor of the large pane on the first line that says `text`."""
    labels = shown.detail.rows.labels()
    shown.detail.rows.cursor = next(place for place, label in enumerate(labels) if text in label)
    await shown.settle()


async def test_own_first(shown: Shown) -> None:
    """What is the same all over the run is folded at the end; o opens it, and folds it again."""
    await shown.press("down", "enter")
    assert "4711" not in pane(shown)
    assert "… 2 attributes more, shared by the whole run   o: show" in pane(shown)
    await shown.press("o")
    text = pane(shown)
    assert text.index("pytest.nodeid") < text.index("Shared by the whole run  2") < text.index("4711")
    await shown.press("o")
    assert "4711" not in pane(shown)


async def test_the_same_test(shown: Shown) -> None:
    """Other times of a test are listed with outcome and time, and enter goes there."""
    await shown.press("down", "enter")
    assert "The same test  1 other time" in pane(shown)
    await to(shown, "✗ failed      3.00s")
    await shown.press("enter")
    assert "✗ failed" in pane(shown)
    assert shown.waterfall.cursor == 3


async def test_links(shown: Shown) -> None:
    """A link to a span of the recording leads there, by key and by click."""
    await shown.press("down", "enter")
    await to(shown, "Link  to tests/test_b.py::test_b")
    await shown.press("enter")
    assert shown.under_cursor == "tests/test_b.py::test_b"
    await shown.press("escape", "home", "down")
    at = next(y for y, line_ in enumerate(shown.lines) if "Link  to" in line_)
    await shown.pilot.click(offset=(10, at))
    await shown.settle()
    assert shown.under_cursor == "tests/test_b.py::test_b"


async def test_parent(shown: Shown) -> None:
    """The id of the parent leads to the parent."""
    await shown.press("down", "enter")
    await to(shown, "parent span id")
    await shown.press("enter")
    assert shown.under_cursor == "yard"


async def test_copies(shown: Shown) -> None:
    """y copies the value under the cursor, or what runs a test again; Y and M copy the span."""
    await shown.press("down", "y")
    assert shown.app.clipboard == "pytest tests/test_a.py::test_a"
    await shown.press("enter")
    await to(shown, "one")
    await shown.press("y")
    assert shown.app.clipboard == "one\ntwo"
    await shown.press("Y")
    assert '"ci.job": "4711"' in shown.app.clipboard
    await shown.press("M")
    assert shown.app.clipboard.startswith("### tests/test\\_a.py::test\\_a")


async def test_finds_inside(shown: Shown) -> None:
    """With the keys in the pane, n goes from line to line that says it."""
    await shown.press("down", "enter", "slash", *"ci.", "enter")
    shown.detail.rows.focus()
    await shown.press("o", "n")
    assert "ci." in shown.detail.rows.labels()[shown.detail.rows.cursor]


async def test_editor(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """e says in a line why there is nothing to edit."""
    said: list[str] = []
    monkeypatch.setattr(shown.app, "notify", lambda text, **_told: said.append(text))
    await shown.press("down", "e")
    assert said == ["no source file recorded"]


@pytest.mark.parametrize("texts", [ESCAPES, MARKUP], ids=["escapes", "markup"])
async def test_hostile(tmp_path: Path, texts: tuple[str, ...]) -> None:
    """Whatever a span says, shares or links to is only text, and so is what is copied."""
    spans = [
        told(case(text, end=T0 + S, start=T0 + place % 2), y=text) for place, text in enumerate(texts * 2)
    ]
    for made, other in pairwise(spans):
        made["links"] = [{"traceId": other["traceId"], "spanId": other["spanId"], "attributes": []}]
    (tmp_path / "run.jsonl").write_bytes(line(*spans))
    async with showing(tmp_path, size=(120, 50)) as shown:
        for _ in texts:
            await shown.press("down", "y", "M")
            assert not RAW.intersection(shown.text.replace("\n", ""))
            assert not RAW.intersection(shown.app.clipboard.replace("\n", ""))
            assert {strip.cell_length for strip in shown.strips} == {120}
