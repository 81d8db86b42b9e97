"""The tree of spans in display order: every span exactly once, whatever the parents say.

Siblings are in order of their start. A cycle of parents is cut above its oldest span, which becomes a root.
There is no recursion and no Python loop over spans, except over cycles and in trees thousands of levels deep.
"""

from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.families import grouped, in_order
from tracetui.model.numbers.both import Both, in_turn
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.int32]

_MOST_LEVELS = 1000
COMPARED = frozenset(("start_ns", "key", "trace_index", "name_id"))
"""The columns that a tree comes from, beside parents."""
_MOST_STEPS, _FEW_STEPS = 64, 8
_MANY_PART = 16
"""Where as many rows as such a part of all are asked for what is above them, their parents are."""


class Tree(Struct, frozen=True, eq=False, dict=True):
    """`order` holds rows in display order (depth first); `position` is its inverse.

    `parent`, `depth` and `size` are by row: the parent's row or -1, the level (0 for roots), and how many
    spans the subtree holds, including itself. A subtree is `order[position : position + size]`. In a tree
    with groups (`analysis.grouped`) these are by node, and the nodes of groups are below -1.
    """

    order: Rows
    position: Rows
    parent: Rows
    depth: Rows
    size: Rows
    cycles: int

    def subtree(self, row: int) -> Rows:
        """The rows below and including `row`, in display order."""
        start = int(self.position[row])
        return self.order[start : start + int(self.size[row])]

    def ancestors(self, row: int) -> list[int]:
        """The rows above `row`, the nearest first."""
        ancestors: list[int] = []
        parent = int(self.parent[row])
        while parent != -1:
            ancestors.append(parent)
            parent = int(self.parent[parent])
        return ancestors

    @cached_property
    def roots(self) -> Rows:
        """The rows without a parent, in display order."""
        rows = np.flatnonzero(self.parent < 0).astype(np.int32)
        return rows[np.argsort(self.position[rows])]


def build(snapshot: Snapshot, both: Both = in_turn) -> Tree:
    """The tree of a snapshot: O(n log n) for n spans."""
    parent = snapshot.parent_row.copy()

    def levels() -> tuple[int, Rows, Rows]:
        cycles = _cut_cycles(parent, snapshot)
        depth = sum_above((parent >= 0).astype(np.int32), parent)
        return cycles, depth, _sizes(parent, depth)

    (cycles, depth, size), siblings = both(levels, lambda: _siblings(snapshot, snapshot.parent_row))
    if cycles:  # Some have other parents now.
        siblings = _siblings(snapshot, parent)
    before = sum_before(siblings, parent, size)
    before += parent >= 0
    position = sum_above(before, parent)
    order = np.empty(len(parent), np.int32)
    order[position] = np.arange(len(parent), dtype=np.int32)
    return Tree(order, position, parent, depth, size, cycles)


def nearest(stop: NDArray[np.bool_], parent: Rows, rows: NDArray[np.signedinteger] | None = None) -> Rows:
    """For each row, or each of `rows`, the nearest row, itself or above, that `stop` marks; -1 for none."""
    stops = np.arange(len(parent), dtype=np.int32) if rows is None else rows.astype(np.int32)
    left = np.flatnonzero(~stop[stops] & (parent[stops] >= 0))
    for _ in range(_FEW_STEPS):
        if not len(left):
            break
        above = stops[left] = parent[stops[left]]
        left = left[~stop[above] & (parent[above] >= 0)]
    else:
        stops[left] = _nearest_of_deep(stop, parent)[stops[left]]
    stops[~stop[stops]] = -1
    return stops


def _nearest_of_deep(stop: NDArray[np.bool_], parent: Rows) -> Rows:
    """The nearest row that `stop` marks, else the root: by pointer jumping, for trees of many levels."""
    stops = np.where(stop | (parent < 0), np.arange(len(parent), dtype=np.int32), parent)
    while not np.array_equal(further := stops[stops], stops):
        stops = further
    return stops


def nearest_above(stop: NDArray[np.bool_], parent: Rows) -> Rows:
    """The same, excluding each row itself."""
    stops: Rows = nearest(stop, parent)[parent]
    stops[parent < 0] = -1
    return stops


def outermost(marked: NDArray[np.bool_], parent: Rows) -> NDArray[np.bool_]:
    """Which `marked` rows are below none of the others."""
    is_outermost = marked.copy()
    rows = np.flatnonzero(marked)
    is_outermost[rows] = _marked_above(marked, parent, rows) < 0
    return is_outermost


def marked_above(marked: NDArray[np.bool_], tree: Tree, rows: NDArray[np.signedinteger]) -> Rows:
    """The nearest marked row above each of `rows`, -1 for none."""
    return _marked_above(marked, tree.parent, rows)


def _marked_above(marked: NDArray[np.bool_], parent: Rows, rows: NDArray[np.signedinteger]) -> Rows:
    """The same by way of the distinct parents, which are few."""
    above: Rows = parent[rows]
    if len(rows) < len(parent) // _MANY_PART:
        return _marked_from(marked, parent, above)
    is_parent = np.zeros(len(parent) + 1, np.bool_)
    is_parent[above] = True
    parents = np.flatnonzero(is_parent[:-1]).astype(np.int32)
    stops = np.empty(len(parent) + 1, np.int32)
    stops[parents], stops[-1] = _marked_from(marked, parent, parents), -1
    return stops[above]


def _marked_from(marked: NDArray[np.bool_], parent: Rows, rows: Rows) -> Rows:
    """For each of `rows` (-1 for none) the nearest marked row, itself or above: mostly a few steps up
    suffice.
    """
    stops = rows.copy()
    wrong = np.arange(len(rows))
    for _ in range(_MOST_STEPS):
        wrong = wrong[(stops[wrong] >= 0) & ~marked[stops[wrong]]]
        if not len(wrong):
            return stops
        stops[wrong] = parent[stops[wrong]]
    return np.where(rows >= 0, nearest(marked, parent)[rows], np.int32(-1))


def subtrees(rows: Rows, tree: Tree) -> Rows:
    """Each row at or below one of `rows` once, in display order."""
    pieces, reached = [np.empty(0, np.int32)], 0
    for first in np.sort(tree.position[rows]).tolist():
        until = first + int(tree.size[tree.order[first]])
        if until > reached:
            pieces.append(tree.order[max(first, reached) : until])
            reached = until
    return np.concatenate(pieces)


def sum_above(values: Rows, parent: Rows) -> Rows:
    """For each row the sum of `values` over itself and all above it (pointer jumping: log(depth) passes)."""
    total = values.copy()
    above = parent.copy()
    are_below, live = _below(parent)
    leaves = np.flatnonzero(are_below)
    while len(live):
        upper = above[live]
        total[live] += total[upper]
        above[live] = above[upper]
        live = live[above[live] >= 0]
    total[leaves] += total[parent[leaves]]
    return total


def _below(parent: Rows) -> tuple[NDArray[np.bool_], Rows]:
    """What is below others: which rows without children, and those that have some, which are few."""
    are_below = parent >= 0
    have_children = np.zeros(len(parent) + 1, np.bool_)
    have_children[parent] = True  # -1 is the last.
    return are_below & ~have_children[:-1], np.flatnonzero(are_below & have_children[:-1]).astype(np.int32)


def _cut_cycles(parent: Rows, snapshot: Snapshot) -> int:
    """Make the oldest span of each cycle a root, in place; returns the number of cycles."""
    above = parent.copy()
    live = _below(parent)[1]
    for _ in range(len(parent).bit_length()):
        above[live] = above[above[live]]
        live = live[above[live] >= 0]
    cycles = 0
    done: set[int] = set()
    for start_row in live.tolist():
        row, chain = start_row, dict[int, None]()
        while row >= 0 and row not in chain and row not in done:
            chain[row] = None
            row = int(parent[row])
        if row in chain:
            members = list(chain)[list(chain).index(row) :]
            parent[min(members, key=lambda row: _age(snapshot, row))] = -1
            cycles += 1
        done.update(chain)
    return cycles


def _age(snapshot: Snapshot, row: int) -> tuple[int, str, str]:
    return int(snapshot.start_ns[row]), snapshot.span_id_text(row), snapshot.name(row)


def _sizes(parent: Rows, depth: Rows) -> Rows:
    size = np.bincount(parent[parent >= 0], minlength=len(parent)).astype(np.int32)
    size += 1
    levels = int(depth.max(initial=0))
    # Every row is counted by its parent; what is below it is added to that.
    inner = np.flatnonzero((size > 1) & (parent >= 0))
    deepest_first = inner[np.argsort(-depth[inner], kind="stable")]
    if levels > _MOST_LEVELS:
        sizes, parents = size.tolist(), parent.tolist()
        for row in deepest_first.tolist():
            sizes[parents[row]] += sizes[row] - 1
        return np.array(sizes, np.int32)
    ends = np.searchsorted(-depth[deepest_first], np.arange(-levels, 0), "right")
    begin = 0
    for end in map(int, ends):
        rows = deepest_first[begin:end]
        np.add.at(size, parent[rows], size[rows] - 1)
        begin = end
    return size


def _siblings(snapshot: Snapshot, parent: Rows) -> Rows:
    """All rows, grouped by parent, siblings by start, then by ids and name, independent of order of
    arrival.
    """
    rows = in_order(grouped(parent), snapshot.start_ns, parent)
    start, parents = snapshot.start_ns[rows], parent[rows]
    same = (start[1:] == start[:-1]) & (parents[1:] == parents[:-1])
    if same.any():
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        for begin, end in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
            rows[begin:end] = _without_ties(snapshot, rows[begin:end])
    return rows


def _without_ties(snapshot: Snapshot, rows: Rows) -> list[int]:
    """Rows that started together, by ids and name."""
    ids = dict(zip(rows.tolist(), snapshot.span_ids(rows).tolist(), strict=True))
    return sorted(ids, key=lambda row: (ids[row], snapshot.trace_id(row), snapshot.name(row)))


def sum_before(siblings: Rows, parent: Rows, size: Rows) -> Rows:
    """For each row the sizes of the siblings before it."""
    groups = parent[siblings]
    first = np.flatnonzero(np.concatenate([[True], np.diff(groups) != 0])) if len(groups) else groups
    lengths = np.diff(np.append(first, len(groups)))
    sizes = size[siblings]
    running = np.cumsum(sizes, dtype=np.int64)
    running -= sizes
    running -= np.repeat(running[first], lengths)
    before = np.empty(len(parent), np.int32)
    before[siblings] = running
    return before
