"""Updates the tree of an earlier snapshot: what is new is sorted in, the rest is copied.

What has changed (new spans, spans that found another parent) is taken out of the display order together with
everything below it, made into a small tree of its own, and its branches are inserted. The result is exactly
the tree that `tree.build` makes; None if building anew is called for.
"""

from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from tracetui.analysis.tree.tree import COMPARED, Rows, Tree, build
from tracetui.model.numbers.revisions import Revisions
from tracetui.store.snapshot import Snapshot

_MOST_BRANCHES = 4_000
_LARGEST_PART = 8
"""Where more than such a part of all spans has changed, all is built anew."""


class _Branch(NamedTuple):
    """A changed branch: where it goes in the display order of what stays, and below which row.

    `first` and `size` are its place in the small tree.
    """

    at: int
    depth: int
    first: int
    size: int
    parent: int


def grown(before: Tree, earlier: Snapshot, snapshot: Snapshot, revisions: Revisions) -> Tree | None:
    """The tree of `snapshot`, given that `before` is that of `earlier`: O(what has changed), and copies."""
    moved = moved_rows(before, earlier, snapshot)
    if moved is None:
        return None
    return rearranged(before, Gaps(before, moved), earlier, snapshot, snapshot.parent_row, revisions)


def rearranged(
    before: Tree, gaps: "Gaps", earlier: Snapshot, snapshot: Snapshot, parent: Rows, revisions: Revisions
) -> Tree | None:
    """The tree of `snapshot` with these parents, where what was in the `gaps` moves.

    In a tree with groups `parent` is by node. None if a group would move, or if too much has changed.
    """
    fresh = np.arange(len(earlier), len(snapshot), dtype=np.int32)
    rows = np.sort(np.concatenate((gaps.rows, fresh)))
    if len(rows) > 1000 + len(snapshot) // _LARGEST_PART or (len(rows) and rows[0] < 0):
        return None
    small = build(snapshot.part(rows, _parents_among(rows, parent[rows]), COMPARED))
    if small.cycles or len(small.roots) > _MOST_BRANCHES:
        return None
    places = _Places(before, earlier)
    tops = zip(gaps.tops, gaps.begins, strict=True)
    if any(begin == places.first(int(before.parent[top])) for top, begin in tops):
        return None
    branches = [_branch(int(root), small, rows, parent, snapshot, places) for root in small.roots.tolist()]
    if any(branch.at == places.first(branch.parent) for branch in branches):
        return None
    branches = [branch._replace(at=gaps.without(branch.at)) for branch in branches]
    branches.sort(key=lambda branch: (branch.at, -branch.depth))
    return _joined(before, len(earlier), parent, gaps, branches, small, rows, revisions)


def moved_rows(before: Tree, earlier: Snapshot, snapshot: Snapshot) -> Rows | None:
    """The rows whose place may have changed; None if unknown."""
    changed = snapshot.changes.since(earlier.changes)
    if changed is None or before.cycles or len(snapshot) < len(earlier):
        return None
    changed = changed[changed < len(earlier)]
    other = snapshot.parent_row[changed] != earlier.parent_row[changed]
    other |= snapshot.name_id[changed] != earlier.name_id[changed]  # Which decides between twins.
    moved: Rows = changed[other]
    return moved


def _parents_among(rows: Rows, parents: Rows) -> Rows:
    """The indices of `parents` in the ascending `rows`; -1 if they are not among them."""
    if not len(rows):
        return rows
    places = np.minimum(np.searchsorted(rows, parents), len(rows) - 1).astype(np.int32)
    return np.where(rows[places] == parents, places, np.int32(-1)).astype(np.int32)


class Gaps:
    """The stretches that are taken out of a display order, with the `rows` in them."""

    def __init__(self, tree: Tree, moved: Rows) -> None:
        self.tops: list[int] = []
        self.begins: list[int] = []
        self.ends: list[int] = []
        self._sums = [0]
        for row in moved[np.argsort(tree.position[moved])].tolist():
            begin = int(tree.position[row])
            if not self.ends or begin >= self.ends[-1]:
                self.tops.append(row)
                self.begins.append(begin)
                self.ends.append(begin + int(tree.size[row]))
                self._sums.append(self._sums[-1] + int(tree.size[row]))
        pieces = [tree.order[begin:end] for begin, end in zip(self.begins, self.ends, strict=True)]
        self.rows: Rows = np.concatenate((np.empty(0, np.int32), *pieces))

    def without(self, position: int) -> int:
        """How many rows before a position remain."""
        number = bisect_left(self.begins, position)
        over = max(0, self.ends[number - 1] - position) if number else 0
        return position - self._sums[number] + over


class _Places:
    """Finds the place of a span among its siblings."""

    def __init__(self, tree: Tree, earlier: Snapshot) -> None:
        self._tree = tree
        self._earlier = earlier

    def depth_below(self, parent: int) -> int:
        """The level of what is directly below `parent`."""
        return int(self._tree.depth[parent]) + 1 if parent != -1 else 0

    def first(self, group: int) -> int:
        """The position of the first member of a group; -1 if it is no group."""
        return int(self._tree.position[group]) + 1 if group < -1 else -1

    def of(self, row: int, parent: int, snapshot: Snapshot) -> int:
        """The position, in the order before, that a row of a later snapshot takes below `parent`."""
        tree = self._tree
        low = int(tree.position[parent]) + 1 if parent != -1 else 0
        high = low + int(tree.size[parent]) - 1 if parent != -1 else len(tree.order)
        middle = high - 1  # Most often it is the last one.
        while low < high:
            sibling = self._child(int(tree.order[middle]), parent)
            begin = int(tree.position[sibling])
            if self._is_before(sibling, snapshot, row):
                low = begin + int(tree.size[sibling])
            else:
                high = begin
            middle = (low + high) // 2
        return low

    def _is_before(self, sibling: int, snapshot: Snapshot, row: int) -> bool:
        if sibling < 0:
            sibling = int(self._tree.order[self.first(sibling)])
        one, other = self._earlier.start_ns[sibling], snapshot.start_ns[row]
        if one != other:
            return bool(one < other)
        return _key(self._earlier, sibling) < _key(snapshot, row)

    def _child(self, row: int, parent: int) -> int:
        """The row, itself or above, that is directly below `parent`."""
        while (above := int(self._tree.parent[row])) != parent:
            row = above
        return row


def _key(snapshot: Snapshot, row: int) -> tuple[int, str, str, int]:
    """The sort key of siblings that started together (as in `tree`)."""
    number = int(snapshot.span_ids(np.array([row]))[0])
    return number, snapshot.trace_id(row), snapshot.name(row), row


def _branch(root: int, small: Tree, rows: Rows, parent: Rows, snapshot: Snapshot, places: _Places) -> _Branch:
    row = int(rows[root])
    above = int(parent[row])
    at, depth = places.of(row, above, snapshot), places.depth_below(above)
    return _Branch(at, depth, int(small.position[root]), int(small.size[root]), above)


def _joined(
    before: Tree,
    known: int,
    parent: Rows,
    gaps: Gaps,
    branches: list[_Branch],
    small: Tree,
    rows: Rows,
    revisions: Revisions,
) -> Tree:
    """The earlier tree, of `known` rows, without its gaps, with the branches."""
    more = len(parent) - len(before.parent)
    count = len(before.order) + more
    kept = _without(before.order, gaps)
    pieces, last = list[Rows](), 0
    depth, size = (
        _with_groups(column, known, revisions.longer(column[:known], len(column) + more))
        for column in (before.depth, before.size)
    )
    position = revisions.instead(before.position, len(before.position) + more)
    position[:known] = before.position[:known]
    _with_groups(before.position, known, position)
    grown = [_add(size, before.parent, int(before.parent[top]), -int(before.size[top])) for top in gaps.tops]
    depth[rows], size[rows] = small.depth, small.size
    for branch in branches:
        members = rows[small.order[branch.first : branch.first + branch.size]]
        pieces += [kept[last : branch.at], members]
        last = branch.at
        depth[members] += branch.depth
        grown.append(_add(size, parent, branch.parent, branch.size))
    order = np.concatenate((*pieces, kept[last:]), out=revisions.instead(before.order, count))
    first = min([count, *gaps.begins, *(branch.at for branch in branches)])
    position[order[first:]] = np.arange(first, count, dtype=np.int32)
    revisions.wrote(depth, rows)
    sized = np.concatenate((rows, *grown))
    revisions.wrote(size, sized[sized >= 0])  # Groups are copied each time.
    return Tree(order, position, parent, depth, size, 0)


def _without(order: Rows, gaps: Gaps) -> Rows:
    if not gaps.begins:
        return order
    left = np.ones(len(order), np.bool_)
    for begin, end in zip(gaps.begins, gaps.ends, strict=True):
        left[begin:end] = False
    return order[left]


def _with_groups(values: Rows, rows: int, longer: Rows) -> Rows:
    """A longer array, with what `values` has behind so many rows, which is of groups, at its end."""
    groups = values[rows:]
    longer[len(longer) - len(groups) :] = groups
    return longer


def _add(size: Rows, parent: Rows, row: int, number: int) -> Rows:
    """Add to a node and all above it; returns these."""
    nodes = []
    while row != -1:
        size[row] += number
        nodes.append(row)
        row = int(parent[row])
    return np.array(nodes, np.int32)
