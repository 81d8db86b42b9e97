"""The cursor's place among the lanes: an index means nothing without the lane whose blocks it counts."""

from typing import NamedTuple

from tracetui.analysis.lanes.blocks import Blocks, Stop
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.timeline.window import Window

LONG_GAP = 100
"""A gap that is at least this part of the run is one to jump to."""


class Standing(NamedTuple):
    """A block of a lane, or a gap between two."""

    lane: Lane
    stop: Stop

    @property
    def row(self) -> int | None:
        """The span of the block; None for a gap."""
        return None if self.stop.is_gap else int(self.lane.rows[self.stop.place])

    @property
    def window(self) -> Window:
        """Its start and end."""
        return self.lane.blocks.interval(self.stop)


class Place(NamedTuple):
    """Where the cursor was: the name (foreign) of a lane, and on it a row and its time, or that of a gap."""

    lane: str
    row: int | None
    window: Window | None

    def again(self, lane: Lane, *, touched: bool) -> Stop:
        """The same place on a newer lane; the longest block until the user has `touched` it."""
        if self.window is None or not touched:
            return Stop(lane.blocks.longest_at(lane.blocks.wall) or 0)
        again = lane.blocks.of(self.row, self.window.start_ns) if self.row is not None else None
        return again or lane.blocks.at(self.window.start_ns)


def next_gap(blocks: Blocks, here: Window, direction: int) -> Stop | None:
    """The next long gap of a lane, or None."""
    gaps = sorted(blocks.gaps(blocks.wall, blocks.wall.length // LONG_GAP))
    ahead = [gap for gap in gaps if (gap.start_ns - here.start_ns) * direction > 0]
    return blocks.at((ahead[0] if direction > 0 else ahead[-1]).start_ns) if ahead else None
