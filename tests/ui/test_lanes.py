"""The lanes under keys and mouse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests import jscore
from tests.analysis.skewed import recording
from tests.builders import MS, T0, S, case, line, span
from tests.recordings import RUNS
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui import units
from tracetui.analysis.lanes.blocks import Stop
from tracetui.analysis.timeline.window import Window
from tracetui.ui.lanes.draw_lane_longest import longest
from tracetui.ui.lanes.screen import LongestLines, StillLines
from tracetui.ui.lanes.standing import Standing
from tracetui.ui.timeline.axis import Axis


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
    assert "inferred from timing" in shown.text


async def test_sums_have_room() -> None:
    """On a small terminal too the sums are on one line, and what the colours mean is below."""
    async with showing(RESMOKE, size=(80, 24), mode="lanes") as shown:
        sums, legend = shown.lines[-3:-1]
        assert all(word in sums for word in ("work", "best case", "idle", "last to finish"))
        assert "█ test" in legend
        assert "inferred from timing" in legend


async def test_a_lane_that_is_shifted_is_explained(tmp_path: Path) -> None:
    """What `~` behind a lane's name means stands in the legend, also on a small terminal."""
    for number, part in enumerate(recording(900 * S)):
        (tmp_path / f"{number}.jsonl").write_bytes(part)
    async with showing(tmp_path, size=(80, 24), mode="lanes") as shown:
        assert "~ clock off: shifted" in shown.lines[-2]


async def test_sums(shown: Shown) -> None:
    """Below the lanes stands what they add up to."""
    assert all(
        word in shown.text for word in ("wall", "work", "best case", "idle", "imbalance", "last to finish")
    )


async def test_enter_shows_the_block(shown: Shown) -> None:
    """The cursor starts on the longest block, of which more is told; enter leads to it in the waterfall."""
    row = shown.lanes.row
    assert shown.title_of(row).rpartition("/")[2] in shown.text
    assert shown.app.screen.query_one(Axis)._ruler is not None
    assert "▼" in shown.rows(shown.app.screen.query_one(Axis))[0]
    await shown.press("enter")
    assert shown.app.current_mode == "waterfall"
    assert shown.waterfall.row == row


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Shown]:
    """Two lanes: one with a long gap and a failure after it, one that worked all the time and archived."""
    archiver = {"tracetui.span.role": "archiver"}
    busy = case("t::busy", worker="gw1", start=T0, end=T0 + 95 * MS)
    spans = [
        case("t::first", worker="gw0", start=T0, end=T0 + 10 * MS),
        case("t::second", worker="gw0", start=T0 + 10 * MS, end=T0 + 20 * MS),
        case("t::last", "failed", worker="gw0", start=T0 + 90 * MS, end=T0 + 100 * MS),
        span("archive data.tgz", archiver, start=T0 + 40 * MS, end=T0 + 80 * MS, parent=busy),
        busy,
    ]
    (tmp_path / "a.jsonl").write_bytes(line(*spans))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await shown.press("3")
        yield shown


async def test_block_by_block(two: Shown) -> None:
    """Right and left go from block to block, with a stop in the gap, of which is told what others did."""
    await two.press("left", "left", "left", "left")
    assert "test t::first  ✓ passed" in two.text
    await two.press("right")
    assert "t::second" in two.text
    await two.press("right")
    assert "gw0 was idle for 70.0ms   70.0% of the run   20.0ms .. 90.0ms" in two.text
    assert "gw1          100.0% busy   test t::busy  70.0ms" in two.text
    await two.press("l")
    assert "test t::last  ✗ failed" in two.text
    await two.press("right", "h")
    assert "was idle" in two.text


async def test_another_lane(two: Shown) -> None:
    """Down and up stay at the moment; what was archived inside a block is told."""
    await two.press("down")
    assert "test t::busy" in two.text
    assert "▓ archiver archive data.tgz  40.0ms" in two.text
    await two.press("up")
    assert "was idle" in two.text


async def test_gaps(two: Shown) -> None:
    """A long gap says how long it was; } and { go there, enter shows its time."""
    assert " 70.0ms " in two.rows(two.lanes)[0]
    await two.press("left", "left", "left", "right_curly_bracket")
    assert "was idle for 70.0ms" in two.text
    await two.press("enter")
    assert two.lanes.window == Window(T0 + 20 * MS, T0 + 90 * MS).padded(1)
    await two.press("backspace", "right", "left_curly_bracket")
    assert two.lanes.window is None
    assert "was idle for 70.0ms" in two.text


async def test_failures(two: Shown) -> None:
    """] goes to the failed test, on whatever lane it ran."""
    await two.press("left", "left", "left", "down", "right_square_bracket")
    assert two.title_of(two.lanes.row) == "t::last"
    assert two.lanes.cursor == 0


async def test_clicks(two: Shown) -> None:
    """A click goes to a block or a gap; another one on the block shows it in the waterfall."""
    left, cells = two.lanes.axis
    await two.click(two.lanes, left + cells // 2, 0)
    assert "was idle" in two.text
    assert two.app.current_mode == "lanes"
    await two.click(two.lanes, left + cells - 2, 0)
    assert "t::last" in two.text
    await two.click(two.lanes, left + cells - 2, 0)
    assert two.app.current_mode == "waterfall"
    assert two.under_cursor == "t::last"


async def test_shards_far_apart() -> None:
    """Each lane is drawn from the start of its own shard, on screen as on the page; keys and clicks agree."""
    async with showing(RUNS / "shards_late", size=(140, 40), mode="run") as shown:
        strips = [line for line in shown.lines if "runner-" in line and "%" in line]
        assert all(line.count("█") > 5 for line in strips[:3])
        await shown.press("3")
        rows = shown.rows(shown.lanes)[:3]
        assert "runner-1:job0 *" in rows[0]
        assert [row.split("*")[1].split()[0] for row in rows] == ["+0", "+39.3s", "+1m35s"]
        assert all(row.count("█") > 9 for row in rows)
        axis = shown.app.screen.query_one(Axis)
        assert "╵1s" in "".join(shown.rows(axis))
        left, cells = shown.lanes.axis
        for index in (2, 1, 0):
            await shown.click(shown.lanes, left + cells // 2, index)
            lane = shown.lanes.lane
            assert lane is not None
            assert lane.name == f"runner-{index + 1}:job0"
            assert shown.lanes.row in lane.rows
            window = shown.lanes.under_cursor
            assert window is not None
            assert shown.lanes.home.start_ns <= window.start_ns <= shown.lanes.home.end_ns
        await shown.press("down", "z")
        assert shown.lanes.lane is not None
        assert shown.lanes.lane.name == "runner-2:job0"
        assert shown.lanes.window is not None
        assert shown.lanes.window.length < 2 * S
        assert "█" in shown.rows(shown.lanes)[1]


async def test_names_in_blocks(two: Shown) -> None:
    """A block that is wide enough has its test's name on it."""
    assert "t::busy" in two.rows(two.lanes)[1]


async def test_the_window_comes_along(two: Shown) -> None:
    """A block out of sight is brought in sight when the cursor goes there."""
    await two.press("left", "left", "left", "z", "right", "right", "right")
    assert two.lanes.window
    assert two.lanes.window.start_ns <= T0 + 95 * MS <= two.lanes.window.end_ns


async def test_where_the_run_stood_still(tmp_path: Path) -> None:
    """It is told below the lanes when all stood still and why; i, or a click there, shows it."""
    async with showing(jscore.write(tmp_path / "jscore"), mode="lanes", size=(160, 40)) as shown:
        told = "all 4 lanes were stalled for 4m01s  2m29s .. 6m30s, while job"
        await shown.until(lambda: told in shown.text)
        assert shown.lanes.window is None
        await shown.press("i")
        assert shown.lanes.window
        assert "archiver" in shown.text
        assert "▓" not in shown.rows(shown.lanes)[shown.lanes.cursor], "what is chosen is one solid bar"
        assert shown.lanes.lane
        assert f"while {shown.lanes.lane.name} archived" in shown.text
        assert "┄" in shown.rows(shown.lanes)[(shown.lanes.cursor + 1) % 4]
        before = shown.lanes.window
        await shown.press("0")
        await shown.click(shown.app.screen.query_one(StillLines), 5, 0)
        assert shown.lanes.window == before


async def test_zoom(shown: Shown) -> None:
    """The lanes zoom and pan as the waterfall does."""
    await shown.press("plus", ">")
    assert shown.lanes.window is not None
    await shown.press("0")
    assert shown.lanes.window is None


async def test_the_longest(shown: Shown) -> None:
    """What took longest on the lane, blocks and gaps alike, as far as there is room; a click goes there."""
    reading, lane = shown.app.reading, shown.lanes.lane
    assert reading
    assert lane
    lines = shown.app.screen.query_one(LongestLines)
    rows = [row for row in shown.rows(lines)[1:] if row.strip()]
    assert shown.rows(lines)[0].split() == ["LONGEST", "ON", lane.name]
    lengths = [lane.blocks.interval(stop).length for stop in longest(lane.blocks, 10**6)]
    stops = [Stop(place) for place in range(len(lane.rows))]
    gaps = [Stop(place, is_gap=True) for place in range(-1, len(lane.rows))]
    least = lane.blocks.wall.length // 1000
    stops += [gap for gap in gaps if lane.blocks.interval(gap).length > least]
    assert lengths == sorted((lane.blocks.interval(stop).length for stop in stops), reverse=True)
    assert all(units.duration(length) in row for length, row in zip(lengths, rows, strict=False))
    assert len(rows) > 3
    await shown.click(lines, 10, 3)
    under = shown.lanes.under_cursor
    assert under
    assert under.length == lengths[2]


async def test_no_room_for_the_longest(shown: Shown) -> None:
    """On a low screen there are fewer of them, and on a very low one none."""
    lines, before = shown.app.screen.query_one(LongestLines), 0
    for height in (16, 40):
        await shown.pilot.resize_terminal(120, height)
        await shown.settle()
        assert lines.size.height >= before
        before = lines.size.height
        assert lines.region.bottom < height - 3 or not lines.render().plain
    assert before > 5


async def test_why_it_stood_still_fits(tmp_path: Path) -> None:
    """When the run stood still takes a line for each stretch, also when the screen has become narrower."""
    async with showing(jscore.write(tmp_path / "spans"), mode="lanes", size=(120, 24)) as shown:
        await shown.pilot.resize_terminal(64, 24)
        await shown.settle()
        assert shown.app.reading
        still = shown.app.reading.findings.overview.still
        assert shown.app.screen.query_one(StillLines).size.height == len(still) == 1


async def test_fewer_blocks(shown: Shown) -> None:
    """On the last block of a lane, with a filter that leaves fewer: the cursor stands on one that is left."""
    lanes = shown.lanes
    assert lanes.lane
    before = len(lanes.lane.blocks)
    lanes.go_to_stop(Standing(lanes.lane, Stop(before - 1)))
    for text in ("outcome:failed", "name:nowhere", ""):
        shown.app.search.filter.set(text)
        await shown.until(lambda text=text: filter_of(shown) == text)  # type: ignore[misc]
        await shown.settle()
        assert (lanes.standing is None) == (text == "name:nowhere")
    assert lanes.lane
    assert len(lanes.lane.blocks) == before


def filter_of(shown: Shown) -> str:
    """The filter through which the reading is seen that is shown."""
    reading = shown.app.search.shown
    return reading.lens.text if reading and reading.lens else ""


async def test_a_stop_of_another_lane_is_none(shown: Shown) -> None:
    """A block of a lane that is not under the cursor any more leads nowhere."""
    first = shown.lanes.standing
    assert first
    await shown.press("down")
    second = shown.lanes.standing
    shown.lanes.go_to_stop(first)
    assert shown.lanes.standing == second
