"""A filter at work on one revision: what it means, what stays in sight around that, what is hidden."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.query.filters.evaluate import NO_COLUMNS, Columns, evaluate
from tracetui.analysis.query.filters.syntax import Node
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Tree

Rows = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lens:
    """`matched` is by row what the filter means, `visible` that and everything above it.

    `text` is the filter as written (foreign text where it came from a file).
    """

    text: str
    matched: Rows
    visible: Rows

    def hidden(self, among: Rows) -> int:
        """How many of the rows that `among` marks cannot be seen."""
        return int(np.count_nonzero(among & ~self.visible))


def lens(text: str, node: Node, findings: Findings, columns: Columns = NO_COLUMNS) -> Lens:
    """What a filter makes of a revision: O(n)."""
    matched = evaluate(node, findings, columns)
    return Lens(text, matched, with_ancestors(findings.tree, matched))


def with_ancestors(tree: Tree, matched: Rows) -> Rows:
    """`matched`, and all rows above: those whose subtree holds a match."""
    before = np.concatenate([[0], np.cumsum(matched[tree.order])])
    kept: Rows = before[tree.position + tree.size] > before[tree.position]
    return kept
