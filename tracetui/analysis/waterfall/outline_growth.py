"""Updates the visible nodes for a changed tree: folds that stay cost copies."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.waterfall.outline import LEFT_OUT
from tracetui.model.numbers.distinct import distinct

Marked = NDArray[np.bool_]


def longer(values: Marked, rows: int, more: int) -> Marked:
    """Values by node, with room for `more` rows behind the first ones; those of groups stay at the end."""
    extended = np.zeros(len(values) + more, np.bool_)
    extended[:rows], extended[rows + more :] = values[:rows], values[rows:]
    return extended


def levels(carried: Rows, tree: Tree, folded: Marked, flipped: Rows, moved: Rows) -> Rows:
    """How many of `folded` are above each position, given the old numbers `carried` there. In place.

    Those that are `flipped` were folded and are not, or the other way round; `moved` are rows that are new or
    elsewhere.
    """
    for node in flipped.tolist():
        begin = int(tree.position[node]) + 1
        carried[begin : begin + int(tree.size[node]) - 1] += 1 if folded[node] else -1
    depth = tree.depth[moved]
    for level in distinct(depth).tolist():
        rows = moved[depth == level]
        above = tree.parent[rows]
        known = carried[tree.position[above]] % LEFT_OUT + folded[above]
        carried[tree.position[rows]] = np.where(above == -1, 0, known)
    return carried


def leave_out(marked: Rows, tree: Tree, rows: Rows, out: Marked) -> None:
    """Mark, in such levels, those of `rows` that are `out`, and unmark the others of them."""
    places = tree.position[rows]
    marked[places] = marked[places] % LEFT_OUT + out * np.int32(LEFT_OUT)
