"""The tree with a node above the members of each group: they move to the place of the first of them.

Everything below moves along; siblings without groups keep their order.
"""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree


def with_groups(tree: Tree, of: Rows, slots: int) -> Tree:
    """`tree` with the groups that `of` names by row (their nodes are negative, 0 is none).

    Its arrays by node are longer by `slots`, so that numpy's index from the end finds a group's node.
    """
    members = tree.order[of[tree.order] < 0]
    nodes, first, index = np.unique(of[members], return_index=True, return_inverse=True)
    heads = members[first]
    position = _moved(tree, members, heads[index], heads)
    headers = np.sort(position[heads])
    above = np.searchsorted(headers, position[heads])
    size = _sizes(tree, heads)
    grown = _longer(tree.position, slots)
    grown[: len(position)] = position + np.searchsorted(headers, position, "right")
    grown[nodes] = position[heads] + above
    sizes = _longer(tree.size, slots)
    sizes[: len(size)] = size
    sizes[nodes] = 1 + np.bincount(index, size[members]).astype(np.int32) if len(members) else 1
    parent = _longer(tree.parent, slots, -1)
    parent[nodes] = tree.parent[heads]
    parent[members] = of[members]
    depth = _longer(tree.depth, slots)
    depth[nodes] = tree.depth[heads]
    order = np.empty(len(tree.order) + len(nodes), np.int32)
    order[grown[: len(position)]] = np.arange(len(position), dtype=np.int32)
    order[grown[nodes]] = nodes
    deeper = _stab(grown[members], sizes[members], np.ones(len(members), np.int64), len(order))
    depth[order] += deeper.astype(np.int32)
    return Tree(order, grown, parent, depth, sizes, tree.cycles)


def _longer(values: Rows, slots: int, fill: int = 0) -> Rows:
    return np.concatenate([values, np.full(slots, fill, np.int32)])


def _stab(start: Rows, size: Rows, value: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """By position the sum of the values of all stretches that cover it."""
    edges = np.bincount(start, value, count + 1)
    edges -= np.bincount(start.astype(np.int64) + size, value, count + 1)
    total: NDArray[np.int64] = np.cumsum(edges[:count]).astype(np.int64)
    return total


def _sizes(tree: Tree, heads: Rows) -> Rows:
    """The sizes of subtrees including the nodes of groups."""
    parents = tree.parent[heads]
    places = tree.position[parents[parents >= 0]]
    before = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(tree.position)))])
    more = before[tree.position.astype(np.int64) + tree.size] - before[tree.position]
    sizes: Rows = tree.size + more.astype(np.int32)
    return sizes


def _moved(tree: Tree, members: Rows, heads_of: Rows, heads: Rows) -> NDArray[np.int64]:
    """By row, the position after members have moved to the first of their group; without the new nodes."""
    concerned = np.zeros(len(tree.parent) + 1, np.bool_)
    concerned[tree.parent[heads]] = True
    anchor = tree.position.astype(np.int64)
    anchor[members] = tree.position[heads_of]
    children = tree.order[concerned[tree.parent[tree.order]]]
    parent = tree.parent[children]
    sort = np.argsort(parent.astype(np.int64) << 32 | anchor[children], kind="stable")
    children, parent = children[sort], parent[sort]
    sizes = tree.size[children].astype(np.int64)
    before = np.cumsum(sizes) - sizes
    firsts = np.flatnonzero(np.diff(parent, prepend=-2))
    lengths = np.diff(np.append(firsts, len(parent)))
    above = np.where(parent >= 0, tree.position[parent], -1)
    new = above + 1 + before - np.repeat(before[firsts], lengths)
    shift = new - tree.position[children]
    moved: NDArray[np.int64] = (
        tree.position
        + _stab(tree.position[children], tree.size[children], shift, len(tree.order))[tree.position]
    )
    return moved
