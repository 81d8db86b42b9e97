"""Checks whether all clocks are still right, as `clocks.trusted` says, by looking at what has changed.

Anything that may be wrong is left to `trusted`, which looks at everything.
"""

import numpy as np

from tracetui.analysis.study.step import Step
from tracetui.analysis.time.extent import DAY_NS, extent, has_relative, is_odd
from tracetui.analysis.time.skew_growth import Disorder
from tracetui.analysis.tree.tree import Rows, Tree, nearest, subtrees
from tracetui.model.numbers.distinct import distinct
from tracetui.store.snapshot import Snapshot

LARGE = 4096
"""Of trees of more spans it is kept between which times they start."""


class Trust:
    """What is known of the last snapshot, if its clocks were right."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    def forget(self) -> None:
        """Forget everything: rows have changed, or were not looked at for some time."""
        self._known = None

    def holds(self, step: Step, tree: Tree, now_ns: int) -> bool:
        """Whether all clocks are certainly right at `now_ns`; False if everything must be looked at."""
        last, known = step.last, self._known
        self._known = None
        if last.clocks is not None or tree.cycles:
            return False
        known = known or _Known(last.written, last.tree)
        if not known.follow(step, tree):
            return False
        self._known = known
        return known.is_right(step.written, now_ns)


class _Known:
    """When the spans of a snapshot are, and how much of each process is out of order."""

    def __init__(self, snapshot: Snapshot, tree: Tree) -> None:
        self._extent = extent(snapshot.start_ns, snapshot.end_ns)
        self._starts: dict[int, tuple[int, int]] = {}
        self._origins = 0
        self._is_doubtful = False
        self._disorder = Disorder(snapshot, tree)

    def follow(self, step: Step, tree: Tree) -> bool:
        """Update to the next snapshot; False if everything must be looked at."""
        rows = step.touched
        start, end = step.written.start_ns[rows], step.written.end_ns[rows]
        self._extent = self._extent.more(extent(start, end))
        self._is_doubtful = is_odd(start, end) or (self._extent.is_long and self._is_any_long(step, tree))
        return self._disorder.follow(step, tree)

    def is_right(self, snapshot: Snapshot, now_ns: int) -> bool:
        """Whether nothing is doubtful, and no process mostly out of order."""
        first, self._origins = self._origins, len(snapshot.resources)
        if has_relative(snapshot.resources[first:]):
            self._origins = first
            return False
        is_likely = not self._is_doubtful and self._extent.is_likely(now_ns)
        return is_likely and self._disorder.is_settled

    def _is_any_long(self, step: Step, tree: Tree) -> bool:
        """Whether more than a day is between the starts of the spans of some tree that changed."""
        moved = step.rows[tree.parent[step.rows] != step.last.tree.parent[step.rows]]
        for row in moved.tolist():
            self._starts.pop(row, None)
        rows = distinct(np.concatenate((step.touched, subtrees(moved, tree))))
        root = nearest(tree.parent < 0, tree.parent, rows)
        return any(
            self._is_long(int(one), rows[root == one], step.written, tree) for one in distinct(root).tolist()
        )

    def _is_long(self, root: int, rows: Rows, snapshot: Snapshot, tree: Tree) -> bool:
        """The same of one tree, of which `rows` are new or were written to."""
        known = self._starts.get(root)
        if known:
            first, last = _between(snapshot, rows)
            first, last = min(first, known[0]), max(last, known[1])
        if not known or last - first > DAY_NS:
            first, last = _between(snapshot, tree.subtree(root))
        if tree.size[root] > LARGE:
            self._starts[root] = first, last
        return last - first > DAY_NS


def _between(snapshot: Snapshot, rows: Rows) -> tuple[int, int]:
    start = snapshot.start_ns[rows]
    return int(start.min()), int(start.max())
