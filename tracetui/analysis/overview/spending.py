"""Behind each cost of a run, what cost most, by its name: files of tests, hooks, fixtures, archivers."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from tracetui.analysis.hooks.fixtures import cost_of
from tracetui.analysis.ranking.ranking import Rank
from tracetui.analysis.study.findings import Findings

MOST = 6
"""Names for each cost."""
_LOOKED_AT = 200
_LEAST = 0.005
"""A smaller part of the lanes' time is worth no line."""


class Spent(NamedTuple):
    """What took `ns` over all lanes; `by` says in which ranking its `name` (foreign text) stands."""

    name: str
    ns: int
    by: str


def spending(findings: Findings) -> Mapping[str, tuple[Spent, ...]]:
    """By the name of a cost, the names behind it, the most own time first: O(n log n)."""
    found = {"tests": _files(findings), **_hooks(findings), "archiving": _ranks(findings, "archiver")}
    by = {"tests": "file", "archiving": "archiver"}
    least = _LEAST * findings.lanes.capacity_ns
    return {
        cost: tuple(
            Spent(each.name, each.own_ns, by.get(cost, "hook"))
            for each in islice(ranks, MOST)
            if each.own_ns > least
        )
        for cost, ranks in found.items()
    }


def _ranks(findings: Findings, by: str) -> Iterator[Rank]:
    return islice(findings.rank(by, findings.within).sorted("own_ns"), _LOOKED_AT)


def _hooks(findings: Findings) -> dict[str, Iterator[Rank]]:
    """What is ranked as hooks, by the costs they are. What has one name is what the longest of it is."""
    kind, hooks = findings.snapshot.hook_kind, [*_ranks(findings, "hook")]
    costs = [cost_of(int(kind[rank.row])) if rank.row >= 0 else "hooks" for rank in hooks]
    return {
        name: iter([rank for rank, cost in zip(hooks, costs, strict=True) if cost == name])
        for name in ("hooks", "fixtures", "collection")
    }


def _files(findings: Findings) -> Iterator[Rank]:
    """Files, where tests are not files themselves."""
    ranking = findings.rank("file", findings.within)
    if len(ranking) < 2 or 2 * len(ranking) > int(ranking.columns["count"].sum()):
        return iter(())
    return islice(ranking.sorted("own_ns"), _LOOKED_AT)
