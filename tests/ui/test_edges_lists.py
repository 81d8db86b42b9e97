"""Cursor and view at the edge of what is in sight, and the way back as the way there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import MS, T0, case, line
from tests.ui.showing import RESMOKE, Shown, showing


@pytest_asyncio.fixture
async def long() -> AsyncIterator[Shown]:
    """A run of many more rows than the screen has lines."""
    async with showing(RESMOKE, size=(100, 24)) as shown:
        yield shown


async def test_the_cursor_scrolls_from_the_last_line_on(long: Shown) -> None:
    """On the last line in sight nothing scrolls, one row further everything by one; upwards the same."""
    rows, height = long.waterfall, long.waterfall.size.height
    await long.press(*["down"] * (height - 1))
    assert (rows.cursor, rows.top) == (height - 1, 0)
    await long.press("down")
    assert (rows.cursor, rows.top) == (height, 1)
    await long.press(*["up"] * (height - 1))
    assert (rows.cursor, rows.top) == (1, 1)
    await long.press("up")
    assert (rows.cursor, rows.top) == (0, 0)


@pytest.mark.parametrize(("beside", "in_sight"), [(-1, False), (0, True)])
async def test_a_row_just_above_what_is_in_sight(long: Shown, beside: int, in_sight: bool) -> None:
    """At the first line in sight nothing scrolls, a row above it comes to the middle."""
    rows, height = long.waterfall, long.waterfall.size.height
    rows.top = 2 * height
    rows.reveal(2 * height + beside)
    assert rows.cursor == 2 * height + beside
    assert rows.top == (2 * height if in_sight else rows.cursor - height // 2)


@pytest.mark.parametrize(("beside", "in_sight"), [(-1, True), (0, False)])
async def test_a_row_just_below_what_is_in_sight(long: Shown, beside: int, in_sight: bool) -> None:
    """The same at the last line."""
    rows, height = long.waterfall, long.waterfall.size.height
    rows.reveal(height + beside)
    assert rows.cursor == height + beside
    assert rows.top == (0 if in_sight else rows.cursor - height // 2)


@pytest_asyncio.fixture
async def failing(tmp_path: Path) -> AsyncIterator[Shown]:
    """Two lanes; three tests failed, on the one, on the other, and on the one again."""
    tests = [
        case(
            f"t::{number}",
            outcome,
            worker=f"gw{number % 2}",
            start=T0 + number * MS,
            end=T0 + (number + 1) * MS,
        )
        for number, outcome in enumerate(("passed", "failed", "failed", "failed", "passed"))
    ]
    (tmp_path / "a.jsonl").write_bytes(line(*tests))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await shown.press("3")
        yield shown


async def test_previous_failures(failing: Shown) -> None:
    """[ goes back one failed test at a time, and stays on the first; ] goes on, and stays on the last."""
    found = []
    for key in ("right_square_bracket",) * 4 + ("left_square_bracket",) * 3:
        await failing.press(key)
        found.append(failing.title_of(failing.lanes.row))
    assert found == [f"t::{number}" for number in (1, 2, 3, 3, 2, 1, 1)]
    assert failing.lanes.cursor == 1


async def test_previous_blocks(failing: Shown) -> None:
    """Left at the first block and right at the last one stay there."""
    await failing.press(*["left"] * 9)
    first = failing.title_of(failing.lanes.row)
    await failing.press(*["right"] * 9)
    assert (first, failing.title_of(failing.lanes.row)) == ("t::0", "t::4")
