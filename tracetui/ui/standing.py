"""Where the cursor stands among the lanes: a place means nothing without the lane whose blocks it counts."""

from typing import NamedTuple

from tracetui.analysis.bars import Window
from tracetui.analysis.blocks import Stop
from tracetui.analysis.lanes import Lane


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
        """From when to when it lasted."""
        return self.lane.blocks.interval(self.stop)
