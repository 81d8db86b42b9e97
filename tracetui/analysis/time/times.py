"""Durations: end, own time and self time, a whole recording at once."""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.sparse_times import Ends, Nanoseconds, SelfTimes, Totals, totals
from tracetui.analysis.timeline.durations import durations_only, without_children
from tracetui.analysis.tree.families import grouped, running_maximum
from tracetui.analysis.tree.tree import Rows, Tree, nearest_above
from tracetui.model.numbers.both import Both, in_turn
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BILLED, Outcome, Role
from tracetui.store.snapshot import Snapshot

__all__ = ["Nanoseconds", "Times"]

DIVIDED = frozenset(("start_ns", "origin_id", "role", "own", "billed_ns"))
"""The columns that `divided` looks at."""
_DAY_NS = 86_400_000_000_000
_AT_ONCE = 1_000_000


class Times(Struct, frozen=True, eq=False):
    """By row, in ns. `end` closes open spans: running ones now, cut-off ones at the last sign of life, those
    with a lost end with the last span inside them.

    `total` is end minus start, never negative; if the place in time is doubtful, `end` is the start, and
    `total` the duration by its own clock. `self_` is `total` minus the time that any child covers (if only
    durations are known, minus theirs). `own` is,
    for a test, its time without the hooks, wider fixtures and archiving around it, else `self_`.
    """

    end: Ends
    total: Totals
    self_: SelfTimes
    own: Nanoseconds


def measure(
    snapshot: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None = None, both: Both = in_turn
) -> Times:
    """The times of all spans as they are at `now_ns`, ns since the epoch."""
    end = snapshot.end_ns  # Most of the time that is all, and takes no room.
    if ((end == 0) | (end < snapshot.start_ns)).any():
        end = ends(snapshot, tree, now_ns, clocks)
    total = end - snapshot.start_ns
    np.maximum(total, 0, out=total)
    if clocks is not None:
        total = np.where(clocks.wrong, clocks.took_ns, total)
    own, self_ = divided(snapshot, tree, total, clocks, both)
    took = totals(snapshot.start_ns, snapshot.end_ns, total)
    return Times(ends_of(snapshot, took, clocks), took, self_, own)


def divided(
    snapshot: Snapshot,
    tree: Tree,
    total: Nanoseconds,
    clocks: Clocks | None = None,
    both: Both = in_turn,
) -> tuple[Nanoseconds, SelfTimes]:
    """Own and self times of all spans, given how long each took."""
    start = began(snapshot, clocks)
    tests = np.flatnonzero(snapshot.role == Role.TEST).astype(np.int32)
    covered, own_of_tests = both(
        lambda: _covered_by_children(start, start + total, total, tree),
        lambda: _own_of_tests(snapshot, tree, total, tests),
    )
    own = total - covered
    untimed = durations_only(snapshot)
    if untimed is not None:
        own = np.where(untimed, without_children(total, tree), own)
    self_, own[tests] = own[tests], own_of_tests
    return own, self_times(own, tests, self_)


def ends_of(snapshot: Snapshot, total: Totals, clocks: Clocks | None) -> Ends:
    """The ends of spans with the durations `total`."""
    return Ends(snapshot.start_ns, total, clocks.wrong if clocks else None)


def self_times(own: Nanoseconds, rows: Rows, self_: Nanoseconds) -> SelfTimes:
    """`self_` for `rows`, `own` for all others."""
    other = self_ != own[rows]
    return SelfTimes(own, rows[other], self_[other])


def began(snapshot: Snapshot, clocks: Clocks | None) -> Nanoseconds:
    """When spans began; by their own clocks if their place in time is doubtful."""
    if clocks is None or not clocks.wrong.any():
        return snapshot.start_ns
    return np.where(clocks.wrong, clocks.own_start_ns, snapshot.start_ns)


def ends(snapshot: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None = None) -> Nanoseconds:
    """When spans ended: running ones `now_ns`, cut-off ones at their last sign of life."""
    total = np.maximum(snapshot.end_ns, snapshot.start_ns) - snapshot.start_ns
    ends_of_rows = Ends(snapshot.start_ns, total, None)
    close(ends_of_rows, np.flatnonzero(snapshot.end_ns == 0), snapshot, tree, now_ns, clocks)
    return ends_of_rows[:]


def close(
    end: Ends,
    rows: NDArray[np.signedinteger],
    snapshot: Snapshot,
    tree: Tree,
    now_ns: int,
    clocks: Clocks | None = None,
) -> None:
    """Put the ends of the open `rows` into `end`, which has the ends of all others, and starts for these."""
    runs = snapshot.outcome[rows] == Outcome.RUNNING
    if clocks is not None:
        runs &= clocks.relative[rows] <= (now_ns < units.NO_EPOCH)  # What has no date does not run today.
    running, others = rows[runs], rows[~runs]
    end.put(running, np.maximum(snapshot.start_ns[running], now_ns))
    for row in others[np.argsort(-tree.depth[others], kind="stable")]:
        is_cut_off = snapshot.outcome[row] == Outcome.CUT_OFF
        beat = snapshot.heartbeats.get(snapshot.origin(int(row)).source) if is_cut_off else None
        beat_ns = beat.time_ns - (int(clocks.offset_ns[row]) if clocks else 0) if beat else 0
        last = int(end[tree.subtree(int(row))].max())
        end.put(int(row), max(last, beat_ns) if beat_ns <= max(last, now_ns) + _DAY_NS else last)


def _covered_by_children(start: Nanoseconds, end: Nanoseconds, total: Nanoseconds, tree: Tree) -> Nanoseconds:
    """By row, how much of it at least one child covers (children clipped to it, overlaps counted once)."""
    roots = np.count_nonzero(tree.parent < 0)
    rows = tree.order[grouped(tree.parent[tree.order])[roots:]]
    covered = np.zeros(len(total), np.int64)
    for some in _families(rows, tree.parent[rows]):
        parent = tree.parent[some]
        began, most = start[parent], total[parent]
        until = np.clip(end[some] - began, 0, most)
        reached = running_maximum(until, parent)
        uncovered = np.clip(start[some] - began, 0, most)
        same = parent[1:] == parent[:-1]
        np.maximum(uncovered[1:], reached[:-1], out=uncovered[1:], where=same)
        np.maximum(until - uncovered, 0, out=uncovered)
        first = np.flatnonzero(np.concatenate([[True], ~same]))
        covered[parent[first]] = np.add.reduceat(uncovered, first)
    return covered


def _families(rows: Rows, parent: Rows) -> Iterator[Rows]:
    """`rows`, which are sorted by `parent`, in parts that end between families, to limit peak memory."""
    begin = 0
    while begin < len(rows):
        last = parent[min(begin + _AT_ONCE, len(rows)) - 1]
        end = int(np.searchsorted(parent, last, "right"))
        yield rows[begin:end]
        begin = end


def _own_of_tests(snapshot: Snapshot, tree: Tree, total: Nanoseconds, tests: Rows) -> Nanoseconds:
    """For each of `tests` its phases, or itself without any, minus the hooks and archivers inside."""
    role = snapshot.role
    is_phase = role == Role.PHASE
    billed = among(role, BILLED) & ~snapshot.own
    above = nearest_above((role == Role.TEST) | is_phase | billed, tree.parent)
    number = np.full(len(total), -1, np.int32)
    number[tests] = np.arange(len(tests), dtype=np.int32)

    def of(rows: Rows) -> Rows:
        """The index of the test that each row is; -1 if it is none."""
        return np.where(rows >= 0, number[rows], -1)

    phases = np.flatnonzero(is_phase)
    test = of(above[phases])
    phases, test = phases[test >= 0], test[test >= 0]
    phase_time = np.zeros(len(tests), np.int64)
    np.add.at(phase_time, test, np.maximum(total[phases] - snapshot.billed_ns[phases], 0))
    has_phases = np.zeros(len(tests), np.bool_)
    has_phases[test] = True

    hooks = np.flatnonzero(billed)
    hosts = above[hooks]
    in_phase = (hosts >= 0) & is_phase[hosts]
    test = of(np.where(in_phase, above[hosts], hosts))
    known = test >= 0
    hooks, test = hooks[known], test[known]
    inside = in_phase[known] | ~has_phases[test]
    hook_time = np.zeros(len(tests), np.int64)
    np.add.at(hook_time, test[inside], total[hooks[inside]])

    base = np.where(has_phases, phase_time, np.where(snapshot.own[tests], total[tests], 0))
    return np.maximum(base - hook_time, 0)
