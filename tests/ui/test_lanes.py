"""The lanes under keys and mouse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.builders import MS, T0, case, line
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.renderables.lane_row import AXIS_LEFT


@pytest_asyncio.fixture
async def shown() -> AsyncIterator[Shown]:
    """The lanes of a finished run."""
    async with showing(RESMOKE, size=(120, 24)) as opened:
        await opened.press("3")
        yield opened


async def test_a_line_per_lane(shown: Shown) -> None:
    """Each lane has a line with its name; those that packing made up are marked."""
    names = [row.split()[:2] for row in shown.rows(shown.lanes)[:4]]
    assert [name for name in names if name[0] != "▌"] == [["job1", "*"], ["job2", "*"], ["job3", "*"]]
    assert "rebuilt by packing" in shown.text


async def test_sums(shown: Shown) -> None:
    """Below the lanes stands what they add up to."""
    assert all(word in shown.text for word in ("wall", "work", "floor", "idle", "imbalance", "long pole"))


async def test_enter_shows_the_longest_block(shown: Shown) -> None:
    """Enter leads to the longest block of the lane in the waterfall."""
    row = shown.lanes.row
    await shown.press("enter")
    assert shown.app.current_mode == "waterfall"
    assert shown.waterfall.row == row


async def test_a_click_on_a_block_shows_it(tmp_path: Path) -> None:
    """The block under the pointer is shown in the waterfall; idle time leads nowhere."""
    spans = [
        case(name, worker="gw0", start=T0 + start * MS, end=T0 + (start + 10) * MS)
        for name, start in (("t::first", 0), ("t::last", 90))
    ]
    (tmp_path / "a.jsonl").write_bytes(line(*spans))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await shown.press("3")
        middle = AXIS_LEFT + (120 - AXIS_LEFT) // 2
        await shown.click(shown.lanes, middle, 0)
        assert shown.app.current_mode == "lanes"
        await shown.click(shown.lanes, 115, 0)
        assert shown.app.current_mode == "waterfall"
        assert shown.under_cursor == "t::last"


async def test_zoom(shown: Shown) -> None:
    """The lanes zoom and pan as the waterfall does."""
    await shown.press("plus", ">")
    assert shown.lanes.window is not None
    await shown.press("0")
    assert shown.lanes.window is None
