"""Repeated siblings as one row: spans of one role under one parent whose names have a pattern in common.

What needs attention (failed, running, cut off, slow) stays beside its group.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.waterfall.patterns import Patterns
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Keys = NDArray[np.int64]

_FIRST_NODE = -2
"""-1 is what stands above all roots."""
_MOST_PATTERNS = 1 << 24
_CONTAINERS = (Role.SUITE, Role.WORKER)
_QUIET = (Outcome.UNKNOWN, Outcome.PASSED, Outcome.SKIPPED, Outcome.XFAILED)


class Grouping(Enum):
    """How many siblings of a pattern make a group: many, a few, or never."""

    AUTO = 50
    ALWAYS = 3
    NEVER = 0


class Group(Struct, frozen=True, eq=False, dict=True):
    """Some siblings: `rows` in display order, their starts and own times (ns); `pattern` is foreign text."""

    pattern: str
    rows: Rows
    start: Nanoseconds
    own: Nanoseconds
    total: Nanoseconds

    @cached_property
    def own_ns(self) -> int:
        """The sum of own times."""
        return int(self.own.sum())

    @cached_property
    def total_ns(self) -> int:
        """The sum of total times."""
        return int(self.total.sum())

    @cached_property
    def percentiles(self) -> tuple[int, int]:
        """p50 and p95 of own times, in ns (numpy's linear interpolation)."""
        p50, p95 = np.percentile(self.own, (50, 95))
        return int(p50), int(p95)

    @cached_property
    def span_ns(self) -> tuple[int, int]:
        """The first start and the last end."""
        return int(self.start.min()), int((self.start + self.total).max())

    @cached_property
    def costliest(self) -> int:
        """The row with most own time."""
        return int(self.rows[int(self.own.argmax())])

    def peaks(self, edges: Nanoseconds) -> Nanoseconds:
        """The longest own time of those that start in each interval between `edges`; -1 if none does."""
        peaks = np.full(len(edges) - 1, -1, np.int64)
        bounds = np.searchsorted(self.start, edges)
        some = np.flatnonzero(np.diff(bounds))
        if len(some):
            peaks[some] = np.maximum.reduceat(self.own[: bounds[-1]], bounds[some])
        return peaks


class Groups(Struct, frozen=True, eq=False):
    """The groups of one revision: `of` has each row's group node, 0 if it has none.

    A group's node is a number from -2 downwards, the same in every revision; `slots` is how many numbers,
    including -1, were ever given.
    """

    of: Rows
    slots: int
    rows: Rows
    bounds: Mapping[int, tuple[int, int]]
    patterns: Mapping[int, str]
    snapshot: Snapshot
    times: Times

    def group(self, node: int) -> Group:
        """The group behind a node."""
        first, last = self.bounds[node]
        rows = self.rows[first:last]
        start, times = self.snapshot.start_ns[rows], self.times
        return Group(self.patterns[node], rows, start, times.own[rows], times.total[rows])


class Grouper:
    """Finds groups, revision by revision: each keeps its node.

    With `Grouping.AUTO` nothing that was once shown one by one is later folded into a group.
    """

    def __init__(self) -> None:
        self._patterns = Patterns()
        self._names: dict[int, str] = {}
        self.nodes: dict[int, int] = {}
        """The node of each group there ever was, by key (see `keys`)."""
        self.shown = np.empty(0, np.bool_)
        """By row, whether it was shown one by one."""

    def groups(
        self,
        snapshot: Snapshot,
        tree: Tree,
        times: Times,
        grouping: Grouping,
        alone: NDArray[np.bool_],
        *,
        settled: bool,
    ) -> Groups:
        """The groups of a snapshot, without the rows that must stay `alone`.

        `settled` says that the user has seen the result, so that it stays as it is.
        """
        may = ~alone & is_quiet(snapshot, slice(None))
        of = np.zeros(len(snapshot), np.int32)
        if grouping is Grouping.NEVER:
            return self._made(snapshot, times, np.empty(0, np.int32), of)
        siblings = np.bincount(tree.parent[may] + 1, minlength=len(may) + 1)
        rows = tree.order[(may & (siblings[tree.parent + 1] >= grouping.value))[tree.order]]
        if len(rows):
            of[rows] = self._nodes_of(rows, self.keys(snapshot, tree, rows), grouping)
        if settled and grouping is Grouping.AUTO:
            self.shown = may & (of == 0)
        return self._made(snapshot, times, rows[of[rows] < 0], of)

    def keys(self, snapshot: Snapshot, tree: Tree, rows: Rows) -> Keys:
        """A key that rows of one group share: the row above, role and pattern."""
        numbers = np.minimum(self._patterns.of(snapshot.texts)[snapshot.title_id[rows]], _MOST_PATTERNS - 1)
        above, role = tree.parent[rows].astype(np.int64) + 1, snapshot.role[rows].astype(np.int64)
        keys: Keys = above << 27 | role << 24 | numbers
        return keys

    def _nodes_of(self, rows: Rows, keys: Keys, grouping: Grouping) -> Rows:
        """For each row with its key the node of its group, 0 for none."""
        begins = np.flatnonzero(np.diff(keys, prepend=-1))  # Neighbours are mostly of one group.
        lengths = np.diff(begins, append=len(keys))
        keys_there, number = np.unique(keys[begins], return_inverse=True)
        enough = np.bincount(number, lengths) >= grouping.value
        index = np.repeat(number, lengths)
        if grouping is Grouping.AUTO:
            enough &= np.bincount(index, self.were_shown(rows)) == 0
        nodes = np.zeros(len(keys_there), np.int32)
        nodes[enough] = [self._node(key) for key in keys_there[enough].tolist()]
        by_row: Rows = nodes[index]
        return by_row

    def were_shown(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of `rows` were shown one by one."""
        known = rows < len(self.shown)
        were_shown = np.zeros(len(rows), np.bool_)
        were_shown[known] = self.shown[rows[known]]
        return were_shown

    def _made(self, snapshot: Snapshot, times: Times, members: Rows, of: Rows) -> Groups:
        members = members[np.argsort(of[members], kind="stable")]
        starts = np.flatnonzero(np.diff(of[members], prepend=np.int32(0)))
        ends = np.append(starts, len(members))[1:].tolist()
        bounds = dict(zip(of[members[starts]].tolist(), zip(starts.tolist(), ends, strict=True), strict=True))
        return Groups(of, len(self.nodes) + 1, members, bounds, self._names, snapshot, times)

    def _node(self, key: int) -> int:
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = _FIRST_NODE - len(self.nodes)
            self._names[node] = self._patterns.names[key & (_MOST_PATTERNS - 1)]
        return node


def is_quiet(snapshot: Snapshot, rows: Rows | slice) -> NDArray[np.bool_]:
    """Which of `rows` may be in a group, by role and outcome."""
    is_plain: NDArray[np.bool_] = among(snapshot.outcome[rows], _QUIET) & ~among(
        snapshot.role[rows], _CONTAINERS
    )
    return is_plain


def parent_of(key: int) -> int:
    """The row above all rows with a key; -1 for none."""
    return (key >> 27) - 1
