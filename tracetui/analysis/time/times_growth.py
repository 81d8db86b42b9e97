"""Updates the times of an earlier snapshot: what changed, and what is open, is measured again.

The result is exactly that of `times.measure`. What the children of a large span (a worker, a suite) cover is
kept for those of its children, from the first on, that run no more: see `Covers`.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.lost_ends import to_close
from tracetui.analysis.study.step import Step
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.sparse_times import Ends, Totals
from tracetui.analysis.time.times import DIVIDED, Nanoseconds, Times, began, close, divided, ends_of
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.tree.tree import Rows, Tree, subtrees
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.revisions import Revisions
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

LARGE = 64
"""Of spans with more below them it is kept what their first children cover."""
_MOST_WALKED = 128
_LARGEST_PART = 8
"""Where more than such a part of all spans is to be measured, all are."""


_JUDGED = ("role", "outcome", "own", "billed_ns", "start_ns", "end_ns")
"""The columns that times come from, of which a study may make others than were written."""
_CLOCKED = ("wrong", "own_start_ns", "took_ns")
"""What times come from beside these."""


class _Covered(Struct, frozen=True):
    """What the children of a span cover up to `last` (a row), and how far they reach: ns from its start."""

    last: int
    covered_ns: int
    reached_ns: int


class Covers:
    """What the first children of large spans cover, from study to study."""

    def __init__(self) -> None:
        self._known: dict[int, _Covered] = {}
        self.open: Rows | None = None  # The rows that were open when they were last looked at, if known.

    def forget(self) -> None:
        """Forget everything: rows have changed, or were not looked at for some time."""
        self._known.clear()
        self.open = None

    def forget_what(self, tree: Tree, changed: Rows, before: Tree, moved: Rows) -> None:
        """Forget spans that have `moved`, lost a child, or got a new or changed one among the kept
        children.
        """
        for row in moved.tolist():
            self._known.pop(row, None)
        for row in changed.tolist():
            left = int(before.parent[row]) if row < len(before.parent) else -1
            parent = int(tree.parent[row])
            if left != parent:
                self._known.pop(left, None)
            known = self._known.get(parent)
            if known and tree.position[row] <= tree.position[known.last]:
                del self._known[parent]

    def of(self, row: int, snapshot: Snapshot, begin: Nanoseconds, total: Totals, tree: Tree) -> int:
        """How much of a large span its children cover, in ns; all began at `begin` by their own clocks."""
        start, length = int(begin[row]), int(total[row])
        known = self._known.get(row)
        if known and known.reached_ns > length:
            known = None
        children = _children(row, known.last if known else None, tree)
        covered, reached = (known.covered_ns, known.reached_ns) if known else (0, 0)
        since = begin[children] - start
        until = since + total[children]
        runs = snapshot.outcome[children] == Outcome.RUNNING
        unsealed = np.flatnonzero(runs | (until > length))
        until, since = np.clip(until, 0, length), np.clip(since, 0, length)
        reach = np.maximum.accumulate(np.concatenate(([reached], until)))
        sums = covered + np.cumsum(np.maximum(until - np.maximum(since, reach[:-1]), 0))
        sealed = int(unsealed[0]) if len(unsealed) else len(children)
        if sealed:
            self._known[row] = _Covered(int(children[sealed - 1]), int(sums[sealed - 1]), int(reach[sealed]))
        return int(sums[-1]) if len(sums) else covered


def _children(row: int, after: int | None, tree: Tree) -> Rows:
    """The children of a span in display order: all, or those `after` one of them.

    Mostly these are few, and one leads to the next; else everything below is looked at.
    """
    position = int(tree.position[row] + 1 if after is None else tree.position[after] + tree.size[after])
    until = int(tree.position[row] + tree.size[row])
    children = list[int]()
    while position < until and len(children) < _MOST_WALKED:
        child = int(tree.order[position])
        children.append(child)
        position += int(tree.size[child])
    below = tree.order[position:until]
    others = below[tree.depth[below] == tree.depth[row] + 1]
    return np.concatenate((np.array(children, np.int32), others))


def are_large(rows: Rows, snapshot: Snapshot, tree: Tree) -> NDArray[np.bool_]:
    """Which of `rows` are measured without everything below them."""
    large: NDArray[np.bool_] = (tree.size[rows] > LARGE) & (snapshot.role[rows] != Role.TEST)
    return large


def grown(
    step: Step,
    snapshot: Snapshot,
    tree: Tree,
    now_ns: int,
    clocks: Clocks | None,
    covers: Covers,
    revisions: Revisions,
) -> tuple[Times, Rows] | None:
    """The times of a snapshot at `now_ns`, with the changed rows (see `change.Change`), ascending.

    None if everything must be measured: a clock is wrong for the first time, or only durations are known.
    """
    last, before = step.last, step.last.times
    if tree.cycles or (clocks is None) != (last.clocks is None) or durations_only(snapshot) is not None:
        return None
    open_ = _open(last.snapshot) if covers.open is None else covers.open
    changed = _changed(step, snapshot, tree, clocks, open_)
    old = changed[changed < step.first]
    parents = np.concatenate((tree.parent[changed], last.tree.parent[old]))
    rows = distinct(np.concatenate((changed, parents[parents >= 0])))
    is_large = are_large(rows, snapshot, tree)
    inside = subtrees(np.concatenate((rows[~is_large], _tests_around(rows, snapshot, tree))), tree)
    if len(inside) > 1000 + len(snapshot) // _LARGEST_PART:
        return None
    covers.open = _without_end(distinct(np.concatenate((open_, changed))), snapshot)
    total = _totals(step, snapshot, tree, now_ns, clocks, changed)
    own = revisions.longer(before.own, len(snapshot))
    fresh, self_ = divided(*_part(inside, snapshot, tree), total[inside], clocks and clocks.part(inside))
    own[inside] = fresh
    begin, was = began(snapshot, clocks), began(last.snapshot, last.clocks)
    covers.forget_what(tree, changed, last.tree, old[begin[old] != was[old]])
    large = rows[is_large]
    for row in large.tolist():
        own[row] = total[row] - covers.of(row, snapshot, begin, total, tree)
    looked_at = np.concatenate((inside, large))
    revisions.wrote(own, looked_at[looked_at < step.first])
    self_ = before.self_.but(own, looked_at, np.concatenate((self_[:], own[large])))
    times = Times(ends_of(snapshot, total, clocks), total, self_, own)
    return times, distinct(np.concatenate((changed, rows, inside)))


def _totals(
    step: Step, snapshot: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None, changed: Rows
) -> Totals:
    """How long spans took: those of `changed` rows, of which some are open, are looked at again."""
    open_, none = _without_end(changed, snapshot), changed[:0]
    wrong = changed[clocks.wrong[changed]] if clocks else none
    apart = distinct(np.concatenate((open_, wrong)))
    total = step.last.times.total.but(snapshot.start_ns, snapshot.end_ns, changed, apart)
    close(_as_written(snapshot, total, clocks, changed), open_, snapshot, tree, now_ns, clocks)
    if clocks is not None:
        total[wrong] = clocks.took_ns[wrong]
    return total.tidied()


def _as_written(snapshot: Snapshot, total: Totals, clocks: Clocks | None, changed: Rows) -> Ends:
    """The ends before open spans are closed; those of `changed` rows as they were written."""
    if clocks is None:
        return ends_of(snapshot, total, None)
    wrong = clocks.wrong.copy()
    wrong[changed] = False
    return Ends(snapshot.start_ns, total, wrong)


def _open(snapshot: Snapshot) -> Rows:
    return np.flatnonzero(snapshot.end_ns == 0).astype(np.int32)


def _without_end(rows: Rows, snapshot: Snapshot) -> Rows:
    open_: Rows = rows[snapshot.end_ns[rows] == 0]
    return open_


def _changed(step: Step, snapshot: Snapshot, tree: Tree, clocks: Clocks | None, open_: Rows) -> Rows:
    """The rows that are new, were written to, count differently, or were open and may end elsewhere now:
    ascending.
    """
    before, written = step.last.snapshot, step.last.written
    changes = [step.touched]
    for name in _JUDGED:
        was, is_ = getattr(before, name), getattr(snapshot, name)
        if was is not getattr(written, name) or is_ is not getattr(step.written, name):
            changes.append(np.flatnonzero(was != is_[: step.first]).astype(np.int32))
    if clocks is not None:
        for name in _CLOCKED:
            was, is_ = getattr(step.last.clocks, name), getattr(clocks, name)
            changes.append(np.flatnonzero(was != is_[: step.first]).astype(np.int32))
        return distinct(np.concatenate((*changes, open_)))
    return to_close(open_, np.concatenate(changes), step, snapshot, tree)


def _tests_around(rows: Rows, snapshot: Snapshot, tree: Tree) -> Rows:
    """The tests among `rows` and above them."""
    levels = [rows]
    while len(levels[-1]):
        above = tree.parent[levels[-1]]
        levels.append(distinct(above[above >= 0]))
    seen = np.concatenate(levels)
    tests: Rows = seen[snapshot.role[seen] == Role.TEST]
    return tests


def _part(rows: Rows, snapshot: Snapshot, tree: Tree) -> tuple[Snapshot, Tree]:
    """`rows`, whole subtrees in display order, as a recording of their own."""
    positions, parents = tree.position[rows], tree.parent[rows]
    own = np.arange(len(rows), dtype=np.int32)
    places = np.minimum(np.searchsorted(positions, tree.position[parents]), len(rows) - 1)
    inside = (parents >= 0) & (rows[places] == parents) if len(rows) else parents >= 0
    above = np.where(inside, places, -1).astype(np.int32)
    return snapshot.part(rows, above, DIVIDED), Tree(own, own, above, tree.depth[rows], tree.size[rows], 0)
