"""Siblings in an order other than that of their start, at every level of a tree."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree, sum_above, sum_before

Nanoseconds = NDArray[np.int64]


class Order(Enum):
    """The order of siblings: by start, the longest first, or those with a failure first."""

    TIME = "by time"
    DURATION = "by duration"
    FAILURES = "failures first"


def ordered(tree: Tree, order: Order, total: Nanoseconds, bad: NDArray[np.bool_]) -> Tree:
    """`tree` (also one with groups) in another `order`: O(n log n).

    `total` is by row in ns; a group takes as long as all of its members. `bad` marks failed rows.
    """
    if order is Order.TIME or not len(tree.order):
        return tree
    parent = tree.parent[tree.order]
    above = np.where(parent == -1, -1, tree.position[parent])
    if order is Order.DURATION:
        return _sorted(tree, above, -_lengths(tree, above, total))
    return _sorted(tree, above, -_holds(tree, bad).astype(np.int64))


def _lengths(tree: Tree, above: Rows, total: Nanoseconds) -> Nanoseconds:
    """By position how long each node takes."""
    is_group = tree.order < 0
    lengths = np.where(is_group, 0, total[np.maximum(tree.order, 0)])
    members = np.flatnonzero(above >= 0)
    members = members[is_group[above[members]]]
    np.add.at(lengths, above[members], lengths[members])
    return lengths


def _holds(tree: Tree, bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """By position whether anything at or below each node has failed."""
    marked = (tree.order >= 0) & bad[np.maximum(tree.order, 0)]
    before = np.concatenate([[0], np.cumsum(marked)])
    holds: NDArray[np.bool_] = before[np.arange(len(marked)) + tree.size[tree.order]] > before[:-1]
    return holds


def _sorted(tree: Tree, above: Rows, keys: Nanoseconds) -> Tree:
    """Siblings by `keys`, equal ones in their old order; keys and `above` are by position."""
    siblings = np.lexsort((keys, above)).astype(np.int32)
    place = sum_before(siblings, above, tree.size[tree.order])
    place += above >= 0
    place = sum_above(place, above)
    order = np.empty_like(tree.order)
    order[place] = tree.order
    position = tree.position.copy()
    position[order] = np.arange(len(order), dtype=position.dtype)
    return Tree(order, position, tree.parent, tree.depth, tree.size, tree.cycles)
