"""What a waterfall shows of one revision, worked out away from the screen: nodes, folds, groups, waymarks."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import among
from tracetui.analysis.findings import Findings
from tracetui.analysis.grouped import with_groups
from tracetui.analysis.groups import Group, Grouper, Grouping, Groups
from tracetui.analysis.outline import Outline, outline
from tracetui.analysis.skyline import Skyline, skyline
from tracetui.analysis.slow import slow_tests
from tracetui.analysis.tree import Rows, Tree
from tracetui.model.role import Outcome, Role

_WORK = (Role.TEST, Role.HOOK, Role.ARCHIVER)


@dataclass(frozen=True)
class View:
    """How the reader wants to see the tree.

    `chosen` are folds by node. Before them count `children`, pairs of a node and whether what lies directly
    below it is folded, and before those `depth`: what is deeper is folded; where it is None tests are.
    Rows that `kept` does not mark are left out.
    """

    grouping: Grouping = Grouping.AUTO
    depth: int | None = None
    children: Sequence[tuple[int, bool]] = ()
    chosen: Mapping[int, bool] = field(default_factory=dict)
    kept: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Arrangement:
    """One revision, arranged. `failed` and `slow` are waymarks; `work` are tests, hooks and archivers.

    All three are nodes, with their positions beside them, ascending.
    """

    findings: Findings
    view: View
    groups: Groups
    outline: Outline
    skyline: Skyline
    failed: "Marks"
    slow: "Marks"
    work: "Marks"

    _group: dict[int, Group] = field(default_factory=dict)

    def group(self, node: int) -> Group:
        """What stands behind the node of a group."""
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


@dataclass(frozen=True, eq=False)
class Marks:
    """Some rows, and their positions in the display order, ascending.

    Looked up by `bisect`, as the screen does it for each line: numpy's search lets other threads in, and in a
    busy process it takes milliseconds until they let go.
    """

    rows: Rows
    positions: Rows

    def next(self, position: int, direction: int) -> int | None:
        """The nearest row after a position, or before it for a negative `direction`."""
        place = (
            bisect_right(self.positions, position)
            if direction > 0
            else bisect_left(self.positions, position) - 1
        )
        return int(self.rows[place]) if 0 <= place < len(self.rows) else None

    def between(self, first: int, last: int) -> Rows:
        """The rows at positions from `first` up to `last`, the end left out."""
        begin = bisect_left(self.positions, first)
        return self.rows[begin : bisect_left(self.positions, last, begin)]


def marks(tree: Tree, rows: NDArray[np.intp] | Rows) -> Marks:
    """`rows` in display order."""
    positions = tree.position[rows]
    order = np.argsort(positions)
    return Marks(rows[order].astype(np.int32), positions[order])


def arrange(findings: Findings, view: View, grouper: Grouper, *, settled: bool) -> Arrangement:
    """Everything that a waterfall needs of `findings` in a `view`: O(n log n)."""
    snapshot, times = findings.snapshot, findings.times
    out = np.zeros(len(snapshot), np.bool_) if view.kept is None else ~view.kept
    alone = out.copy()
    slow = slow_tests(findings, ~out)
    alone[slow] = True
    groups = grouper.groups(snapshot, findings.tree, times, view.grouping, alone, settled=settled)
    tree = with_groups(findings.tree, groups.of, groups.slots) if groups.slots > 1 else findings.tree
    seen = ~out
    bad = among(snapshot.outcome, (Outcome.FAILED, Outcome.ERROR)) & (snapshot.role == Role.TEST)
    return Arrangement(
        findings=findings,
        view=view,
        groups=groups,
        outline=outline(tree, _folded(findings, view, tree), view.chosen, _by_position(tree, out)),
        skyline=skyline(snapshot, times, seen),
        failed=marks(tree, np.flatnonzero(bad & seen)),
        slow=marks(tree, slow),
        work=marks(tree, np.flatnonzero(among(snapshot.role, _WORK) & seen)),
    )


def _by_position(tree: Tree, out: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    if not out.any():
        return None
    longer = np.zeros(len(tree.position), np.bool_)
    longer[: len(out)] = out
    by_position: NDArray[np.bool_] = longer[tree.order]
    return by_position


def _folded(findings: Findings, view: View, tree: Tree) -> NDArray[np.bool_]:
    """By node, what is folded before the reader's own folds."""
    if view.depth is None:
        folded = np.zeros(len(tree.position), np.bool_)
        tests = findings.snapshot.role == Role.TEST
        folded[: len(tests)] = tests
        folded[len(tests) :] = True
    else:
        folded = tree.depth >= view.depth
    for node, fold in view.children:
        folded[tree.parent == node] = fold
    folded &= tree.size > 1
    return folded
