"""Impossible times, and clocks that differ from the recording's: where such spans are shown, and what counts.

* A clock that was frozen, reset or never set writes spans in 1970, 1985 or 2100, ends before starts, starts
  without a time. The place of such a span in time is doubtful: it keeps its place in the tree and is marked
  `clock`; on axes it takes no time, at the start of what is around it. Its duration counts all the same, if
  that is possible. The other spans decide what is doubtful.
* A document without an epoch (its times begin near 0) has an axis of its own (`units.SLOT`).
* Results without a timeline (`analysis.timeline.durations`) have no times that could be wrong.
* A process whose clock is ahead or behind is moved to where it fits (`analysis.skew`).

Nothing of this changes what was written.
"""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.jobs.processes import family
from tracetui.analysis.time.extent import DAY_NS, FIRST_NS, LONGEST_NS, ROUNDED_NS, is_plain
from tracetui.analysis.time.skew import Skew, skewed
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.tree.tree import Tree, nearest
from tracetui.model.numbers.distinct import distinct
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]
Nanoseconds = NDArray[np.int64]

UNSET_NS = 1
"""Reading gives 0 to a start that is not there, and 1 to one that is no number (`formats.times.NO_TIME`)."""

NEAR_ZERO_NS = units.NO_EPOCH
"""A document all of whose times are earlier counts from some start of its own, not from the epoch."""


class Clocks(Struct, frozen=True, eq=False):
    """By row: `wrong` if a time is impossible, `start` if that is the start; by its own clock it began at
    `own_start_ns`, and `took_ns` is its duration if it is `wrong`.

    `relative` are the rows of documents without an epoch, or without times at all, `offset_ns` is how far the
    process's clock was ahead of the others'; `skews` are the processes for which that is not 0.
    """

    wrong: Mask
    start: Mask
    own_start_ns: Nanoseconds
    took_ns: Nanoseconds
    relative: Mask
    offset_ns: Nanoseconds
    skews: tuple[Skew, ...]

    def part(self, rows: NDArray[np.int32]) -> "Clocks":
        """The same for `rows` alone, renumbered in this order."""
        columns = {name: getattr(self, name)[rows] for name in _COLUMNS}
        return replace(self, **columns)


def only_shifted(clocks: Clocks | None) -> bool:
    """Whether every time is possible: all that is known is how far the clocks of processes are off."""
    return clocks is None or not (clocks.wrong.any() or clocks.relative.any())


def shifted_alike(last: Clocks | None, now: Clocks | None) -> bool:
    """Whether no row of `last` was in a doubtful place or is now, and all are shifted as they were."""
    if last is None or now is None:
        return last is now
    rows = len(last.offset_ns)
    is_same = np.array_equal(last.offset_ns, now.offset_ns[:rows])
    return is_same and only_shifted(last) and only_shifted(now)


_COLUMNS = ("wrong", "start", "own_start_ns", "took_ns", "relative", "offset_ns")


def trusted(snapshot: Snapshot, tree: Tree, now_ns: int) -> tuple[Snapshot, Clocks | None]:
    """The snapshot with possible times, and what is known of clocks; unchanged and None if all is well."""
    if not len(snapshot):
        return snapshot, None
    wrong = bad_start = relative = np.zeros(len(snapshot), np.bool_)
    moved = np.zeros(len(snapshot), np.int64)
    if not is_plain(snapshot, tree, now_ns):
        relative, moved = _without_epoch(snapshot)
        wrong, bad_start = _judge(snapshot, tree, now_ns, relative)
    offset, skews = skewed(snapshot, tree, wrong | relative)
    if not (wrong.any() or relative.any() or skews):
        return snapshot, None
    clocks = Clocks(wrong, bad_start, snapshot.start_ns, _took(snapshot, wrong), relative, offset, skews)
    shift = moved - offset
    start = snapshot.start_ns + shift
    if bad_start.any():
        start = np.where(bad_start, _around(start, snapshot, tree, bad_start), start)
    end = np.where(snapshot.end_ns != 0, np.where(wrong, start, snapshot.end_ns + shift), 0)
    return replace(snapshot, start_ns=start, end_ns=end), clocks


def _took(snapshot: Snapshot, wrong: Mask) -> Nanoseconds:
    """The duration of spans whose place in time is doubtful: 0 if that is impossible too."""
    took = np.where(wrong & (snapshot.end_ns > snapshot.start_ns), snapshot.end_ns - snapshot.start_ns, 0)
    is_plausible = (snapshot.start_ns >= 0) & (took > 0) & (took <= LONGEST_NS)
    return np.where(is_plausible, took, 0)


def _without_epoch(snapshot: Snapshot) -> tuple[Mask, Nanoseconds]:
    """The rows of documents without an epoch, and how far to move each, so that each has its own time.

    A resource says so, or nothing in a file (or in numbered files) is of 1980 or later.
    """
    start, source = snapshot.start_ns, snapshot.source_id
    said = np.array([resource.clock == "relative" for resource in snapshot.resources], np.bool_)
    says = said[snapshot.origin_id] if said.any() else np.zeros(len(start), np.bool_)
    relative = says | _near_zero(snapshot)[source] if (start < NEAR_ZERO_NS).any() else says
    moved = np.zeros(len(start), np.int64)
    untimed = durations_only(snapshot)
    if untimed is not None:  # What has no date begins together.
        moved[untimed & (start < NEAR_ZERO_NS)] = units.SLOT
        relative = relative & ~untimed
    if relative.any():
        document = np.where(says, source, _documents(snapshot)[source])
        moved[relative] = _slots(start[relative], snapshot.end_ns[relative], document[relative])
    return relative if untimed is None else relative | untimed, moved


def _documents(snapshot: Snapshot) -> NDArray[np.int32]:
    """By source, the number of the last one of the same family."""
    groups = snapshot.sources.grouped(family)
    numbers = groups.numbers
    last = np.empty(len(groups), np.int32)
    last[numbers] = np.arange(len(numbers), dtype=np.int32)  # Of several the last one stays.
    return last[numbers]


def _near_zero(snapshot: Snapshot) -> Mask:
    """By source, whether all its times are near 1970, and it has more than that."""
    earliest = np.full(len(snapshot.sources), np.iinfo(np.int64).max)
    latest = np.full(len(snapshot.sources), np.iinfo(np.int64).min)
    np.minimum.at(earliest, snapshot.source_id, snapshot.start_ns)
    np.maximum.at(latest, snapshot.source_id, np.maximum(snapshot.start_ns, snapshot.end_ns))
    near: Mask = (earliest >= 0) & (latest > UNSET_NS) & (latest < NEAR_ZERO_NS)
    return near


def _slots(start: Nanoseconds, end: Nanoseconds, document: NDArray[np.int32]) -> Nanoseconds:
    """How far to move spans so that each document begins in its own slot of `units.SLOT`."""
    moved = np.empty(len(start), np.int64)
    slot = units.SLOT
    for number in distinct(document).tolist():
        rows = document == number
        first, last = int(start[rows].min()), int(max(start[rows].max(), end[rows].max()))
        moved[rows] = slot - first
        slot += units.SLOT * (1 + (last - first) // units.SLOT)
        slot = slot if slot < units.NO_EPOCH else units.SLOT
    return moved


def _judge(snapshot: Snapshot, tree: Tree, now_ns: int, relative: Mask) -> tuple[Mask, Mask]:
    """Which times are impossible, and for which rows that is the start: O(n), a few comparisons if all is
    well.
    """
    start, end = snapshot.start_ns, snapshot.end_ns
    unset, early, late = (start <= UNSET_NS), start < FIRST_NS, start > now_ns + DAY_NS
    known = np.count_nonzero(~unset & ~relative)
    # What most say is the clock of the recording: what is far from it is found below.
    from_epoch = 2 * np.count_nonzero(early & ~unset & ~relative) <= known
    from_now = 2 * np.count_nonzero(late) <= known
    no = np.zeros_like(early)
    bad_start = ((early if from_epoch else no) | (late if from_now else no)) & ~relative
    good = start[~bad_start & ~relative]
    latest = max(now_ns, int(good.max(initial=0))) + DAY_NS
    bad_end = (end != 0) & ((end < start - ROUNDED_NS) | (end > latest) | (end - start > LONGEST_NS))
    if len(good) and int(good.max()) - int(good.min()) > DAY_NS:
        ends = np.where(bad_end | (end == 0), start, end)
        bad_start = bad_start | _strayed(start, ends, tree, bad_start | relative)
    return bad_start | bad_end, bad_start


def _strayed(start: Nanoseconds, end: Nanoseconds, tree: Tree, known: Mask) -> Mask:
    """In trees longer than a day, the spans separated from most of their tree by a day without a span."""
    strayed = np.zeros(len(start), np.bool_)
    kept = ~known[tree.order]
    rows, root = tree.order[kept], np.repeat(tree.roots, tree.size[tree.roots])[kept]
    begins = np.flatnonzero(np.diff(root, prepend=-1))
    spread = np.maximum.reduceat(start[rows], begins) - np.minimum.reduceat(start[rows], begins)
    ends = np.append(begins[1:], len(rows))
    for begin, stop in zip(begins[spread > DAY_NS], ends[spread > DAY_NS], strict=True):
        members = rows[begin:stop]
        strayed[members[_apart(start[members], end[members])]] = True
    return strayed


def _apart(start: Nanoseconds, end: Nanoseconds) -> Mask:
    """Spans outside the largest group of spans near each other; of equal groups the first counts."""
    order = np.argsort(start, kind="stable")
    gaps = start[order][1:] - np.maximum.accumulate(end[order])[:-1] > DAY_NS
    groups = np.empty(len(start), np.int64)
    groups[order] = np.concatenate([[0], np.cumsum(gaps)])
    sizes = np.bincount(groups)
    largest = int(groups[0]) if sizes[groups[0]] == sizes.max() else int(sizes.argmax())
    apart: Mask = groups != largest
    return apart


def _around(start: Nanoseconds, snapshot: Snapshot, tree: Tree, bad: Mask) -> Nanoseconds:
    """Possible starts: of the nearest span above, the first of its tree or trace, else the last of all."""
    if bad.all():
        return start
    last = int(start[~bad].max())
    root = nearest(tree.parent < 0, tree.parent)
    by_tree, by_trace = _first(start, bad, root), _first(start, bad, snapshot.trace_index)
    above = nearest(~bad, tree.parent)
    nearby = np.where(above >= 0, start[above], by_tree[root])
    nearby = np.where(nearby == _NEVER, by_trace[snapshot.trace_index], nearby)
    around: Nanoseconds = np.where(nearby == _NEVER, last, nearby)
    return around


_NEVER = np.iinfo(np.int64).max


def _first(start: Nanoseconds, bad: Mask, group: NDArray[np.int32]) -> Nanoseconds:
    first = np.full(int(group.max(initial=0)) + 1, _NEVER)
    np.minimum.at(first, group[~bad], start[~bad])
    return first
