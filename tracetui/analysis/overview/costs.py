"""Where the time of all lanes went: tests, hooks, fixtures, the collection, archiving, waiting."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.hooks.fixtures import are_fixtures
from tracetui.analysis.lanes.lanes import Lanes
from tracetui.analysis.study.distinct import among
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows, Tree, marked_above
from tracetui.model.role import BILLED, HookKind, Role
from tracetui.store.snapshot import Snapshot


class Cost(NamedTuple):
    """What it went to, how much in ns over all lanes, and as a share of their time."""

    name: str
    ns: int
    share: float


class Spent(NamedTuple):
    """What tests took by themselves, and how much of that was `within` them hooks and fixtures that are
    their own; what hooks, fixtures, the collection, archivers and hooks that wrote no spans took. In ns,
    over all lanes.
    """

    tests: int
    within: int
    hooks: int
    fixtures: int
    collection: int
    archiving: int
    derived: int


def spent(
    snapshot: Snapshot, tree: Tree, times: Times, only: NDArray[np.bool_] | None, rows: Rows | None = None
) -> Spent:
    """What the spans took that `only` marks; of these `rows` (ascending) alone, where they are given."""

    def having(*roles: Role) -> NDArray[np.signedinteger]:
        role = snapshot.role
        found = np.flatnonzero(among(role, roles)) if rows is None else rows[among(role[rows], roles)]
        return found if only is None else found[only[found]]

    billed = having(*BILLED)
    marked = among(snapshot.role, BILLED)
    marked = marked if only is None else marked & only
    outer = billed[marked_above(marked, tree, billed) < 0]
    archives = snapshot.role[outer] == Role.ARCHIVER
    hooks, archivers = outer[~archives], outer[archives]
    fixtures = are_fixtures(snapshot, hooks)
    collections = snapshot.hook_kind[hooks] == HookKind.COLLECTION
    gaps = derived_hooks(snapshot, tree, times, rows)
    derived = gaps.end - gaps.start
    return Spent(
        tests=int(times.own[having(Role.TEST)].sum()),
        within=int(times.total[hooks[snapshot.own[hooks]]].sum()),
        hooks=int(times.total[hooks[~(fixtures | collections)]].sum()),
        fixtures=int(times.total[hooks[fixtures]].sum()),
        collection=int(times.total[hooks[collections]].sum()),
        archiving=int(times.total[archivers].sum()),
        derived=int((derived if only is None else derived[only[gaps.host]]).sum()),
    )


def costs(what: Spent, work: Lanes) -> tuple[Cost, ...]:
    """What the lanes' time went to, of which so much is spent. Shares are of the time of all lanes.

    Fixtures of a function's scope are their test's own time elsewhere, here they are fixtures.
    """
    whole = work.capacity_ns
    if not whole:
        return ()
    found = {
        "tests": max(0, what.tests - what.within),
        "hooks": what.hooks + what.derived,
        "fixtures": what.fixtures,
        "collection": what.collection,
        "archiving": what.archiving,
    }
    found["other"] = max(0, work.busy_ns - sum(found.values()))
    found["idle"] = work.idle_ns
    return tuple(Cost(name, ns, min(1.0, ns / whole)) for name, ns in found.items() if ns)
