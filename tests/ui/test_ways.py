"""Ways through the waterfall: parents, slow tests, groups, depth, back and forth, the clock, minimap."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.builders import MS, T0, S, case, exception, line, span, write_small_run
from tests.ui.conftest import Clock
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.analysis.timeline.window import Window
from tracetui.ui.timeline.axis import Axis
from tracetui.ui.timeline.minimap import Minimap
from tracetui.ui.waterfall.pinned import Pinned


@pytest_asyncio.fixture
async def small(tmp_path: Path, clock: Clock) -> AsyncIterator[Shown]:
    """The small run, under way."""
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        yield shown


@pytest_asyncio.fixture
async def many(tmp_path: Path) -> AsyncIterator[Shown]:
    """A suite of sixty tests in one folder, one of them failed, one slow, and another folder with two."""
    suite = span("nightly", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 99 * S)
    tests = [
        case(
            f"core/{number}.js",
            "failed" if number == 7 else "passed",
            start=T0 + number * S,
            end=T0 + number * S + (30 * S if number == 9 else S),
            parent=suite,
        )
        for number in range(60)
    ]
    tests += [
        case(f"txns/{number}.js", start=T0 + 70 * S, end=T0 + 71 * S, parent=suite) for number in (1, 2)
    ]
    (tmp_path / "run.jsonl").write_bytes(line(suite, *tests))
    async with showing(tmp_path / "run.jsonl") as shown:
        yield shown


async def test_parent(small: Shown) -> None:
    """P goes to the parent, and bksp back."""
    await small.press("end", "P")
    assert small.under_cursor == "worker gw1"
    await small.press("backspace")
    assert small.waterfall.cursor == small.waterfall.count - 1


async def test_many_siblings_are_one_row(many: Shown) -> None:
    """Those that need no look are one row, which says how many there are and what they took."""
    assert many.waterfall.count == 6
    row = next(row for row in many.rows(many.waterfall) if "×" in row)
    assert "▸ 58 × core/*.js" in row
    assert "p95 1.00s" in row
    assert [title in many.text for title in ("core/7.js", "core/9.js", "core/8.js")] == [True, True, False]


async def test_a_group_opens(many: Shown) -> None:
    """Right opens it, left closes it; z shows its time, detail its costliest member."""
    await many.press("down", "right")
    assert many.waterfall.count == 6 + 58
    await many.press("left", "z")
    assert many.waterfall.count == 6
    assert many.waterfall.window == Window(T0, T0 + 60 * S).padded(1)
    assert many.under_cursor == "core/0.js"


async def test_groups_on_and_off(many: Shown) -> None:
    """u groups few siblings too, then none, then many again; failed tests are found inside or out."""
    await many.press("u")
    await many.until(lambda: many.waterfall.count == 6)
    await many.press("u")
    await many.until(lambda: many.waterfall.count == 63)
    await many.press("u")
    await many.until(lambda: many.waterfall.count == 6)
    await many.press("right_square_bracket")
    assert many.under_cursor == "core/7.js"


async def test_slow(many: Shown) -> None:
    """} goes to the slow test, { back before it finds none."""
    await many.press("right_curly_bracket")
    assert many.under_cursor == "core/9.js"
    await many.press("right_curly_bracket", "left_curly_bracket")
    assert many.under_cursor == "core/9.js"


async def test_siblings(small: Shown) -> None:
    """O folds all siblings alike, and unfolds them."""
    await small.press("down", "O")
    await small.until(lambda: small.waterfall.count == 3)
    await small.press("O")
    await small.until(lambda: small.waterfall.count == 14)


async def test_depth(small: Shown) -> None:
    """D folds what is deeper than the row under the cursor; again, all is as at first."""
    await small.press("down", "D")
    await small.until(lambda: small.waterfall.count == 3)
    await small.press("D")
    await small.until(lambda: small.waterfall.count == 14)


async def test_zoom_to_failures(many: Shown) -> None:
    """Z shows the time of the failed tests; where there is none it says so."""
    await many.press("Z")
    assert many.waterfall.window == Window(T0 + 7 * S, T0 + 8 * S).padded(1)


async def test_back_and_forth(many: Shown) -> None:
    """bksp goes back through what was seen, \\ forth; steps of one zoom are one."""
    await many.press("right_square_bracket", "z", "plus", "plus")
    deep = many.waterfall.window
    await many.press("backspace")
    assert many.waterfall.window == Window(T0 + 7 * S, T0 + 8 * S).padded(1)
    await many.press("backspace")
    assert many.waterfall.window is None
    await many.press("backspace")
    assert many.waterfall.cursor == 0
    await many.press("backspace", "backslash", "backslash", "backslash", "backslash")
    assert many.waterfall.window == deep
    assert many.under_cursor == "core/7.js"


async def test_follow(small: Shown, clock: Clock) -> None:
    """. keeps now at the end of the axis; the cursor stays, and a pan ends it."""
    await small.press("down", "full_stop")
    first = small.waterfall.window
    assert first
    assert first.end_ns == clock.now_ns
    clock.now_ns += S
    await small.until(lambda: small.waterfall.window != first)
    assert small.waterfall.window == Window(first.start_ns + S, first.end_ns + S)
    assert small.waterfall.cursor == 1
    await small.press("less_than_sign")
    still = small.waterfall.window
    clock.now_ns += S
    await small.pilot.pause(0.3)
    assert small.waterfall.window == still


async def test_time_of_day(many: Shown) -> None:
    """w tells the time of day on the axis, and the time since the start again."""
    axis = many.app.screen.query_one(Axis)
    await many.press("w")
    assert ":" in many.rows(axis)[0]
    await many.press("w")
    assert ":" not in many.rows(axis)[0]
    assert "╵0s" in many.rows(axis)[0]


async def test_minimap(many: Shown) -> None:
    """A drag marks a stretch of the whole run; then a click brings it elsewhere, a drag along."""
    minimap, frame = many.app.screen.query_one(Minimap), many.waterfall._frame
    assert frame
    assert "✗" in many.rows(minimap)[0]
    left, cells = frame.bar_left, frame.bar_width
    await drag(many, minimap, left, left + cells // 4)
    window = many.waterfall.window
    assert window
    assert window.start_ns == T0
    await many.click(minimap, left + cells // 2, 0)
    moved = many.waterfall.window
    assert moved
    assert moved.length == window.length
    assert abs(moved.middle_ns - (T0 + 99 * S // 2)) < 2 * S
    await drag(many, minimap, left + cells // 2, left + cells - 1)
    assert many.waterfall.window
    assert many.waterfall.window.end_ns == T0 + 99 * S
    await many.press("backspace")
    assert many.waterfall.window == window


async def test_pinned(small: Shown) -> None:
    """m hides what runs now from above the rows, and shows it again."""
    pinned = small.app.screen.query_one(Pinned)
    assert "test_long[a-b]" in small.rows(pinned)[0]
    await small.press("m")
    assert not pinned.display
    await small.press("m")
    assert pinned.display


async def test_a_pinned_line_leads_to_its_span(small: Shown) -> None:
    """A click on it shows the span in the rows."""
    await small.click(small.app.screen.query_one(Pinned), 20, 0)
    assert small.under_cursor == "tests/test_route.py::test_long[a-b]"


async def test_columns(many: Shown) -> None:
    """c lets the reader choose the columns."""
    axis = many.app.screen.query_one(Axis)
    assert many.rows(axis)[0].split()[:3] == ["span", "own", "total"]
    await many.press("c", "down", "space", "down", "down", "space", "down", "space", "escape")
    assert many.rows(axis)[0].split()[:6] == ["span", "own", "self", "total", "%", "start"]
    assert many.waterfall.columns == ("own", "self", "total", "share", "start")


async def test_what_is_on_has_a_cross(many: Shown) -> None:
    """The columns that are on are told by more than a colour."""
    await many.press("c")
    crossed = [line_.split("X")[1].split()[1] for line_ in many.lines if "X" in line_ and " time" in line_]
    assert crossed == ["own", "total"]


async def test_columns_are_kept(tmp_path: Path) -> None:
    """They are those chosen last when the app is opened again."""
    (tmp_path / "run.jsonl").write_bytes(line(case("t::a", end=T0 + S)))
    async with showing(tmp_path / "run.jsonl") as shown:
        await shown.press("c", "space", "escape")
    async with showing(tmp_path / "run.jsonl") as shown:
        axis = shown.app.screen.query_one(Axis)
        assert shown.rows(axis)[0].split()[:2] == ["span", "total"]


async def test_events_are_marks_on_the_bar(tmp_path: Path) -> None:
    """An event stands on its span's bar where it happened."""
    made = case("t::a", start=T0, end=T0 + S) | {"events": [exception(at=T0 + S // 2)]}
    (tmp_path / "run.jsonl").write_bytes(line(made))
    async with showing(tmp_path / "run.jsonl") as shown:
        frame = shown.waterfall._frame
        assert frame
        await shown.until(lambda: "◆" in shown.rows(shown.waterfall)[0])
        at = shown.rows(shown.waterfall)[0].index("◆") - frame.bar_left
        assert at == frame.bar_width // 2


async def test_a_scroll_mark_can_be_dragged(tmp_path: Path) -> None:
    """The last cell of the rows shows what part is in sight, and scrolls when it is dragged."""
    async with showing(RESMOKE, size=(100, 24)) as shown:
        waterfall = shown.waterfall
        assert shown.rows(waterfall)[0].endswith("┃")
        await shown.click(waterfall, 99, waterfall.size.height - 1)
        assert waterfall.top == waterfall.count - waterfall.size.height
        assert shown.rows(waterfall)[-1].endswith("┃")
        assert waterfall.cursor == 0


async def test_children_outside_their_parent_are_thin(tmp_path: Path) -> None:
    """What lies outside the parent's time is a line."""
    top = span("top", start=T0, end=T0 + 50 * MS)
    late = span("late", start=T0 + 25 * MS, end=T0 + 100 * MS, parent=top)
    (tmp_path / "run.jsonl").write_bytes(line(top, late))
    async with showing(tmp_path / "run.jsonl") as shown:
        row = shown.rows(shown.waterfall)[1].rstrip()
        assert row.endswith("─" * 10)
        assert "█" in row


async def drag(shown: Shown, minimap: Minimap, first: int, last: int) -> None:
    """Presses at a cell of the minimap, lets go at another."""
    await shown.pilot.mouse_down(minimap, offset=(first, 0))
    await shown.pilot.hover(minimap, offset=(last, 0))
    await shown.pilot.mouse_up(minimap, offset=(last, 0))
    await shown.settle()
