"""How full each cell of a time axis is, and of what: many spans to few cells, without a loop over spans."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import Derived
from tracetui.analysis.time.coverage import Coverage, coverage
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, WORK, Role
from tracetui.store.snapshot import Snapshot


class Work(Struct, frozen=True, eq=False):
    """What some spans cover: all of them, each of `WORK`, what hooks and archivers take, failed tests."""

    all: Coverage
    kinds: tuple[Coverage, ...]
    billed: Coverage
    failed: Coverage


class Density(Struct, frozen=True, eq=False):
    """By cell: the share (0 to 1) that is covered, the role that covers most, whether a test failed."""

    busy: NDArray[np.float64]
    role: NDArray[np.uint8]
    failed: NDArray[np.bool_]


def work(snapshot: Snapshot, times: Times, rows: Rows, derived: Derived | None = None) -> Work:
    """What the tests, hooks and archivers in `rows`, and hooks without spans, cover: O(n log n), once."""
    role, own = snapshot.role[rows], snapshot.own[rows]
    bad = among(snapshot.outcome[rows], BAD) & (role == Role.TEST)

    def covered(some: NDArray[np.bool_], more: Derived | None = None) -> Coverage:
        start, end = snapshot.start_ns[rows[some]], times.end[rows[some]]
        if more is None or not len(more.start):
            return coverage(start, end)
        return coverage(np.concatenate([start, more.start]), np.concatenate([end, more.end]))

    billed = (role != Role.TEST) & ~own
    hooks = covered((role == Role.HOOK) & billed, derived)
    is_test = role == Role.TEST
    kinds = (covered(is_test), hooks, covered((role == Role.ARCHIVER) & billed))
    everything = kinds[0] if is_test.all() else covered(np.ones(len(rows), np.bool_))
    return Work(everything, kinds, covered(billed, derived), covered(bad))


def density(work: Work, window: Window, cells: int) -> Density:
    """The cells of a window `cells` wide: O(cells log n)."""
    edges = window.edges(cells)
    shares = [kind.shares(edges) for kind in work.kinds]
    shares[0] = shares[0] - work.billed.shares(edges)
    return Density(
        busy=work.all.shares(edges),
        role=np.array(WORK, np.uint8)[np.argmax(np.stack(shares), axis=0)],
        failed=work.failed.shares(edges) > 0,
    )
