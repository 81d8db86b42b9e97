"""Updates everything that depends on places in a grown tree: marks, and visible nodes."""

import numpy as np

from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.tree_growth import Gaps
from tracetui.analysis.waterfall import marks, outline_growth
from tracetui.analysis.waterfall.arrangement import is_folded
from tracetui.analysis.waterfall.arrangement_change import Changed, Marked
from tracetui.analysis.waterfall.display_moves import moves
from tracetui.analysis.waterfall.marks import Marks
from tracetui.analysis.waterfall.outline import Outline, of_levels
from tracetui.model.numbers.distinct import distinct


class Placed:
    """A newer `tree` than the last one: `moved` are new rows and those that were in the `gaps`.

    `rows` are these and all that have changed; both ascend.
    """

    def __init__(self, changed: Changed, gaps: Gaps, tree: Tree) -> None:
        self._changed = changed
        self._tree = tree
        new = changed.rows[len(changed.old) :]
        self.moved = distinct(np.concatenate((gaps.rows, new)))
        self.rows = distinct(np.concatenate((changed.rows, gaps.rows)))
        self._old = self.rows[self.rows < changed.first]
        self._gone = np.sort(changed.last.tree.position[self._old])
        self._moves = moves(gaps, tree, self.moved)

    def marks(self, before: Marks, marked: Marked) -> Marks:
        """Some rows in display order, of `rows` those that are `marked`."""
        come = self.rows[marked & self._changed.are_seen(self.rows)]
        return marks.grown(before, self._moves, self._gone, marks.marks(self._tree, come))

    def outline(self) -> Outline:
        """The visible nodes."""
        changed, tree, before = self._changed, self._tree, self._changed.last.outline
        nodes = self._fold_anew()
        folded = outline_growth.longer(before.folded, changed.first, len(tree.parent) - len(before.folded))
        folded[nodes] = is_folded(changed.now, changed.view, tree, nodes)
        stay = nodes[~np.isin(nodes, self.moved)]
        flipped = stay[before.folded[stay] != folded[stay]]
        out = self.rows, ~changed.are_seen(self.rows)
        levels = outline_growth.levels(self._moves.carried(before.levels), tree, folded, flipped, self.moved)
        outline_growth.leave_out(levels, tree, *out)
        return of_levels(tree, folded, levels, changed.view.chosen)

    def _fold_anew(self) -> Rows:
        """The nodes whose default fold may have changed."""
        left = self.moved[self.moved < self._changed.first]
        above = self._tree.parent[self.moved], self._changed.last.tree.parent[left]
        nodes = distinct(np.concatenate((self.rows, *above)))
        shown: Rows = nodes[nodes != -1]
        return shown
