"""How a run hands out its tests, named as in pytest-xdist's `--dist`, with a few more."""

from typing import NamedTuple

from tracetui.analysis.schedule.dispatch import Dispatch, Orders
from tracetui.analysis.schedule.pools import Queue, Shares, even_shares
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.schedule.xdist_load import Load, WorkSteal
from tracetui.analysis.schedule.xdist_units import Units

XDIST = ("load", "worksteal", "loadfile", "loadscope", "loadgroup")
"""What pytest-xdist offers; its workers keep a test in reserve."""
DISTS = (*XDIST, "queue", "shards", "no")
"""Also a shared queue (resmoke's), shares that are fixed before the run, and one process."""


class Policy(NamedTuple):
    """`dist` is one of `DISTS`; `chunk` is xdist's `--maxschedchunk`, which only `load` uses.

    `shares` are the tests of each shard, for `shards` alone; by default `even_shares`. Units with the most
    tests go out first, or without `reorder` (xdist's `--no-loadscope-reorder`) in order.
    """

    dist: str
    chunk: int | None = None
    shares: tuple[tuple[int, ...], ...] | None = None
    reorder: bool = True

    @property
    def keeps_reserve(self) -> bool:
        """Whether a worker starts a test only when it knows the next."""
        return self.dist in XDIST


def policy_for(dist: str, recorded: Workload) -> Policy:
    """Tests handed out so, in the chunks of the recorded run if these were its way to do it."""
    return Policy(dist, recorded.chunk if dist == recorded.dist else None)


def dispatcher(orders: Orders, workload: Workload, policy: Policy, workers: int) -> Dispatch:
    """The dispatcher for a workload and a policy."""
    items, dist = workload.items, policy.dist
    if dist == "load":
        return Load(orders, len(items), workers, policy.chunk)
    if dist == "worksteal":
        return WorkSteal(orders, len(items), workers)
    if dist == "queue":
        return Queue(orders, len(items), workers)
    if dist == "shards":
        shares = policy.shares or even_shares([item.took_ns for item in items], workers)
        return Shares(orders, shares)
    if dist == "no":
        return Shares(orders, [range(len(items))])
    return Units(orders, [getattr(item, _UNIT[dist]) for item in items], workers, reorder=policy.reorder)


_UNIT = {"loadfile": "file", "loadscope": "scope", "loadgroup": "group"}
