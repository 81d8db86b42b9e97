"""The critical path for timelines: which spans are on it, and when it is on which lane."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.critical_path.path import Path, critical_path
from tracetui.analysis.ledger.ledger import ledger
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.coverage import Coverage, coverage
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Tree
from tracetui.model.numbers.distinct import distinct


class Overlay(Struct, frozen=True, eq=False):
    """A path on timelines: `rows` are on it or above such spans, `lanes` says when it is on which lane, by
    name.
    """

    path: Path
    rows: NDArray[np.bool_]
    lanes: Mapping[str, Coverage]

    def has(self, row: int) -> bool:
        """Whether a span, or one below it, is on the path; false for rows that came later."""
        return row < len(self.rows) and bool(self.rows[row])

    def cells(self, lane: str, window: Window, count: int) -> list[bool]:
        """In which cells of a window the path is on a lane."""
        if lane not in self.lanes:
            return [False] * count
        on: list[bool] = (np.diff(self.lanes[lane].until(window.edges(count))) > 0).tolist()
        return on


def overlay(findings: Findings) -> Overlay:
    """The overlay of the shown run: O(n log n)."""
    path = critical_path(findings, ledger(findings))
    lanes: dict[str, list[tuple[int, int]]] = {}
    for segment in path.segments:
        lanes.setdefault(path.lanes[segment.lane], []).append((segment.start_ns, segment.end_ns))
    rows = {segment.row for segment in path.segments} | {segment.named for segment in path.segments}
    covered = {name: coverage(*np.array(times, np.int64).T) for name, times in lanes.items()}
    return Overlay(path, _with_those_above(findings.tree, rows - {-1}), covered)


def _with_those_above(tree: Tree, rows: set[int]) -> NDArray[np.bool_]:
    """By row, whether it is one of `rows`, or above one."""
    marked = np.zeros(len(tree.parent), np.bool_)
    left = np.array(sorted(rows), np.int32)
    while len(left):
        marked[left] = True
        above = distinct(tree.parent[left])
        left = above[(above >= 0) & ~marked[above]]
    return marked
