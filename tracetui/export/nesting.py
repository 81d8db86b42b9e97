"""Places spans on tracks on which they nest: a span that begins inside another ends inside it.

A span goes into its parent if that is on its lane and nothing else is in the way; else on a free track of
that lane, or on a new one. Clocks are read a moment apart: a span that overlaps the next one or its parent's
end by at most `SLACK_NS` and a tenth of itself is cut.

Complete events of one thread must nest in Perfetto (its FAQ: others are drawn wrong or dropped).
"""

import heapq

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui import units
from tracetui.export.subject import Subject
from tracetui.export.tracks import Lanes
from tracetui.model.columns import Int64s

SLACK_NS = 1_000_000
SLACK_PART = 10


class Nested(Struct, frozen=True, eq=False):
    """`rows` in order of their start, enclosing spans first; times in ns.

    `track` has the number of each one's track; `lane` is that of each track, and `layer` its number on it,
    from 0. `cut` spans end earlier than they did, by at most `most_cut_ns`; `moved` are not on the first
    track of their lane.
    """

    rows: NDArray[np.int32]
    start_ns: Int64s
    end_ns: Int64s
    track: NDArray[np.int32]
    lane: tuple[int, ...]
    layer: tuple[int, ...]
    cut: int
    most_cut_ns: int

    @property
    def moved(self) -> int:
        """How many spans are on additional tracks."""
        return int(np.count_nonzero(np.array(self.layer, np.int64)[self.track])) if len(self.rows) else 0


def nested(subject: Subject, lanes: Lanes) -> Nested:
    """The spans of a subject on tracks: O(n log n)."""
    times, tree, rows = subject.findings.times, subject.findings.tree, subject.rows
    start = subject.snapshot.start_ns[rows]
    end = start + times.total[rows]
    order = np.lexsort((tree.position[rows], -end, start))
    rows = rows[order].astype(np.int32)
    packing = _Packing(start[order].tolist(), end[order].tolist())
    place_of = np.full(len(subject.snapshot), -1, np.int64)
    place_of[rows] = np.arange(len(rows))
    parent = tree.parent[rows]
    above = np.where((parent >= 0) & (lanes.of[parent] == lanes.of[rows]), place_of[parent], -1)
    for place, (lane, inside) in enumerate(zip(lanes.of[rows].tolist(), above.tolist(), strict=True)):
        packing.put(place, lane, inside)
    most = units.duration(packing.most_cut_ns)
    subject.note("span", f"cut by up to {most}, where one runs into the next on its lane", packing.cut)
    nested_spans = Nested(
        rows,
        start[order],
        np.array(packing.end, np.int64),
        np.array(packing.track, np.int32),
        tuple(packing.lane),
        tuple(packing.layer),
        packing.cut,
        packing.most_cut_ns,
    )
    subject.note("span", "on additional tracks, where others ran on the lane", nested_spans.moved)
    return nested_spans


class _Free(Struct, eq=False):
    """The tracks of a lane: which are free, and when others will be, with the index of the span on them."""

    free: list[int] = field(default_factory=list)
    busy: list[tuple[int, int, int]] = field(default_factory=list)
    layers: int = 0


class _Packing:
    """Puts spans on tracks in order of their start; spans are identified by their index in that order."""

    def __init__(self, start: list[int], end: list[int]) -> None:
        self.start, self.end = start, end
        self.track: list[int] = []
        self.lane: list[int] = []
        self.layer: list[int] = []
        self.cut = self.most_cut_ns = 0
        self._stacks: list[list[int]] = []
        self._lanes: dict[int, _Free] = {}

    def put(self, place: int, lane: int, parent: int) -> None:
        """Put a span on a track of a lane, into its `parent` (-1: none) if possible."""
        track = self._within(place, parent) if parent >= 0 else -1
        if track < 0:
            track = self._free(place, lane)
        self._stacks[track].append(place)
        self.track.append(track)

    def _within(self, place: int, parent: int) -> int:
        """The parent's track, or -1 if something else is in the way."""
        track = self.track[parent] if parent < place else -1  # A child may begin before its parent.
        if track < 0 or not self._cuttable(place, self.end[parent]):
            return -1
        if not self._ended(self._stacks[track], parent, self.start[place]):
            return -1
        self._shorten(place, self.end[parent])
        return track

    def _ended(self, stack: list[int], parent: int, moment: int) -> bool:
        """Whether everything inside a parent on a track has ended at a moment, or can be cut to."""
        at = len(stack) - 1
        while at >= 0 and stack[at] != parent:
            at -= 1
        inside = stack[at + 1 :]
        if at < 0 or not all(self._cuttable(other, moment) for other in inside):
            return False
        for other in inside:
            self._shorten(other, moment)
        del stack[len(stack) - len(inside) :]
        return True

    def _free(self, place: int, lane: int) -> int:
        """A free track of a lane: the first existing one, else a new one."""
        tracks, begin = self._lanes.setdefault(lane, _Free()), self.start[place]
        while tracks.busy and self._is_over(tracks.busy[0][2], begin):
            heapq.heappush(tracks.free, heapq.heappop(tracks.busy)[1])
        if tracks.free:
            track = heapq.heappop(tracks.free)
            self._stacks[track] = []
        else:
            track = len(self._stacks)
            self._stacks.append([])
            self.lane.append(lane)
            self.layer.append(tracks.layers)
            tracks.layers += 1
        heapq.heappush(tracks.busy, (self.end[place], track, place))
        return track

    def _is_over(self, bottom: int, moment: int) -> bool:
        """Whether the bottom span of a track, with everything in it, has ended at a moment, or can be cut
        to.
        """
        stack = self._stacks[self.track[bottom]]
        if not all(self._cuttable(other, moment) for other in stack):
            return False
        for other in stack:
            self._shorten(other, moment)
        return True

    def _cuttable(self, place: int, moment: int) -> bool:
        """Whether a span has ended at a moment, apart from what may be cut."""
        over = self.end[place] - moment
        return over <= 0 or over <= min(SLACK_NS, (self.end[place] - self.start[place]) // SLACK_PART)

    def _shorten(self, place: int, moment: int) -> None:
        over = self.end[place] - moment
        if over > 0:
            self.end[place] = moment
            self.cut += 1
            self.most_cut_ns = max(self.most_cut_ns, over)
