"""Blocks and gaps of a lane, and what the other lanes did meanwhile."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MS, T0, Json, case, line, snapshot
from tracetui.analysis.lanes.blocks import MOST_LOOKED_AT, Blocks, Stop, blocks
from tracetui.analysis.lanes.lanes import Lanes, lanes
from tracetui.analysis.stalls.other_lanes import meanwhile
from tracetui.analysis.study.findings import study
from tracetui.analysis.timeline.window import Window

WALL = Window(0, 100)


def some(*intervals: tuple[int, int], wall: Window = WALL) -> Blocks:
    """Blocks from and to."""
    start, end = np.array(intervals, np.int64).reshape(-1, 2).T
    return blocks(np.arange(len(start), dtype=np.int32), start, end, wall)


def walked(lane: Blocks, least: int) -> list[Stop]:
    """All stops from the first to the last."""
    stops = [Stop(-1, is_gap=True)]
    while (ahead := lane.step(stops[-1], 1, least)) != stops[-1]:
        stops.append(ahead)
    return stops


def test_step_by_step() -> None:
    """From block to block, with a stop in each gap that is long enough, there and back."""
    lane = some((10, 20), (22, 30), (60, 70))
    there = walked(lane, 5)
    assert there[1:] == [Stop(0), Stop(1), Stop(1, is_gap=True), Stop(2), Stop(2, is_gap=True)]
    assert [tuple(lane.interval(stop)) for stop in there] == [
        (0, 10),
        (10, 20),
        (22, 30),
        (30, 60),
        (60, 70),
        (70, 100),
    ]
    back = [there[-1]]
    while (behind := lane.step(back[-1], -1, 5)) != back[-1]:
        back.append(behind)
    assert back[::-1] == there


intervals = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)), min_size=1, max_size=12).map(
    lambda pairs: sorted((start, start + length) for start, length in pairs)
)


@given(intervals, st.integers(0, 99))
def test_every_moment_has_its_stop(pairs: list[tuple[int, int]], moment: int) -> None:
    """A moment is in a gap exactly if no block covers it, and the stop there covers it."""
    lane = some(*pairs)
    stop = lane.at(moment)
    covered = any(start <= moment < end for start, end in pairs)
    assert stop.is_gap != covered
    if stop.is_gap:
        window = lane.interval(stop)
        assert window.start_ns <= moment < window.end_ns


@given(intervals, st.integers(0, 30))
def test_gaps_and_blocks_in_sight(pairs: list[tuple[int, int]], least: int) -> None:
    """Of the whole run all gaps and blocks that are long enough; together gaps and work fill the wall."""
    lane = some(*pairs)
    assert lane.long_ones(WALL, least) == [
        place for place, (start, end) in enumerate(pairs) if end - start >= least
    ]
    idle = {moment for gap in lane.gaps(WALL, 1) for moment in range(gap.start_ns, gap.end_ns)}
    busy = {moment for start, end in pairs for moment in range(start, end)}
    assert idle == set(range(100)) - busy


def test_of_very_many_blocks_the_longest_are_looked_at() -> None:
    """Among thousands the one long block and the one long gap are found."""
    many = 3 * MOST_LOOKED_AT
    pairs = [(3 * number, 3 * number + 1) for number in range(many)]
    pairs[77] = (231, 233)
    pairs[5000:] = [(start + 500, end + 500) for start, end in pairs[5000:]]
    lane = some(*pairs, wall=Window(0, 3 * many + 500))
    assert lane.long_ones(lane.wall, 2) == [77]
    assert [tuple(gap) for gap in lane.gaps(lane.wall, 100)] == [(14998, 15500)]
    assert lane.longest_at(lane.wall) == 77


def ran(lane: str, name: str, start: int, end: int) -> Json:
    """A test of a lane."""
    return case(name, worker=lane, start=T0 + start * MS, end=T0 + end * MS)


def of(*spans: Json) -> Lanes:
    """The lanes of some spans."""
    found = study(snapshot(line(*spans)), T0)
    return lanes(found.snapshot, found.tree, found.times)


def test_meanwhile() -> None:
    """For a gap of one lane, what the others did: how busy they were, and with what most."""
    found = of(
        ran("gw0", "t::a", 0, 10),
        ran("gw0", "t::b", 90, 100),
        ran("gw1", "t::c", 0, 20),
        ran("gw1", "t::d", 30, 80),
        ran("gw2", "t::e", 0, 10),
    )
    still = found.lanes[0]
    told = list(meanwhile(found, still, Window(T0 + 10 * MS, T0 + 90 * MS)))
    assert [(each.lane, each.busy, each.row, each.took_ns) for each in told] == [
        ("gw1", 0.75, 3, 50 * MS),
        ("gw2", 0.0, -1, 0),
    ]
