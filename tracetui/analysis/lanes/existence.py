"""When a lane's worker existed, and since when its process ran tests."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.assignment.block_lanes import Division, Share
from tracetui.analysis.lanes.wall import is_timed
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Outcome
from tracetui.store.snapshot import Snapshot


class Worker(NamedTuple):
    """When the worker of a lane existed, whether it died at the end of that, and since when its process ran
    tests.
    """

    exists: Window
    crashed: bool
    since_ns: int


class Existence(Struct, frozen=True, eq=False, dict=True):
    """The facts about all lanes that it is decided from; `wall` is from the first block of all to the end of
    the last.
    """

    snapshot: Snapshot
    times: Times
    division: Division
    wall: Window

    def of(self, share: Share, workers: Rows, lane: Window, offset_ns: int) -> Worker:
        """The worker of a lane that has blocks during `lane`, by a clock that is `offset_ns` ahead.

        If it is not known how the lane lies to the others, it existed while it had blocks.
        """
        died = self._died(workers)
        if not is_timed(lane.start_ns, offset_ns, self.wall):
            return Worker(lane, died, lane.start_ns)
        return Worker(self._existed(share, workers, lane), died, self._since(share.homes))

    def _since(self, homes: Iterable[int]) -> int:
        """When the first home of the processes of `homes` began, at the earliest with the first block."""
        return int(self._began[list(homes)].min())

    @cached_property
    def _began(self) -> NDArray[np.int64]:
        division = self.division
        start = self.snapshot.start_ns[np.where(division.suite >= 0, division.suite, division.first)]
        _, number = np.unique(division.process, return_inverse=True)
        first = np.full(len(start), np.iinfo(np.int64).max, np.int64)
        np.minimum.at(first, number, start)
        return np.maximum(first[number], self.wall.start_ns)

    def _existed(self, share: Share, workers: Rows, lane: Window) -> Window:
        """From when to when, by the spans of the worker and of the suites whose tests it ran."""
        snapshot, suites = self.snapshot, self.division.suite[list(share.homes)]
        if len(workers):
            begin = int(snapshot.start_ns[workers].min())
        else:
            homes = np.where(suites >= 0, suites, self.division.first[list(share.homes)])
            begin = int(snapshot.start_ns[homes].min())
        over = suites[(suites >= 0) & (snapshot.end_ns[suites] != 0)]
        until = int(self.times.end[over].max()) if len(over) == len(suites) else self.wall.end_ns
        if self._died(workers):
            until = int(self.times.end[workers].max())
        begin, until = max(begin, self.wall.start_ns), min(until, self.wall.end_ns)
        return Window(min(begin, lane.start_ns), max(until, lane.end_ns))

    def _died(self, workers: Rows) -> bool:
        """Whether the last of `workers`, which are in order of their start, died."""
        return bool(len(workers)) and self.snapshot.outcome[workers[-1]] in (Outcome.CUT_OFF, Outcome.ERROR)
