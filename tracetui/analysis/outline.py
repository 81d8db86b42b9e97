"""Which rows of the tree can be seen: all but those below a fold, or of runs left out.

Folding one row touches only its subtree and copies the list of what is visible; nothing else is worked out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree import Rows, Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Outline:
    """`visible` holds positions in the tree's display order, ascending; `folded` is by row."""

    tree: Tree
    folded: NDArray[np.bool_]
    visible: Rows

    def __len__(self) -> int:
        return len(self.visible)

    def row(self, index: int) -> int:
        """The row at a place in the outline."""
        return int(self.tree.order[self.visible[index]])

    def index(self, row: int) -> int:
        """The place of `row`, or of what it is folded under; 0 where neither is in the outline."""
        place = int(np.searchsorted(self.visible, self.tree.position[row], "right")) - 1
        return max(place, 0)

    def can_fold(self, row: int) -> bool:
        """Whether anything lies below `row`."""
        return int(self.tree.size[row]) > 1

    def toggled(self, row: int) -> "Outline":
        """The same with `row` folded, or unfolded."""
        folded = self.folded.copy()
        folded[row] = not folded[row]
        start = int(self.tree.position[row])
        end = start + int(self.tree.size[row])
        first, last = np.searchsorted(self.visible, (start, end))
        inside = start + np.flatnonzero(~_hidden(self.tree, folded, start, end))
        parts = (self.visible[:first], inside.astype(np.int32), self.visible[last:])
        return replace(self, folded=folded, visible=np.concatenate(parts))


def outline(snapshot: Snapshot, tree: Tree, chosen: Mapping[int, bool], since_ns: int = 0) -> Outline:
    """What is visible at first: all down to the tests, which are folded; `chosen` has the reader's own folds.

    Trees whose root started before `since_ns` are left out.
    """
    folded = (snapshot.role == Role.TEST) & (tree.size > 1)
    for row, fold in chosen.items():
        folded[row] = fold
    hidden = _hidden(tree, folded, 0, len(snapshot))
    roots = tree.roots
    for root in roots[snapshot.start_ns[roots] < since_ns]:
        start = int(tree.position[root])
        hidden[start : start + int(tree.size[root])] = True
    return Outline(tree, folded, np.flatnonzero(~hidden).astype(np.int32))


def _hidden(tree: Tree, folded: NDArray[np.bool_], start: int, end: int) -> NDArray[np.bool_]:
    """Which of the positions `start` to `end` lie below a fold that is itself at `start` or after."""
    rows = tree.order[start:end]
    folds = np.flatnonzero(folded[rows])
    edges = np.zeros(end - start + 1, np.int32)
    np.add.at(edges, folds + 1, 1)
    np.add.at(edges, folds + tree.size[rows[folds]], -1)
    return np.cumsum(edges[:-1]) > 0
