"""The rows above other rows: the block that they are in, its suite, its worker."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui.analysis.jobs.processes import Processes
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.distinct import among
from tracetui.model.role import WORK, Role
from tracetui.store.snapshot import Snapshot


class Seen(Struct, frozen=True, eq=False, dict=True):
    """One revision: the input of lanes. `within` is by row, None if all are.

    `processes` are those of its table, as far as an earlier revision knows them.
    """

    snapshot: Snapshot
    tree: Tree
    times: Times
    within: NDArray[np.bool_] | None
    processes: Processes = field(default_factory=Processes)

    @cached_property
    def process(self) -> NDArray[np.int32]:
        """The process of each origin."""
        return self.processes.of(self.snapshot)

    def by_start(self, rows: Rows) -> Rows:
        """Rows in the order of blocks on a lane."""
        return rows[np.lexsort((self.tree.position[rows], self.snapshot.start_ns[rows]))]


class Above(NamedTuple):
    """For each row the outermost block, suite and root that it is or is below; and for the block what names
    its worker, and the worker's span. -1 if there is none.
    """

    host: Rows
    suite: Rows
    root: Rows
    naming: Rows
    worker: Rows

    def only(self, some: NDArray[np.bool_]) -> "Above":
        """Of some of the rows."""
        return Above(*(part[some] for part in self))


def above(seen: Seen, rows: Rows) -> Above:
    """See `Above`: O(rows times depth)."""
    snapshot, parent = seen.snapshot, seen.tree.parent
    host, suite, root, naming, worker = (np.full(len(rows), -1, np.int32) for _ in range(5))
    left, here = np.arange(len(rows)), rows
    while len(left):
        role = snapshot.role[here]
        is_block = among(role, WORK)
        host[left[is_block]] = here[is_block]
        naming[left[is_block]] = worker[left[is_block]] = -1
        suite[left[role == Role.SUITE]] = here[role == Role.SUITE]
        names = (snapshot.worker_id[here] != 0) & (naming[left] < 0)
        naming[left[names]] = here[names]
        is_worker = (role == Role.WORKER) & (worker[left] < 0)
        worker[left[is_worker]] = here[is_worker]
        root[left] = here
        up = parent[here]
        left, here = left[up >= 0], up[up >= 0]
    if seen.within is not None:
        host[(host >= 0) & ~seen.within[host]] = -1
    return Above(host, suite, root, naming, worker)
