"""Rows of the waterfall in another order: at every level, with folds and groups, while a run goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import MS, T0, Json, S, case, line, span
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, showing

SUITE = {"tracetui.span.role": "suite", "test.suite.name": "suite"}


def made_of(lengths: dict[str, int], failed: str = "") -> list[Json]:
    """Tests one after the other, with their lengths in ms."""
    top, at, made = span("suite", SUITE, end=T0 + 10 * S), T0, []
    for name, length in lengths.items():
        test = case(
            name, "failed" if name == failed else "passed", start=at, end=at + length * MS, parent=top
        )
        role = {"tracetui.span.role": "phase"}
        made += [test, span("setup", role, start=at, end=at + 2 * MS, parent=test)]
        made += [span("call", role, start=at + 2 * MS, end=at + length * MS, parent=test)]
        at += length * MS
    return [top, *made]


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """Four tests of one suite; the third has failed."""
    (tmp_path / "run.jsonl").write_bytes(
        line(*made_of({"test_a": 30, "test_b": 90, "test_c": 20, "test_d": 50}, failed="test_c"))
    )
    async with showing(tmp_path) as shown:
        yield shown


def titles(shown: Shown) -> list[str]:
    """What stands in the rows, without the suite."""
    outline = shown.waterfall._outline
    assert outline is not None
    return [shown.title_of(outline.node(index)) for index in range(1, len(outline))]


async def test_orders(shown: Shown) -> None:
    """By time, then by duration, then failures first, and again; the caption says so."""
    assert titles(shown) == ["test_a", "test_b", "test_c", "test_d"]
    await shown.press("S")
    assert titles(shown) == ["test_b", "test_d", "test_a", "test_c"]
    assert "5 rows   by duration" in shown.text
    await shown.press("S")
    assert titles(shown) == ["test_c", "test_a", "test_b", "test_d"]
    assert "5 rows   failures first" in shown.text
    await shown.press("S")
    assert titles(shown) == ["test_a", "test_b", "test_c", "test_d"]
    assert "5 rows   " not in shown.lines[shown.line_of("5 rows")][:20].rstrip()


async def test_the_cursor_stays_on_its_span(shown: Shown) -> None:
    """Wherever that goes; also at the top."""
    await shown.press("down", "down", "down", "S")
    assert shown.under_cursor == "test_c"
    assert shown.waterfall.cursor == 4
    await shown.press("home", "S")
    assert shown.under_cursor == "suite"


async def test_folds_stay(shown: Shown) -> None:
    """What was unfolded is unfolded elsewhere, its own children in the same order."""
    await shown.press("down", "right", "S")
    assert titles(shown) == ["test_b", "test_d", "test_a", "call", "setup", "test_c"]
    await shown.press("left", "left", "S")
    assert titles(shown) == ["test_c", "test_a", "test_b", "test_d"]


async def test_the_next_failure_is_the_next_in_sight(shown: Shown) -> None:
    """Keys go through rows as they stand."""
    await shown.press("S", "S", "home", "right_square_bracket")
    assert (shown.under_cursor, shown.waterfall.cursor) == ("test_c", 1)


async def test_groups_stand_by_all_their_time(tmp_path: Path) -> None:
    """A group of three short ones takes longer than one of middle length."""
    lengths = {"b/1.js": 40, "alone": 90, "b/2.js": 30, "b/3.js": 35, "short": 20}
    (tmp_path / "run.jsonl").write_bytes(line(*made_of(lengths)))
    async with showing(tmp_path) as shown:
        await shown.press("u", "S")
        outline = shown.waterfall._outline
        assert outline is not None
        nodes = [outline.node(index) for index in range(1, len(outline))]
        assert nodes[0] < -1
        assert [shown.title_of(node) for node in nodes[1:]] == ["alone", "short"]
        await shown.press("down", "right")
        assert titles(shown)[1:4] == ["b/1.js", "b/3.js", "b/2.js"]


@pytest.mark.parametrize("presses", [1, 2])
async def test_a_run_that_goes_on(tmp_path: Path, presses: int) -> None:
    """What comes takes its place, and the cursor stays where it is."""
    path = tmp_path / "run.jsonl"
    spans = made_of({"test_a": 30, "test_b": 90, "test_c": 20, "test_d": 200}, failed="test_d")
    path.write_bytes(line(*spans[:-3]))
    async with showing(tmp_path, follow=True) as shown:
        await shown.press("down", *["S"] * presses)
        with path.open("ab") as file:
            file.write(line(*spans[-3:]))
        await shown.until(lambda: shown.waterfall.count == 5)
        assert titles(shown)[0] == "test_d"
        assert shown.under_cursor == "test_a"


async def test_by_duration(picture: Picture) -> None:
    """A picture: a run of resmoke, the longest first."""
    async with showing(RESMOKE) as shown:
        await shown.press("S", "home")
        shown.app.clear_notifications()
        await picture(shown)
