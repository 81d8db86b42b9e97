"""The contents of a waterfall for one revision, computed away from the screen: nodes, folds, groups,
marks.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui.analysis.counting.titles import Titles
from tracetui.analysis.history.slow import Slow, slow_tests
from tracetui.analysis.jobs.services import Services, services
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.concurrency import Concurrency, skyline
from tracetui.analysis.tree.sibling_order import Order, ordered
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.waterfall.marks import Marks, marks
from tracetui.analysis.waterfall.outline import Outline, outline
from tracetui.analysis.waterfall.sibling_groups import Group, Grouper, Grouping, Groups
from tracetui.analysis.waterfall.tree_with_groups import with_groups
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, WORK, Role
from tracetui.store.snapshot import Snapshot
from tracetui.text import Shared


class View(Struct, frozen=True):
    """How the user wants to see the tree.

    `chosen` are folds by node. They win over `children`, pairs of a node and whether its direct children are
    folded, and those over `depth`: deeper levels are folded; if it is None tests are. Rows that `kept` does
    not mark are left out. Siblings are in `order`.
    """

    grouping: Grouping = Grouping.AUTO
    depth: int | None = None
    children: Sequence[tuple[int, bool]] = ()
    chosen: Mapping[int, bool] = field(default_factory=dict)
    kept: NDArray[np.bool_] | None = None
    order: Order = Order.TIME


class Arrangement(Struct, frozen=True, eq=False):
    """One revision, arranged. `failed` and `slow` are marks to jump to; `work` are tests, hooks and
    archivers.

    All three are nodes with their positions, ascending. `services` are those of a recording that is no test
    run, if there are several. `names` is what the titles of tests have in common.
    """

    findings: Findings
    view: View
    groups: Groups
    outline: Outline
    skyline: Concurrency
    failed: Marks
    slow: Marks
    work: Marks
    services: Services | None
    names: Shared

    _group: dict[int, Group] = field(default_factory=dict)

    def group(self, node: int) -> Group:
        """The group behind a node."""
        if node not in self._group:
            self._group[node] = self.groups.group(node)
        return self._group[node]

    def below(self, node: int) -> Rows:
        """The tests, hooks and archivers below a node."""
        first = int(self.tree.position[node])
        return self.work.between(first + 1, first + int(self.tree.size[node]))

    @property
    def tree(self) -> Tree:
        """The tree with groups."""
        return self.outline.tree


def arrange(
    findings: Findings,
    view: View,
    grouper: Grouper,
    *,
    settled: bool,
    slow: Slow | None = None,
    titles: Titles | None = None,
) -> Arrangement:
    """Everything that a waterfall needs of `findings` in a `view`: O(n log n).

    `slow` and `titles` may be given if already known.
    """
    snapshot, times = findings.snapshot, findings.times
    out = np.zeros(len(snapshot), np.bool_) if view.kept is None else ~view.kept
    seen = ~out
    slow_rows = (slow or slow_tests(findings, seen)).rows
    alone = out.copy()
    alone[slow_rows] = True
    groups = grouper.groups(snapshot, findings.tree, times, view.grouping, alone, settled=settled)
    tree = with_groups(findings.tree, groups.of, groups.slots) if groups.slots > 1 else findings.tree
    tree = ordered(tree, view.order, times.total[:], among(snapshot.outcome, BAD) & seen)
    folded = np.empty(len(tree.position), np.bool_)
    for nodes in (np.arange(len(snapshot)), np.arange(len(snapshot), len(folded)) - len(folded)):
        folded[nodes] = is_folded(findings, view, tree, nodes)
    return Arrangement(
        findings=findings,
        view=view,
        groups=groups,
        outline=outline(tree, folded, view.chosen, _by_position(tree, out)),
        skyline=skyline(snapshot, times, seen),
        failed=marks(tree, np.flatnonzero(is_bad(snapshot, slice(None)) & seen)),
        slow=marks(tree, slow_rows),
        work=marks(tree, np.flatnonzero(among(snapshot.role, WORK) & seen)),
        services=services(findings.written),
        names=(titles or Titles()).shared(snapshot),
    )


def is_bad(snapshot: Snapshot, rows: Rows | slice) -> NDArray[np.bool_]:
    """Which of `rows` are failed tests."""
    bad = among(snapshot.outcome[rows], BAD)
    is_bad_test: NDArray[np.bool_] = bad & (snapshot.role[rows] == Role.TEST)
    return is_bad_test


def _by_position(tree: Tree, out: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    if not out.any():
        return None
    longer = np.zeros(len(tree.position), np.bool_)
    longer[: len(out)] = out
    by_position: NDArray[np.bool_] = longer[tree.order]
    return by_position


def is_folded(
    findings: Findings, view: View, tree: Tree, nodes: NDArray[np.signedinteger]
) -> NDArray[np.bool_]:
    """Which of `nodes` are folded before the user's own folds."""
    if view.depth is None:
        folded = nodes < 0
        spans = nodes[~folded]
        folded[~folded] = findings.snapshot.role[spans] == Role.TEST
    else:
        folded = tree.depth[nodes] >= view.depth
    for node, fold in view.children:
        folded[tree.parent[nodes] == node] = fold
    folded &= tree.size[nodes] > 1
    return folded
