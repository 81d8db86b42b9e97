"""Times that cannot be: found, kept off every axis, and never changed in what was written.

A clock that was frozen, reset or never set writes spans in 1970, 1985 or 2100, ends before starts, starts
without a time. Such a span keeps its place in the tree and says `clock`; for rankings, lanes, runs and axes
it takes no time, at the start of what is around it. Judged is by what the other spans say, so that a
recording whose clock was wrong from its first span to its last is shown like any other.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree import Tree, nearest
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]
Nanoseconds = NDArray[np.int64]

DAY_NS = 86_400_000_000_000
LONGEST_NS = 100 * DAY_NS
"""No span of a test run takes longer."""

FIRST_NS = 946_684_800_000_000_000
"""The year 2000: spans are younger."""

UNSET_NS = 1
"""Reading gives 0 to a start that is not there, and 1 to one that is no number (`formats.times.NO_TIME`)."""


@dataclass(frozen=True, eq=False)
class Clocks:
    """By row: `wrong` where a time cannot be, `start` where that is the start."""

    wrong: Mask
    start: Mask


def trusted(snapshot: Snapshot, tree: Tree, now_ns: int) -> tuple[Snapshot, Clocks | None]:
    """The snapshot with times that can be, and which could not; the same and None where all can."""
    clocks = _judge(snapshot, tree, now_ns)
    if clocks is None:
        return snapshot, None
    start = np.where(clocks.start, _around(snapshot, tree, clocks.start), snapshot.start_ns)
    end = np.where(clocks.wrong & (snapshot.end_ns != 0), start, snapshot.end_ns)
    return replace(snapshot, start_ns=start, end_ns=end), clocks


def _judge(snapshot: Snapshot, tree: Tree, now_ns: int) -> Clocks | None:
    """O(n) where nothing is wrong, and no more than a few comparisons of columns."""
    start, end = snapshot.start_ns, snapshot.end_ns
    if not len(start):
        return None
    unset, early, late = start <= UNSET_NS, start < FIRST_NS, start > now_ns + DAY_NS
    told = len(start) - np.count_nonzero(unset)
    # What most say is the clock of the recording: what is far from it is found below.
    from_epoch = 2 * np.count_nonzero(early & ~unset) <= told
    from_now = 2 * np.count_nonzero(late) <= told
    bad_start = (early if from_epoch else np.zeros_like(early)) | (late if from_now else np.zeros_like(late))
    good = start[~bad_start]
    latest = max(now_ns, int(good.max(initial=0))) + DAY_NS
    bad_end = (end != 0) & ((end < start) | (end > latest) | (end - start > LONGEST_NS))
    if len(good) and int(good.max()) - int(good.min()) > DAY_NS:
        bad_start |= _strayed(start, np.where(bad_end | (end == 0), start, end), tree, bad_start)
    wrong = bad_start | bad_end
    return Clocks(wrong, bad_start) if wrong.any() else None


def _strayed(start: Nanoseconds, end: Nanoseconds, tree: Tree, known: Mask) -> Mask:
    """Of trees that last longer than a day, what lies apart from most of its tree by a day without a span."""
    strayed = np.zeros(len(start), np.bool_)
    rows = tree.order[~known[tree.order]]
    root = nearest(tree.parent < 0, tree.parent)[rows]
    begins = np.flatnonzero(np.diff(root, prepend=-1))
    spread = np.maximum.reduceat(start[rows], begins) - np.minimum.reduceat(start[rows], begins)
    ends = np.append(begins[1:], len(rows))
    for begin, stop in zip(begins[spread > DAY_NS], ends[spread > DAY_NS], strict=True):
        members = rows[begin:stop]
        strayed[members[_apart(start[members], end[members])]] = True
    return strayed


def _apart(start: Nanoseconds, end: Nanoseconds) -> Mask:
    """What is not of the largest group of spans that lie near each other; of equal ones that of the first."""
    order = np.argsort(start, kind="stable")
    gaps = start[order][1:] - np.maximum.accumulate(end[order])[:-1] > DAY_NS
    groups = np.empty(len(start), np.int64)
    groups[order] = np.concatenate([[0], np.cumsum(gaps)])
    sizes = np.bincount(groups)
    largest = int(groups[0]) if sizes[groups[0]] == sizes.max() else int(sizes.argmax())
    apart: Mask = groups != largest
    return apart


def _around(snapshot: Snapshot, tree: Tree, bad: Mask) -> Nanoseconds:
    """Starts that can be: of the nearest span above, the first of its tree or trace, else the last of all."""
    start = snapshot.start_ns
    if bad.all():
        return start
    last = int(start[~bad].max())
    root = nearest(tree.parent < 0, tree.parent)
    by_tree, by_trace = _first(start, bad, root), _first(start, bad, snapshot.trace_index)
    above = nearest(~bad, tree.parent)
    found = np.where(above >= 0, start[above], by_tree[root])
    found = np.where(found == _NEVER, by_trace[snapshot.trace_index], found)
    around: Nanoseconds = np.where(found == _NEVER, last, found)
    return around


_NEVER = np.iinfo(np.int64).max


def _first(start: Nanoseconds, bad: Mask, group: NDArray[np.int32]) -> Nanoseconds:
    first = np.full(int(group.max(initial=0)) + 1, _NEVER)
    np.minimum.at(first, group[~bad], start[~bad])
    return first
