"""A filter applied to one revision: what matches, what stays visible around that, what is hidden."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.query.filters.evaluate import NO_COLUMNS, Columns, evaluate
from tracetui.analysis.query.filters.syntax import Node
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Tree

Rows = NDArray[np.bool_]


class Lens(Struct, frozen=True, eq=False):
    """`matched` is by row whether it matches the filter, `visible` whether it or anything below it does.

    `text` is the filter as written (foreign text if it came from a file).
    """

    text: str
    matched: Rows
    visible: Rows

    def hidden(self, among: Rows) -> int:
        """How many of the rows that `among` marks are hidden."""
        return int(np.count_nonzero(among & ~self.visible))


def lens(text: str, node: Node, findings: Findings, columns: Columns = NO_COLUMNS) -> Lens:
    """Applies a filter to a revision: O(n)."""
    matched = evaluate(node, findings, columns)
    return Lens(text, matched, with_ancestors(findings.tree, matched))


def with_ancestors(tree: Tree, matched: Rows) -> Rows:
    """`matched`, and all rows above: those whose subtree contains a match."""
    before = np.concatenate([[0], np.cumsum(matched[tree.order])])
    kept: Rows = before[tree.position + tree.size] > before[tree.position]
    return kept
