"""What is running now: on which lane, in which phase, since when."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Tree
from tracetui.model.numbers.distinct import among
from tracetui.model.role import WORK, Outcome
from tracetui.store.snapshot import Snapshot


class Running(Struct, frozen=True):
    """An open test, or an open hook or archiver outside any; `lane` and `inner` are foreign text.

    `inner` names the innermost open span inside (a phase, a hook), which is `inner_row`; empty and -1 without
    one.
    """

    row: int
    lane: str
    inner: str
    inner_row: int = -1


def running_now(snapshot: Snapshot, tree: Tree) -> tuple[Running, ...]:
    """What is running, by lane and then by start."""
    open_rows = np.flatnonzero(snapshot.outcome == Outcome.RUNNING)
    work = open_rows[among(snapshot.role[open_rows], WORK)]
    known = set(work.tolist())
    outermost = [row for row in work.tolist() if known.isdisjoint(tree.ancestors(row))]
    inner = [_inner(tree, row, open_rows) for row in outermost]
    open_tests = [
        Running(row, lane(snapshot, tree, row), snapshot.title(inside) if inside >= 0 else "", inside)
        for row, inside in zip(outermost, inner, strict=True)
    ]
    return tuple(sorted(open_tests, key=lambda running: (running.lane, int(snapshot.start_ns[running.row]))))


def lane(snapshot: Snapshot, tree: Tree, row: int) -> str:
    """The worker of a span, or of the nearest one above that names a worker; empty if none does."""
    named = (snapshot.worker(above) for above in (row, *tree.ancestors(row)))
    return next(filter(None, named), "")


def _inner(tree: Tree, row: int, open_rows: NDArray[np.intp]) -> int:
    start, size = tree.position[row], tree.size[row]
    positions = tree.position[open_rows]
    inside = open_rows[(positions > start) & (positions < start + size)]
    return int(inside[np.argmax(tree.depth[inside])]) if len(inside) else -1
