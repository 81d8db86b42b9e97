"""Which nodes of a tree are visible: all except those below a fold, or left out.

The whole is computed once, away from the screen. After that a fold cuts a stretch out of the list and an
unfold inserts one: that costs what becomes visible, and the rest is neither looked at nor copied.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree

LEFT_OUT = 1 << 24
"""As many folds as no tree has: what lies below them is never seen."""


class Outline(Struct, frozen=True, eq=False):
    """The visible nodes, as positions in the tree's display order: ascending, in `pieces`.

    `folded` says by node what is folded unless `chosen`, the user's own folds, says otherwise. `levels` are
    by position: how many of `folded` are above. `starts` and `firsts` are the index and the position of the
    first of each piece.
    """

    tree: Tree
    folded: NDArray[np.bool_]
    levels: Rows
    chosen: Mapping[int, bool]
    pieces: Sequence[Rows]
    starts: Sequence[int]
    firsts: Sequence[int]

    def __len__(self) -> int:
        return self.starts[-1] + len(self.pieces[-1]) if self.pieces else 0

    def node(self, index: int) -> int:
        """The node at an index of the outline."""
        piece = bisect_right(self.starts, index) - 1
        return int(self.tree.order[self.pieces[piece][index - self.starts[piece]]])

    def index(self, node: int) -> int:
        """The index of `node`, or of the node it is folded under; 0 if neither is in the outline."""
        return max(0, self._before(int(self.tree.position[node]) + 1) - 1)

    def can_fold(self, node: int) -> bool:
        """Whether anything is below `node`."""
        return int(self.tree.size[node]) > 1

    def is_folded(self, node: int) -> bool:
        """Whether what is below `node` is hidden."""
        return self.chosen.get(node, bool(self.folded[node]))

    def toggled(self, node: int) -> "Outline":
        """The same with `node`, which is visible, folded or unfolded."""
        fold = not self.is_folded(node)
        start = int(self.tree.position[node])
        first, last = self._before(start + 1), self._before(start + int(self.tree.size[node]))
        inside = [] if fold else [self._inside(node)]
        pieces = [*self._cut(0, first), *inside, *self._cut(last, len(self))]
        return _outline(self.tree, self.folded, self.levels, {**self.chosen, node: fold}, pieces)

    def _before(self, position: int) -> int:
        """How many visible nodes are before a position."""
        piece = bisect_left(self.firsts, position) - 1
        # Not by numpy: its search lets other threads in, and busy ones take their time.
        return self.starts[piece] + bisect_left(self.pieces[piece], position) if piece >= 0 else 0

    def _cut(self, first: int, last: int) -> list[Rows]:
        """The pieces of a stretch of indexes."""
        pieces = []
        for piece, start in zip(self.pieces, self.starts, strict=True):
            if start < last and start + len(piece) > first:
                pieces.append(piece[max(0, first - start) : last - start])
        return pieces

    def _inside(self, node: int) -> Rows:
        """The positions below `node` that no fold further down hides."""
        tree, start = self.tree, int(self.tree.position[node])
        end = start + int(tree.size[node])
        levels = self.levels[start + 1 : end]
        bare = int(self.levels[start]) + int(self.folded[node])
        own = [row for row in self.chosen if start < tree.position[row] < end]
        if own:
            levels = _with_own(tree, levels.copy(), self.folded, self.chosen, own, start + 1)
        return (start + 1 + np.flatnonzero(levels == bare)).astype(np.int32)


def outline(
    tree: Tree,
    folded: NDArray[np.bool_],
    chosen: Mapping[int, bool],
    left_out: NDArray[np.bool_] | None = None,
) -> Outline:
    """The visible nodes of `tree`; `left_out` marks by position what is never visible."""
    count = len(tree.order)
    folds = tree.order[folded[tree.order]]
    start = tree.position[folds].astype(np.int64)
    edges = np.bincount(start + 1, minlength=count + 1)
    edges -= np.bincount(start + tree.size[folds], minlength=count + 1)
    levels = np.cumsum(edges[:count], dtype=np.int32)
    if left_out is not None:
        levels[left_out] += LEFT_OUT
    return of_levels(tree, folded, levels, chosen)


def of_levels(tree: Tree, folded: NDArray[np.bool_], levels: Rows, chosen: Mapping[int, bool]) -> Outline:
    """The visible nodes, given how many of `folded` are above each position."""
    seen = _with_own(tree, levels.copy(), folded, chosen, chosen, 0) if chosen else levels
    return _outline(tree, folded, levels, chosen, [np.flatnonzero(seen == 0).astype(np.int32)])


def _outline(
    tree: Tree,
    folded: NDArray[np.bool_],
    levels: Rows,
    chosen: Mapping[int, bool],
    pieces: Sequence[Rows],
) -> Outline:
    full = [piece for piece in pieces if len(piece)]
    starts = [0]
    for piece in full[:-1]:
        starts.append(starts[-1] + len(piece))
    firsts = [int(piece[0]) for piece in full]
    return Outline(tree, folded, levels, chosen, full, starts[: len(full)], firsts)


def _with_own(
    tree: Tree,
    levels: Rows,
    folded: NDArray[np.bool_],
    chosen: Mapping[int, bool],
    nodes: Sequence[int] | Mapping[int, bool],
    offset: int,
) -> Rows:
    """`levels`, which begin at position `offset`, with what the reader chose for `nodes`."""
    for node in nodes:
        change = int(chosen[node]) - int(folded[node])
        if change:
            begin = int(tree.position[node]) + 1 - offset
            levels[begin : begin + int(tree.size[node]) - 1] += change
    return levels
