"""Filtering as you type: what stays, what is counted, what is completed, what is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, S, case, line, write_small_run
from tests.ui.hostile import CORPUS, ESCAPES, MARKUP, RAW
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.settings.state import recall
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.filters_screen import FiltersScreen


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is kept here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest_asyncio.fixture
async def small(tmp_path: Path) -> AsyncIterator[Shown]:
    """The small run."""
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        yield shown


def bar(shown: Shown) -> str:
    """The line of the filter, and what is below it."""
    return "\n".join(shown.rows(shown.app.screen.query_one(FilterBar)))


async def put(shown: Shown, text: str) -> None:
    """Types a filter, and enters it."""
    await shown.press("f")
    shown.app.screen.query_one(FilterBar).line.value = text
    await shown.settle()
    await shown.press("enter")


async def test_ancestors_stay(small: Shown) -> None:
    """What is meant stays with all above it; the rest is counted."""
    await put(small, "outcome:failed role:test")
    titles = [row.strip(" ▌▾▸") for row in small.rows(small.waterfall) if row.strip()]
    assert [title.split()[0] for title in titles] == ["depot", "worker", "…test_depot.py::test_closes"]
    assert "1 span  42 hidden" in bar(small)
    assert small.waterfall.has_focus


async def test_applies_as_typed(small: Shown) -> None:
    """A filter is on while it is typed; a word that may become a key does not count yet."""
    await small.press("f", *"role")
    assert small.waterfall.count == 14
    await small.press("colon", *"suite")
    assert small.waterfall.count == 1


async def test_mistake(small: Shown) -> None:
    """A mistake is named while it is typed, what was right before stays on, and enter does not take it."""
    await small.press("f", *"role", "colon", *"suite", "space", *"rol", "colon", *"x")
    assert "unknown key rol; did you mean role?" in bar(small)
    await small.press("enter")
    assert small.app.screen.query_one(FilterBar).line.has_focus
    assert small.waterfall.count == 1


async def test_cancel(small: Shown) -> None:
    """Escape gives back the filter that was on before."""
    await put(small, "role:suite")
    await small.press("f", *" or role", "colon", *"worker", "escape")
    assert small.waterfall.count == 1
    assert small.waterfall.has_focus
    await small.press("f", "ctrl+u", "escape")
    assert small.waterfall.count == 1


async def test_is_no_pause(small: Shown) -> None:
    """A filter is no pause, and a pause is one with a filter too."""
    assert "PAUSED" not in small.text
    await put(small, "role:test")
    assert "PAUSED" not in small.text
    await small.press("space")
    assert "PAUSED" in small.text
    assert "11 spans" in bar(small)


async def test_none(small: Shown) -> None:
    """An empty filter is none, and its line goes away."""
    await put(small, "role:suite")
    await put(small, "")
    assert small.waterfall.count == 14
    assert small.app.screen.query_one(FilterBar).has_class("off")


async def test_completes(small: Shown) -> None:
    """Tab takes what is offered, down chooses another, values are those that occur."""
    await small.press("f", *"la", "tab")
    assert small.app.screen.query_one(FilterBar).line.value == "lane:"
    await small.until(lambda: "lane:gw1" in bar(small))
    await small.press("down", "tab")
    assert small.app.screen.query_one(FilterBar).line.value in ("lane:gw0 ", "lane:gw1 ")
    await small.press(*"attr.pyt")
    assert "attr.pytest.nodeid=" in bar(small)


async def test_in_every_mode() -> None:
    """One filter for all modes: rankings, lanes and failures count only what is meant."""
    async with showing(RESMOKE, size=(120, 40)) as shown:
        await put(shown, "role:test dur>3s")
        await shown.press("4")
        assert shown.slowest.count == 5
        assert "hidden" in bar(shown)
        await shown.press("3")
        assert shown.lanes._lanes
        assert sum(lane.tests for lane in shown.lanes._lanes.lanes) == 5
        await shown.press("5")
        assert "2 failures" in shown.text
        await put(shown, "role:hook name:none")
        assert "The filter hides everything" in shown.text


async def test_attributes(small: Shown) -> None:
    """An attribute that no column holds is looked for in the bytes, and found."""
    await put(small, "attr.pytest.when=call")
    assert "10 spans" in bar(small)


async def test_new_spans(tmp_path: Path) -> None:
    """What comes while a filter is on goes through it too, attributes with it."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(line(case("a", "failed", end=T0 + S), case("b", end=T0 + S)))
    async with showing(tmp_path, follow=True) as shown:
        await put(shown, "attr.pytest.outcome=failed")
        assert "1 span  1 hidden" in bar(shown)
        with path.open("ab") as file:
            file.write(line(case("c", "failed", end=T0 + S), case("d", end=T0 + S)))
        await shown.until(lambda: "2 spans  2 hidden" in bar(shown))


async def test_named(small: Shown) -> None:
    """A filter gets a name, is there the next time, is put on by it, and let go."""
    await put(small, "role:suite")
    await small.press("ctrl+f", *"tops", "enter")
    assert recall().filters == {"tops": "role:suite"}
    await small.press("escape")
    await put(small, "")
    await small.press("ctrl+f", "enter")
    await small.until(lambda: small.waterfall.count == 1)
    assert "role:suite" in bar(small)
    await small.press("ctrl+f", "tab", "shift+tab", "delete", "escape")
    assert recall().filters == {}


async def test_named_without_any(small: Shown) -> None:
    """Without a filter there is nothing to name, and it says so."""
    await small.press("ctrl+f")
    assert isinstance(small.app.screen, FiltersScreen)
    assert "No saved filters yet." in small.text
    await small.press("enter", "delete", "ctrl+f")
    assert small.waterfall.count == 14


async def test_hostile(tmp_path: Path) -> None:
    """Whatever is typed or completed is only text."""
    (tmp_path / "run.jsonl").write_bytes(line(*(case(text, worker=text, end=T0 + S) for text in CORPUS)))
    async with showing(tmp_path, size=(120, 40)) as shown:
        for text in ("".join(text[:60] for text in ESCAPES), "".join(MARKUP)):
            await shown.press("f")
            for typed in (f"lane:{text[:3]}", f"{text}:x", f'name:"{text}'):
                shown.app.screen.query_one(FilterBar).line.value = typed
                await shown.settle()
                assert not RAW.intersection(shown.text.replace("\n", ""))
                assert {strip.cell_length for strip in shown.strips} == {120}
            await shown.press("escape")
