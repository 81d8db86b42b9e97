"""Fixtures that outlive tests: their cost, and which tests need them as far as a recording can say."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tracetui.analysis.schedule.recording.lane_work import Ran
from tracetui.analysis.schedule.workload import Fixture, Item, unit_of

Key = tuple[str, str, str]
"""Name, scope and unit of a fixture."""


class _Costs(NamedTuple):
    """By lane on which it was set up, in ns; and the place of the first test there that used it.

    `computing_ns` is all its processor time.
    """

    setup_ns: dict[int, int]
    teardown_ns: dict[int, int]
    first: dict[int, int]
    computing_ns: list[int]

    @property
    def computing(self) -> float:
        """The share of it that computed."""
        took = sum(self.setup_ns.values()) + sum(self.teardown_ns.values())
        return min(1.0, sum(self.computing_ns) / took) if took else 0.0


def wide_fixtures(
    lanes: Sequence[Sequence[Ran]], items: Sequence[Sequence[Item]]
) -> tuple[tuple[Fixture, ...], list[list[tuple[int, ...]]]]:
    """The fixtures of a recording; and, for each item of each lane, which of them it needs.

    A test needs a fixture if one of its unit does, unless its lane had not set it up by then.
    """
    costs = _costs(lanes, items)
    fixtures = tuple(
        Fixture(*key, _typical(cost.setup_ns), _typical(cost.teardown_ns), cost.computing)
        for key, cost in costs.items()
    )
    needs: list[list[tuple[int, ...]]] = [[() for _ in lane] for lane in items]
    by_unit: dict[tuple[str, str], list[tuple[int, dict[int, int]]]] = {}
    for number, ((_, scope, unit), cost) in enumerate(costs.items()):
        by_unit.setdefault((scope, unit), []).append((number, cost.first))
    scopes = {scope for scope, _ in by_unit}
    for lane, its in enumerate(items):
        for place, item in enumerate(its):
            mine = [cost for scope in scopes for cost in by_unit.get((scope, unit_of(item, scope)), ())]
            needs[lane][place] = tuple(
                sorted(number for number, first in mine if first.get(lane, place + 1) <= place)
            )
    return fixtures, needs


def _costs(lanes: Sequence[Sequence[Ran]], items: Sequence[Sequence[Item]]) -> dict[Key, _Costs]:
    costs: dict[Key, _Costs] = {}
    for lane, (its, those) in enumerate(zip(lanes, items, strict=True)):
        for place, (ran, item) in enumerate(zip(its, those, strict=True)):
            for stage in ran.stages:
                key = (stage.name, stage.scope, unit_of(item, stage.scope))
                cost = costs.setdefault(key, _Costs({}, {}, {}, []))
                if not stage.is_teardown:
                    cost.first.setdefault(lane, place)
                took = cost.teardown_ns if stage.is_teardown else cost.setup_ns
                cost.computing_ns.append(stage.computing_ns)
                took[lane] = took.get(lane, 0) + stage.ns
    return costs


def _typical(took: dict[int, int]) -> int:
    return round(median(took.values())) if took else 0
