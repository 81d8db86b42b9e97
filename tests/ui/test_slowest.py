"""The ranking under keys and mouse."""

import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, S, case, line, span, write_small_run
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.analysis.ranking.ranking import Ranking
from tracetui.ui.ranking.rows import Order, RankTitles
from tracetui.ui.ranking.screen import SlowestScreen

Cells = list[object]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened() -> AsyncIterator[Shown]:
    """A finished run."""
    async with showing(RESMOKE, size=(120, 24)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def shown(opened: Shown) -> Shown:
    """Its ranking, as it comes up."""
    await opened.anew("slowest")
    screen(opened).action_widen()
    screen(opened).order = Order("test", "own_ns", descending=True, narrow="")
    await opened.settle()
    return await opened.anew("slowest")


async def test_first(shown: Shown) -> None:
    """At first tests are ranked by own time, the slowest on top, under the cursor."""
    own = column(shown, "own_ns")
    assert own == sorted(own, reverse=True)
    assert shown.slowest.cursor == 0
    assert "bench_test1.js" in shown.rows(shown.slowest)[0]


async def test_every_column_by_key(shown: Shown) -> None:
    """o sorts by each column in turn, numbers from the largest, names from A."""
    seen = []
    fields = shown.slowest.fields
    for _ in fields:
        await shown.press("o")
        seen.append(screen(shown).order.sorted_by)
        assert column(shown, seen[-1]) == sorted(column(shown, seen[-1]), reverse=seen[-1] != "name")
    assert sorted(seen) == sorted(fields)


async def test_previous_column(shown: Shown) -> None:
    """O sorts by the column before."""
    await shown.press("o", "O")
    assert screen(shown).order.sorted_by == "own_ns"


async def test_every_column_by_click(shown: Shown) -> None:
    """A click on a column's title sorts by it, another one the other way round; an arrow says so."""
    titles = shown.app.screen.query_one(RankTitles)
    assert titles.shown
    names = {"name": "test", **{column.field: column.title for column in titles.shown.columns}}
    for field, title in names.items():
        at = shown.rows(titles)[0].index(f" {title}") + 1
        await shown.click(titles, at, 0)
        descending = screen(shown).order.descending
        assert screen(shown).order.sorted_by == field
        assert column(shown, field) == sorted(column(shown, field), reverse=descending)
        assert f"{title} {'▼' if descending else '▲'}" in shown.rows(titles)[0]
        await shown.click(titles, at, 0)
        assert screen(shown).order.descending is not descending


async def test_reverse(shown: Shown) -> None:
    """v turns the order round."""
    await shown.press("v")
    assert column(shown, "own_ns") == sorted(column(shown, "own_ns"))


async def test_order_starts_at_the_top(shown: Shown) -> None:
    """Another order shows its first row, with the cursor on it."""
    for key in ("o", "v", "b", "B", "O"):
        await shown.press("end")
        await shown.press(key)
        assert shown.slowest.cursor == 0
        assert shown.slowest.top == 0


async def test_by(shown: Shown) -> None:
    """b ranks tests, files, suites, hooks, archivers, roles, names and tests again; B goes back."""
    titles, seen = shown.app.screen.query_one(RankTitles), []
    for key in "bbbbbbbB":
        await shown.press(key)
        seen.append(shown.rows(titles)[0].split()[0])
    assert seen == ["file", "suite", "hook", "archiver", "role", "name", "test", "name"]


async def test_jump(shown: Shown) -> None:
    """Enter goes to that very span in the waterfall, and back leads to the same rank."""
    await shown.press("down", "down")
    assert shown.slowest.rank
    name, row = shown.slowest.rank.name, shown.slowest.rank.row
    await shown.press("enter")
    assert shown.app.current_mode == "waterfall"
    assert shown.waterfall.row == row
    assert any(each.startswith("▌") for each in shown.rows(shown.waterfall))
    await shown.press("4")
    assert shown.slowest.rank
    assert shown.slowest.rank.name == name


async def test_jump_unfolds(tmp_path: Path) -> None:
    """Enter unfolds what hides the span."""
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        await shown.press("o", "4", *"bbbbbb", "enter")
        assert shown.waterfall.count > 1
        assert shown.waterfall.row is not None
        assert not shown.waterfall._outline or not shown.waterfall._outline.folded[0]


async def test_jump_to_the_costliest(tmp_path: Path) -> None:
    """Of the occurrences of a test, Enter goes to the one with the most own time."""
    name = "tests/test_yard.py::test_tracks"
    took = [
        case(name, start=T0 + at * S, end=T0 + (at + spent) * S) for at, spent in ((0, 2), (4, 5), (10, 3))
    ]
    (tmp_path / "run.jsonl").write_bytes(line(*took))
    async with showing(tmp_path) as shown:
        await shown.press("4", "enter")
        assert shown.waterfall.cursor == 1


async def test_click_selects(shown: Shown) -> None:
    """A click puts the cursor on a row."""
    await shown.click(shown.slowest, 30, 5)
    assert shown.slowest.cursor == 5


@pytest.mark.parametrize("key", ["enter", "down", "end"])
async def test_nothing_to_rank(tmp_path: Path, key: str) -> None:
    """Without tests the ranking of tests is empty, and keys do no harm."""
    (tmp_path / "run.jsonl").write_bytes(line(span("lonely", end=T0 + S)))
    async with showing(tmp_path) as shown:
        await shown.press("4", key)
        assert shown.app.current_mode == "slowest"
        assert shown.slowest.count == 0


async def test_narrowing(shown: Shown) -> None:
    """Letters after / narrow the rows as they come; enter keeps them, escape shows all again."""
    everything = shown.slowest.count
    await shown.press("ampersand", *"INDEX")
    assert 0 < shown.slowest.count < everything
    assert all("index" in str(name) for name in column(shown, "name"))
    assert f"{shown.slowest.count} of {everything}" in shown.text
    await shown.press("enter", "o")
    assert shown.app.focused is shown.slowest
    assert shown.slowest.count < everything
    await shown.press("escape")
    assert shown.slowest.count == everything
    assert f" of {everything}" not in shown.text


async def test_narrowing_to_nothing(shown: Shown) -> None:
    """A text that no name holds leaves no row, and says how to come back."""
    await shown.press("ampersand", *"q[z]")
    assert "Esc shows all rows" in shown.text
    await shown.press("escape", "enter")
    assert shown.app.current_mode == "waterfall"


async def test_away_from_the_screens_thread(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranking, sorting and narrowing never happen in the thread of the screen."""
    threads = set[int]()
    for made in ("sorted", "narrowed"):
        before = getattr(Ranking, made)

        def noted(*given: object, before: Callable[..., object] = before, **more: object) -> object:
            threads.add(threading.get_ident())
            return before(*given, **more)

        monkeypatch.setattr(Ranking, made, noted)
    await shown.press("o", "v", "b", "ampersand", "x", "escape")
    assert threads
    assert threading.get_ident() not in threads


def screen(shown: Shown) -> SlowestScreen:
    """The screen of the ranking."""
    assert isinstance(shown.app.screen, SlowestScreen)
    return shown.app.screen


def column(shown: Shown, field: str) -> list[int | str]:
    """The values of a column, from top to bottom."""
    assert shown.slowest._ranking
    return [getattr(rank, field) for rank in shown.slowest._ranking]


async def test_the_wheel(shown: Shown) -> None:
    """It scrolls the ranking and moves no cursor, at the end no further."""
    await shown.wheel(shown.slowest, 5, 5, down=True, notches=100)
    assert shown.slowest.cursor == 0
    assert shown.slowest.top == max(0, shown.slowest.count - shown.slowest.size.height) > 0
    await shown.wheel(shown.slowest, 5, 5, down=False)
    assert shown.slowest.top == shown.slowest.count - shown.slowest.size.height - 3
