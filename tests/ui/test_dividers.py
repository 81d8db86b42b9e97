"""Dividers of the waterfall, moved by mouse: names and bars, rows and details."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Offset

from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.detail.detail import LEAST, LEAST_ROWS
from tracetui.ui.lists.divider import Divider
from tracetui.ui.timeline.axis import Axis
from tracetui.ui.waterfall.draw_columns import LEAST_BARS, LEAST_NAMES
from tracetui.ui.waterfall.draw_frame import Frame


@pytest_asyncio.fixture
async def shown() -> AsyncIterator[Shown]:
    """A finished run."""
    async with showing(RESMOKE) as opened:
        yield opened


def frame(shown: Shown) -> Frame:
    found = shown.waterfall._frame
    assert found is not None
    return found


async def drag(shown: Shown, start: Offset, *to: Offset) -> None:
    """Presses the button at one cell of the screen, moves on, and lets go at the last."""
    await shown.pilot.mouse_down(offset=start)
    for place in to:
        await shown.pilot.hover(offset=place)
    await shown.pilot.mouse_up(offset=to[-1])
    await shown.settle()


def at(shown: Shown, x: int, y: int = 3) -> Offset:
    """A cell of the waterfall's rows."""
    return shown.waterfall.region.offset + Offset(x, y)


@given(st.lists(st.integers(-50, 300), min_size=1), st.integers(0, 200), st.sampled_from((1, -1)))
def test_a_divider_goes_where_the_pointer_goes(pointers: list[int], size: int, direction: int) -> None:
    """By as much, one way or the other; whoever comes back has not lost a cell, but has moved it."""
    divider = Divider(direction)
    divider.take(40, size)
    assert [divider.size(x) for x in pointers] == [size + direction * (x - 40) for x in pointers]
    assert divider.is_held
    assert divider.let_go() == any(x != 40 for x in pointers)
    assert not divider.is_held


@pytest.mark.parametrize("edge", [0, 1, 2])
async def test_names_get_room(shown: Shown, edge: int) -> None:
    """Each edge between names and bars moves all that is right of the names."""
    before = frame(shown)
    x = before.edges[edge]
    await drag(shown, at(shown, x), at(shown, x + 3), at(shown, x + 9))
    assert frame(shown).name_width == before.name_width + 9
    assert frame(shown).bar_left == before.bar_left + 9
    assert shown.waterfall.cursor == 0
    assert shown.waterfall.window is None
    assert shown.lines[shown.line_of(" total")].index("own") == before.name_width + 9 + 5


async def test_on_the_line_of_titles(shown: Shown) -> None:
    """The edge can be taken there too; elsewhere on that line nothing moves."""
    before, axis = frame(shown), shown.app.screen.query_one(Axis).region.offset
    x = before.edges[2]
    await drag(shown, axis + Offset(x, 0), axis + Offset(x - 10, 0))
    assert frame(shown).name_width == before.name_width - 10
    await drag(shown, axis + Offset(5, 0), axis + Offset(30, 0))
    assert frame(shown).name_width == before.name_width - 10


async def test_names_and_bars_keep_enough(shown: Shown) -> None:
    """Neither goes away."""
    x = frame(shown).edges[0]
    await drag(shown, at(shown, x), at(shown, 0))
    assert frame(shown).name_width == LEAST_NAMES
    await drag(shown, at(shown, LEAST_NAMES), at(shown, 119))
    assert frame(shown).bar_width == LEAST_BARS
    await shown.pilot.resize_terminal(80, 24)
    await shown.settle()
    assert frame(shown).bar_width == LEAST_BARS
    assert {strip.cell_length for strip in shown.strips} == {80}


async def test_a_click_is_still_a_click(shown: Shown) -> None:
    """Where nothing was dragged the row is chosen; after a drag it is not."""
    x = frame(shown).edges[1]
    await shown.click(shown.waterfall, x, 5)
    assert shown.waterfall.cursor == 5
    assert shown.waterfall.names is None
    await drag(shown, at(shown, x, 7), at(shown, x + 2, 7))
    assert shown.waterfall.cursor == 5


async def test_it_is_kept_for_the_session(shown: Shown) -> None:
    """In another mode and back."""
    x = frame(shown).edges[0]
    await drag(shown, at(shown, x), at(shown, x + 4))
    width = frame(shown).name_width
    await shown.press("1", "2")
    assert frame(shown).name_width == width


async def test_details_below(shown: Shown) -> None:
    """The line above the details goes with the pointer, and stops where rows would have no room."""
    detail = shown.detail.region
    await drag(shown, Offset(50, detail.y), Offset(50, detail.y - 6))
    assert shown.detail.region.height == detail.height + 6
    await drag(shown, Offset(50, shown.detail.region.y), Offset(50, 39))
    assert shown.detail.region.height == LEAST[False]
    await drag(shown, Offset(50, shown.detail.region.y), Offset(50, 0))
    assert shown.detail.region.height == shown.app.screen.query_one("#both").size.height - LEAST_ROWS[False]
    await shown.press("enter")
    assert shown.waterfall.region.height <= shown.detail.region.height
    height = shown.detail.region.height
    await shown.press("escape")
    assert shown.detail.region.height != height or shown.detail.region.height > 20


async def test_details_beside() -> None:
    """From 180 columns on it is the line left of them; each place has its own size."""
    async with showing(RESMOKE, size=(200, 50)) as shown:
        detail = shown.detail.region
        await drag(shown, detail.offset + Offset(0, 9), detail.offset + Offset(-15, 9))
        assert shown.detail.region.width == detail.width + 15
        assert shown.waterfall.region.width == detail.x - 15
        await drag(shown, shown.detail.region.offset, Offset(0, 9))
        assert shown.waterfall.region.width == LEAST_ROWS[True]
        await shown.pilot.resize_terminal(120, 40)
        await shown.still()
        assert shown.detail.region.width == 120
        assert shown.detail.region.height < 20
        await shown.pilot.resize_terminal(200, 50)
        await shown.still()
        assert shown.waterfall.region.width == LEAST_ROWS[True]


async def test_moved(picture: Picture) -> None:
    """A picture: names have been given room, and so have details."""
    async with showing(RESMOKE, size=(240, 70)) as shown:
        x, detail = frame(shown).edges[0], shown.detail.region
        await drag(shown, at(shown, x), at(shown, x + 12))
        await drag(shown, detail.offset, detail.offset + Offset(30, 0))
        await picture(shown)
