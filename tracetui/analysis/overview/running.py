"""What is running now: on which lane, in which phase, since when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.distinct import among
from tracetui.analysis.tree.tree import Tree
from tracetui.model.role import WORK, Outcome
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Running:
    """An open test, or an open hook or archiver outside any; `lane` and `inner` are foreign text.

    `inner` names the innermost open span inside (a phase, a hook), empty where there is none.
    """

    row: int
    lane: str
    inner: str


def running_now(snapshot: Snapshot, tree: Tree) -> tuple[Running, ...]:
    """What is running, by lane and then by start."""
    open_rows = np.flatnonzero(snapshot.outcome == Outcome.RUNNING)
    work = open_rows[among(snapshot.role[open_rows], WORK)]
    known = set(work.tolist())
    outermost = [row for row in work.tolist() if known.isdisjoint(tree.ancestors(row))]
    found = [
        Running(row, lane(snapshot, tree, row), _inner(snapshot, tree, row, open_rows)) for row in outermost
    ]
    return tuple(sorted(found, key=lambda running: (running.lane, int(snapshot.start_ns[running.row]))))


def lane(snapshot: Snapshot, tree: Tree, row: int) -> str:
    """The worker that a span, or the nearest one above that names a worker, ran on; empty where none does."""
    named = (snapshot.worker(above) for above in (row, *tree.ancestors(row)))
    return next(filter(None, named), "")


def _inner(snapshot: Snapshot, tree: Tree, row: int, open_rows: NDArray[np.intp]) -> str:
    start, size = tree.position[row], tree.size[row]
    positions = tree.position[open_rows]
    inside = open_rows[(positions > start) & (positions < start + size)]
    if not len(inside):
        return ""
    return snapshot.title(int(inside[np.argmax(tree.depth[inside])]))
