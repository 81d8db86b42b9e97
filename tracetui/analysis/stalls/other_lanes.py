"""What the other lanes did while one was stalled."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.timeline.window import Window


class OtherLanes(NamedTuple):
    """A lane (foreign text), the share (0 to 1) of the time it was busy, and the block that took most of it.

    `row` is -1 without one.
    """

    lane: str
    busy: float
    row: int
    took_ns: int


def meanwhile(lanes: Lanes, still: Lane, gap: Window) -> Iterator[OtherLanes]:
    """What each lane except `still` did in `gap`, the busiest first."""
    edges = np.array([gap.start_ns, gap.end_ns], np.int64)
    others = []
    for lane in lanes.lanes:
        if lane is not still:
            place = lane.blocks.longest_at(gap)
            took, row = 0, -1
            if place is not None:
                start, end = int(lane.blocks.start[place]), int(lane.blocks.end[place])
                took, row = min(end, gap.end_ns) - max(start, gap.start_ns), int(lane.rows[place])
            others.append(OtherLanes(lane.name, float(lane.work.all.shares(edges)[0]), row, took))
    yield from sorted(others, key=lambda other: -other.busy)
