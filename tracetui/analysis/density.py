"""How full each cell of a time axis is, and of what: many blocks to few cells, without a loop over blocks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.bars import Window
from tracetui.analysis.lanes import Lane
from tracetui.analysis.times import Nanoseconds, Times
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

KINDS = (Role.TEST, Role.HOOK, Role.ARCHIVER)

HEIGHTS = "░▁▂▃▄▅▆▇█"
"""From idle to full: what share of a cell's time tests cover."""

SHAPES = {Role.HOOK: "▒", Role.ARCHIVER: "▓"}
FAILED = "✗"


@dataclass(frozen=True, eq=False)
class Density:
    """By cell: the share (0 to 1) that blocks cover, the role that covers most, whether a test failed."""

    busy: NDArray[np.float64]
    role: NDArray[np.uint8]
    failed: NDArray[np.bool_]

    @property
    def shapes(self) -> str:
        """A character per cell: nothing is told by colour alone, and failures show where they begin."""
        heights = np.where(self.busy > 0, np.clip(np.round(self.busy * 8), 1, 8), 0).astype(np.int64)
        shapes = np.array(list(HEIGHTS))[heights]
        for role, shape in SHAPES.items():
            shapes[(self.role == role) & (heights > 0)] = shape
        shapes[self.failed & ~np.concatenate([[False], self.failed[:-1]])] = FAILED
        return "".join(shapes.tolist())


def density(snapshot: Snapshot, times: Times, lane: Lane, window: Window, cells: int) -> Density:
    """The cells of a lane in a window `cells` wide."""
    edges = window.start_ns + np.arange(cells + 1, dtype=np.int64) * window.length // max(1, cells)
    rows, inner = lane.rows, lane.inner
    start, end, role = snapshot.start_ns[rows], times.end[rows], snapshot.role[rows]
    shares = []
    for kind in KINDS:
        own, nested = role == kind, inner[snapshot.role[inner] == kind]
        mine = covered(start[own], end[own], edges)
        shares.append(mine + covered(snapshot.start_ns[nested], times.end[nested], edges))
    shares[0] = shares[0] - covered(snapshot.start_ns[inner], times.end[inner], edges)
    bad = np.isin(snapshot.outcome[rows], (Outcome.FAILED, Outcome.ERROR)) & (role == Role.TEST)
    most = np.argmax(np.stack(shares), axis=0)
    return Density(
        busy=covered(start, end, edges),
        role=np.array(KINDS, np.uint8)[most],
        failed=covered(start[bad], end[bad], edges) > 0,
    )


def covered(start: Nanoseconds, end: Nanoseconds, edges: Nanoseconds) -> NDArray[np.float64]:
    """The share of each interval between `edges` that at least one of some intervals covers."""
    widths = np.maximum(np.diff(edges), 1)
    if not len(start):
        return np.zeros(len(widths))
    order = np.argsort(start, kind="stable")
    start, reached = start[order], np.maximum.accumulate(end[order])
    begin = np.maximum(start, np.concatenate([[start[0]], reached[:-1]]))
    length = np.maximum(reached - begin, 0)
    before = np.cumsum(length) - length
    place = np.searchsorted(begin, edges, "right") - 1
    at = np.maximum(place, 0)
    so_far = np.where(place < 0, 0, before[at] + np.clip(edges - begin[at], 0, length[at]))
    share: NDArray[np.float64] = np.diff(so_far) / widths
    return share
