"""Zoom and pan: which stretch of time is shown."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.analysis.timeline.window import Window
from tracetui.ui.lanes.rows import LaneRows
from tracetui.ui.timeline.axis import Axis
from tracetui.ui.timeline.minimap import Minimap
from tracetui.ui.waterfall.rows import Waterfall

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened() -> AsyncIterator[Shown]:
    """A finished run."""
    async with showing(RESMOKE) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def shown(opened: Shown) -> Shown:
    """It, the whole of it in sight."""
    return await opened.anew("waterfall")


async def test_whole(shown: Shown) -> None:
    """At first the whole run is shown, from its start to its end."""
    assert shown.app.reading
    summary = shown.app.reading.findings.summary
    assert window(shown) == Window(summary.start_ns, summary.end_ns)


async def test_in(shown: Shown) -> None:
    """+ shows half as much time, and the start of the span under the cursor stays in its cell."""
    await shown.press("right_square_bracket")
    before, start = window(shown), start_of(shown)
    await shown.press("plus")
    after = window(shown)
    assert after.length == before.length // 2
    assert (start - after.start_ns) / after.length == pytest.approx((start - before.start_ns) / before.length)


async def test_out(shown: Shown) -> None:
    """- shows twice as much, and no more than the whole."""
    whole = window(shown)
    await shown.press("plus", "plus", "minus")
    assert window(shown).length == pytest.approx(whole.length / 2)
    await shown.press("minus", "minus", "minus")
    assert window(shown) == whole


async def test_deepest(shown: Shown) -> None:
    """+ stops at a hundred nanoseconds."""
    await shown.press(*["plus"] * 40)
    assert window(shown).length == 100


async def test_pan(shown: Shown) -> None:
    """> and < show a later and an earlier stretch of the same length."""
    await shown.press("plus", "plus")
    before = window(shown)
    await shown.press("greater_than_sign")
    assert window(shown) == before.moved(0.25)
    await shown.press("less_than_sign")
    assert window(shown) == before


async def test_pan_the_whole(shown: Shown) -> None:
    """There is nothing earlier or later than the whole."""
    whole = window(shown)
    await shown.press("greater_than_sign", "less_than_sign", "less_than_sign")
    assert window(shown) == whole


async def test_to_span(shown: Shown) -> None:
    """z shows just the span under the cursor, with air on both sides."""
    await shown.press("right_square_bracket", "z")
    now, start = window(shown), start_of(shown)
    assert shown.app.reading
    assert shown.waterfall.row is not None
    total = int(shown.app.reading.findings.times.total[shown.waterfall.row])
    assert now.start_ns < start
    assert now.end_ns > start + total
    assert now.length <= 1.2 * total


async def test_home(shown: Shown) -> None:
    """0 shows the whole again."""
    whole = window(shown)
    await shown.press("right_square_bracket", "z", "0")
    assert window(shown) == whole


async def test_zoom_moves_no_row(shown: Shown) -> None:
    """Zooming moves neither cursor nor scroll nor folds."""
    await shown.press("right_square_bracket")
    before = place(shown)
    await shown.press("z", "plus", "minus", "greater_than_sign", "0")
    assert place(shown) == before


async def test_ctrl_wheel(shown: Shown) -> None:
    """ctrl and the wheel zoom around the pointer, and scroll nothing."""
    frame = shown.waterfall._frame
    assert frame
    before, middle = window(shown), frame.bar_width // 2
    at = before.start_ns + before.length * middle // frame.bar_width
    await shown.wheel(shown.waterfall, frame.bar_left + middle, 3, down=False, control=True)
    after = window(shown)
    assert after.length == pytest.approx(before.length / 1.25)
    assert after.start_ns + after.length * middle // frame.bar_width == pytest.approx(at, abs=2)
    assert shown.waterfall.top == 0


async def test_shift_wheel(shown: Shown) -> None:
    """shift and the wheel pan."""
    await shown.press("plus")
    before = window(shown)
    await shown.wheel(shown.waterfall, 60, 3, down=True, shift=True)
    assert window(shown) == before.moved(0.1)


async def test_drag(shown: Shown) -> None:
    """A drag on the axis, in either direction, shows the stretch that was marked."""
    frame = shown.waterfall._frame
    assert frame
    whole = window(shown)
    cell = whole.length / frame.bar_width
    for first, last in ((10, 19), (19, 10)):
        await drag(shown, frame.bar_left + first, frame.bar_left + last)
        now = window(shown)
        assert now.start_ns - whole.start_ns == pytest.approx(10 * cell, abs=2)
        assert now.end_ns - whole.start_ns == pytest.approx(20 * cell, abs=2)
        await shown.press("0")


async def test_click_on_the_axis(shown: Shown) -> None:
    """A click on the axis, without a drag, changes nothing; nor does a drag that starts beside it."""
    whole = window(shown)
    await drag(shown, 80, 80)
    await drag(shown, 5, 80)
    assert window(shown) == whole


async def test_axis_follows(shown: Shown) -> None:
    """The axis has the ticks of the window that is shown."""
    axis = shown.app.screen.query_one(Axis)
    assert "╵0s" in shown.rows(axis)[0]
    await shown.press("right_square_bracket", "z")
    assert "╵0s" not in shown.rows(axis)[0]
    assert "╵" in shown.rows(axis)[0]


async def drag(shown: Shown, first: int, last: int) -> None:
    """Presses at a cell of the axis, lets go at another."""
    await shown.pilot.mouse_down(Axis, offset=(first, 0))
    await shown.pilot.hover(Axis, offset=(last, 0))
    await shown.pilot.mouse_up(Axis, offset=(last, 0))
    await shown.settle()


def window(shown: Shown) -> Window:
    """What the waterfall shows."""
    frame = shown.waterfall._frame
    assert frame
    return frame.window


def start_of(shown: Shown) -> int:
    """When the span under the cursor started."""
    assert shown.app.reading
    assert shown.waterfall.row is not None
    return int(shown.app.reading.findings.snapshot.start_ns[shown.waterfall.row])


def place(shown: Shown) -> tuple[int, int, int]:
    """Cursor, scroll and rows."""
    return shown.waterfall.cursor, shown.waterfall.top, shown.waterfall.count


async def test_drag_over_bars(shown: Shown) -> None:
    """A drag over the bars zooms as one on the axis does, which shows what is marked; the cursor stays."""
    frame, rows = shown.waterfall._frame, shown.waterfall
    assert frame
    axis = shown.app.screen.query_one(Axis)
    before, cursor = window(shown), rows.cursor
    cell = before.length / frame.bar_width
    for first, last in ((10, 19), (19, 10)):
        await shown.pilot.mouse_down(Waterfall, offset=(frame.bar_left + first, 4))
        await shown.pilot.hover(Waterfall, offset=(frame.bar_left + last, 6))
        await shown.settle()
        assert axis.marked == (10, 19)
        await shown.pilot.mouse_up(Waterfall, offset=(frame.bar_left + last, 6))
        await shown.settle()
        now = window(shown)
        assert now.start_ns - before.start_ns == pytest.approx(10 * cell, abs=2)
        assert now.end_ns - before.start_ns == pytest.approx(20 * cell, abs=2)
        assert axis.marked is None
        assert rows.cursor == cursor
        await shown.press("backspace")
        assert window(shown) == before


async def test_a_click_on_a_bar(shown: Shown) -> None:
    """It selects its row and zooms nothing, also right after a drag; a hand may shake by a cell."""
    frame, whole = shown.waterfall._frame, window(shown)
    assert frame
    await shown.pilot.mouse_down(Waterfall, offset=(frame.bar_left + 5, 1))
    await shown.pilot.hover(Waterfall, offset=(frame.bar_left + 6, 3))
    await shown.pilot.mouse_up(Waterfall, offset=(frame.bar_left + 6, 3))
    await shown.settle()
    assert window(shown) == whole
    await shown.pilot.mouse_down(Waterfall, offset=(frame.bar_left + 5, 1))
    await shown.pilot.hover(Waterfall, offset=(frame.bar_left + 9, 3))
    await shown.pilot.mouse_up(Waterfall, offset=(frame.bar_left + 9, 3))
    await shown.press("0")
    await shown.click(shown.waterfall, frame.bar_left + 5, 2)
    assert (shown.waterfall.cursor, window(shown)) == (2, whole)


async def test_drag_over_lanes(shown: Shown) -> None:
    """Lanes are zoomed by a drag as well."""
    await shown.press("3")
    left, cells = shown.lanes.axis
    whole = shown.lanes.shown()
    await shown.pilot.mouse_down(LaneRows, offset=(left, 1))
    await shown.pilot.hover(LaneRows, offset=(left + cells // 2, 1))
    await shown.pilot.mouse_up(LaneRows, offset=(left + cells // 2, 1))
    await shown.settle()
    assert shown.lanes.shown().length == pytest.approx(whole.length / 2, rel=0.1)
    assert shown.lanes.cursor == 0


async def test_nothing_to_follow(tmp_path: Path) -> None:
    """While there is nothing yet, no window is chosen that what comes would have to fit in."""
    async with showing(tmp_path, follow=True) as empty:
        await empty.press("full_stop")
        assert (empty.waterfall.window, empty.waterfall.is_following) == (None, False)


async def test_centre(shown: Shown) -> None:
    """F puts the span into the middle, as much time as before around it; again, F shows just the span."""
    await shown.press("right_square_bracket", "z", "minus", "minus", "greater_than_sign")
    before, span = window(shown), shown.waterfall.under_cursor
    assert span
    await shown.press("F")
    assert window(shown).length == before.length
    assert window(shown).middle_ns == pytest.approx(span.middle_ns, abs=2)
    await shown.press("F")
    assert window(shown) == span.padded(100)
    await shown.press("0", "F")
    assert window(shown) == span.padded(100)


async def test_a_failed_test_outside_the_zoom(shown: Shown) -> None:
    """] and } bring what they go to into the window."""
    for key in ("right_square_bracket", "right_curly_bracket"):
        await shown.press("home", "0", *["plus"] * 6, key)
        here, now = shown.waterfall.under_cursor, window(shown)
        assert here
        assert here.end_ns >= now.start_ns
        assert here.start_ns <= now.end_ns


async def test_sum_of_an_area(shown: Shown) -> None:
    """After a drag the line above says what was marked: how many tests, and their time; no longer than so."""
    frame = shown.waterfall._frame
    assert frame
    await drag(shown, frame.bar_left + 10, frame.bar_left + 19)
    caption = shown.rows(shown.app.screen.query_one(Minimap))[0]
    assert re.search(r"\d+ tests, \d", caption)
    await shown.press("plus")
    assert " tests, " not in shown.rows(shown.app.screen.query_one(Minimap))[0]


async def test_bars_outside(shown: Shown) -> None:
    """A bar that is not in the window leaves a mark at the edge on its side."""
    await shown.press("right_square_bracket", "right_square_bracket", "z")
    rows = [row.rstrip(" │┃") for row in shown.rows(shown.waterfall)]
    assert any(row.endswith("◀") for row in rows)
    await shown.press("home", "down", "down", "z")
    left = shown.waterfall.axis[0]
    assert any(row[left:].strip(" │┃") == "▶" for row in shown.rows(shown.waterfall))
