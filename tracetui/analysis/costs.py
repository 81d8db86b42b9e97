"""Where the time of all lanes went: tests, hooks, fixtures, archiving, waiting."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.derived import derived_hooks
from tracetui.analysis.distinct import among, distinct
from tracetui.analysis.fixtures import is_fixture
from tracetui.analysis.lanes import Lanes
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree, outermost
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


class Cost(NamedTuple):
    """What it went to, how much in ns over all lanes, and as a share of their time."""

    name: str
    ns: int
    share: float


def costs(
    snapshot: Snapshot, tree: Tree, times: Times, work: Lanes, only: NDArray[np.bool_] | None
) -> tuple[Cost, ...]:
    """What the lanes' time went to; `only` marks the rows that count. Shares are of the time of all lanes.

    Fixtures of a function's scope are their test's own time elsewhere, here they are fixtures.
    """
    kept = np.ones(len(snapshot), np.bool_) if only is None else only
    whole = work.capacity_ns
    if not whole:
        return ()
    billed = among(snapshot.role, (Role.HOOK, Role.ARCHIVER)) & kept
    outer = outermost(billed, tree.parent)
    hooks = np.flatnonzero(outer & (snapshot.role == Role.HOOK))
    fixtures = np.isin(snapshot.title_id[hooks], list(_fixture_titles(snapshot, hooks)))
    gaps = derived_hooks(snapshot, tree, times)
    derived = int((gaps.end - gaps.start)[kept[gaps.host]].sum())
    within = int(times.total[hooks[snapshot.own[hooks]]].sum())
    spent = {
        "tests": max(0, int(times.own[kept & (snapshot.role == Role.TEST)].sum()) - within),
        "hooks": int(times.total[hooks[~fixtures]].sum()) + derived,
        "fixtures": int(times.total[hooks[fixtures]].sum()),
        "archiving": int(times.total[outer & (snapshot.role == Role.ARCHIVER)].sum()),
    }
    spent["other"] = max(0, work.busy_ns - sum(spent.values()))
    spent["idle"] = work.idle_ns
    return tuple(Cost(name, ns, min(1.0, ns / whole)) for name, ns in spent.items() if ns)


def _fixture_titles(snapshot: Snapshot, hooks: NDArray[np.intp]) -> Iterator[int]:
    for title in distinct(snapshot.title_id[hooks]).tolist():
        if is_fixture(snapshot.texts[title]):
            yield title
