"""Finding as you type: what is found, marked, counted, and gone to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widget import Widget

from tests.builders import T0, S, case, line, write_small_run
from tests.ui.hostile import CORPUS, ESCAPES, MARKUP, RAW
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.lists.draw_marked import FOUND_ELSEWHERE
from tracetui.ui.lists.line import Line


@pytest_asyncio.fixture
async def small(tmp_path: Path) -> AsyncIterator[Shown]:
    """The small run."""
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        yield shown


def bar(shown: Shown) -> str:
    """The line of what is found."""
    return "\n".join(shown.rows(shown.app.screen.query_one(FindBar)))


async def find(shown: Shown, text: str) -> None:
    """Types what to find, and enters it."""
    await shown.press("slash")
    line_ = shown.app.screen.query_one(FindBar).query_one(Line)
    line_.value = text
    await shown.settle()
    await shown.press("enter")


async def test_finds_as_typed(small: Shown) -> None:
    """Each letter narrows what is found; nothing is hidden."""
    rows = small.waterfall.count
    await small.press("slash", *"test_s")
    assert " found" in bar(small)
    await small.press(*"hort")
    assert "test_short" in small.text
    assert small.waterfall.count == rows


async def test_next_and_previous(small: Shown) -> None:
    """n and N go from match to match, into folds, and round at the ends; the count says where."""
    await find(small, "test_opens")
    seen = []
    for key in ("n", "n", "n", "N"):
        await small.press(key)
        seen.append((small.under_cursor, bar(small).split(" of ")[0][-1]))
    assert seen[0] == ("tests/test_depot.py::test_opens", "1")
    assert seen[1] == ("setup", "2")
    assert seen[3] == ("setup", "2")
    assert " of 4" in bar(small)


async def test_attributes(small: Shown) -> None:
    """What only an attribute or an exception says is found too, and marked at the left of the row."""
    await find(small, "3 == 4")
    await small.press("n", "N", "up", "up")
    assert any(row.startswith(FOUND_ELSEWHERE) for row in small.rows(small.waterfall))
    assert "1 found" in bar(small)


async def test_nothing_found(small: Shown) -> None:
    """What is nowhere is 0 found, and n does nothing."""
    await find(small, "no such thing")
    await small.press("n", "N")
    assert "0 found" in bar(small)
    assert small.waterfall.cursor == 0


async def test_escape_ends_it(small: Shown) -> None:
    """Escape ends finding: while typing and after it; then it is again what it was before."""
    await small.press("slash", *"depot", "escape")
    await small.until(lambda: small.app.screen.query_one(FindBar).has_class("off"))
    await find(small, "depot")
    await small.press("escape")
    await small.until(lambda: small.app.screen.query_one(FindBar).has_class("off"))
    assert small.waterfall.has_focus
    await small.press("n", "N")
    assert small.waterfall.cursor == 0
    await small.press("enter", "escape")
    assert not small.detail.has_class("full")


async def test_in_every_mode(tmp_path: Path) -> None:
    """What is looked for stays so in other modes, and n goes through their rows."""
    async with showing(RESMOKE, size=(120, 40)) as shown:
        await find(shown, "explain")
        await shown.press("4", "n")
        assert "1 of 2" in bar(shown)
        assert shown.slowest.rank
        assert "explain" in shown.slowest.rank.name
        await shown.press("3", "n")
        assert "0 found" in bar(shown)
        await shown.press("2")
        assert "4 found" in bar(shown)


async def test_from_a_mode_without_a_list() -> None:
    """Where there is no list, n goes on in the waterfall."""
    async with showing(RESMOKE, size=(120, 40), mode="run") as shown:
        await find(shown, "explain")
        await shown.press("1", "n")
        assert shown.app.current_mode == "waterfall"
        await shown.press("home", "n")
        assert "1 of 4" in bar(shown)


async def test_new_spans_are_found(tmp_path: Path) -> None:
    """What comes while something is looked for is found too, and the cursor stays."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(line(case("needle one", start=T0 + 1, end=T0 + S), case("other", end=T0 + S)))
    async with showing(tmp_path, follow=True) as shown:
        await find(shown, "needle")
        await shown.press("n")
        with path.open("ab") as file:
            file.write(line(case("needle two", start=T0 - 9, end=T0 + S)))
        await shown.until(lambda: "of 2" in bar(shown))
        assert shown.under_cursor == "needle one"


async def test_hostile(tmp_path: Path) -> None:
    """Whatever is looked for is only text."""
    (tmp_path / "run.jsonl").write_bytes(line(*(case(text, end=T0 + S) for text in CORPUS)))
    async with showing(tmp_path, size=(120, 30)) as shown:
        for text in ("".join(text[:60] for text in ESCAPES), "".join(MARKUP)):
            await find(shown, text)
            assert not RAW.intersection(shown.text.replace("\n", ""))
            assert {strip.cell_length for strip in shown.strips} == {120}


@pytest.mark.parametrize("mode", ["slowest", "waterfall"])
@pytest.mark.parametrize(("action", "kind"), [("find", FindBar), ("filter", FilterBar)])
async def test_a_mode_that_is_not_there_yet(
    tmp_path: Path, mode: str, action: str, kind: type[Widget]
) -> None:
    """A key that comes while a mode is being put together waits for it, and stays there."""
    async with showing(write_small_run(tmp_path / "spans"), mode="run") as shown:
        switched = shown.app.switch_mode(mode)
        await shown.app.run_action(action)
        await switched
        await shown.settle()
        assert shown.app.current_mode == mode
        assert shown.app.screen.query_one(kind).query_one(Line).has_focus
