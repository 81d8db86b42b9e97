"""Updates the groups of an earlier study: members are added and removed, groups stay.

The result is exactly that of `Grouper.groups`; None if a group forms or falls apart.
"""

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.waterfall.arrangement_change import IsAlone, Marked
from tracetui.analysis.waterfall.sibling_groups import Grouper, Grouping, Groups, Keys, is_quiet, parent_of

_SMALL = 4096
"""In a sub-tree of so many, what is directly below its top is looked for there, else among all."""


def grown(
    grouper: Grouper, before: Groups, now: Findings, rows: Rows, is_alone: IsAlone, grouping: Grouping
) -> Groups | None:
    """The groups of findings in which only `rows` (ascending) can have been added, removed or moved.

    What was shown before is what the last groups left alone (see `Grouper.shown`).
    """
    may = is_quiet(now.snapshot, rows) & ~is_alone(rows)
    nodes = np.zeros(len(rows), np.int32)
    if grouping is not Grouping.NEVER:
        keys = grouper.keys(now.snapshot, now.tree, rows[may])
        nodes[may] = [grouper.nodes.get(key, 0) for key in keys.tolist()]
        nodes[~np.isin(nodes, list(before.bounds))] = 0
        others = keys[nodes[may] == 0]
        if _makes_one(grouper, others, now, is_alone, grouping) or _breaks_one(
            grouper, before, rows, nodes, grouping
        ):
            return None
    if grouping is Grouping.AUTO:
        grouper.shown = _with(grouper.shown, len(now.snapshot), rows, may & (nodes == 0))
    return _joined(before, now, rows, nodes)


def _makes_one(grouper: Grouper, keys: Keys, now: Findings, is_alone: IsAlone, grouping: Grouping) -> bool:
    """Whether added rows with such `keys` form a group, together with the others."""
    large, counts = np.unique(keys, return_counts=True)
    if grouping is Grouping.AUTO:  # There are none but those that were shown.
        large = large[counts >= grouping.value]
    for parent, some in _by_parent(large).items():
        if parent != -1 and now.tree.size[parent] <= grouping.value:
            continue
        rows = _children(now.tree, parent)
        rows = rows[is_quiet(now.snapshot, rows) & ~is_alone(rows)]
        theirs = grouper.keys(now.snapshot, now.tree, rows)
        shown = grouper.were_shown(rows) if grouping is Grouping.AUTO else np.zeros(len(rows), np.bool_)
        for key in some:
            same = theirs == key
            if np.count_nonzero(same) >= grouping.value and not shown[same].any():
                return True
    return False


def _by_parent(keys: Keys) -> Mapping[int, list[int]]:
    by_parent: dict[int, list[int]] = {}
    for key in keys.tolist():
        by_parent.setdefault(parent_of(key), []).append(key)
    return by_parent


def _children(tree: Tree, parent: int) -> Rows:
    if parent != -1 and tree.size[parent] < _SMALL:
        below = tree.subtree(parent)
        children: Rows = below[tree.parent[below] == parent]
        return children
    return np.flatnonzero(tree.parent == parent).astype(np.int32)


def _breaks_one(grouper: Grouper, before: Groups, rows: Rows, nodes: Rows, grouping: Grouping) -> bool:
    """Whether a group has too few members left, or a member that was shown by itself before."""
    known = rows < len(before.of)
    left, joined = before.of[rows[known]], nodes[nodes < 0]
    if grouping is Grouping.AUTO and grouper.were_shown(rows[nodes < 0]).any():
        return True
    for node in {*left[left < 0].tolist()}:
        first, last = before.bounds[node]
        if last - first - np.count_nonzero(left == node) + np.count_nonzero(joined == node) < grouping.value:
            return True
    return False


def _with(marked: Marked, count: int, rows: Rows, values: Marked) -> Marked:
    extended = np.zeros(count, np.bool_)
    extended[: len(marked)] = marked
    extended[rows] = values
    return extended


def _joined(before: Groups, now: Findings, rows: Rows, nodes: Rows) -> Groups:
    """The groups if `rows` have these `nodes`."""
    of = np.zeros(len(now.snapshot), np.int32)
    if before.bounds:
        of[: len(before.of)] = before.of
        of[rows] = nodes
    old = rows[rows < len(before.of)]
    touched = {*before.of[old].tolist(), *nodes.tolist()} - {0}
    if not touched:
        return replace(before, of=of, snapshot=now.snapshot, times=now.times)
    pieces, bounds, begin = list[Rows](), dict[int, tuple[int, int]](), 0
    for node, (first, last) in before.bounds.items():
        piece = before.rows[first:last]
        if node in touched:
            piece = _members(piece, old, rows[nodes == node], now.tree)
        pieces.append(piece)
        bounds[node] = begin, begin + len(piece)
        begin += len(piece)
    return replace(
        before, of=of, rows=np.concatenate(pieces), bounds=bounds, snapshot=now.snapshot, times=now.times
    )


def _members(before: Rows, changed: Rows, come: Rows, tree: Tree) -> Rows:
    """The members of a group, without the `changed` ones and with those that have `come`: in display
    order.
    """
    kept = before[~np.isin(before, changed)]
    come = come[np.argsort(tree.position[come])]
    return np.insert(kept, np.searchsorted(tree.position[kept], tree.position[come]), come)
