"""Shards of a suite that end together, where each sets up for itself what its tests need."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracetui.analysis.plan.units import Unit, by_key, sharing_fixtures, singles
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.pools import even_shares
from tracetui.analysis.schedule.simulation import simulate, typical
from tracetui.analysis.schedule.workload import Workload


class Shard(NamedTuple):
    """The numbers of its tests in order of collection, its duration in ns, and the set-up in that."""

    tests: tuple[int, ...]
    wall_ns: int
    setup_ns: int


class Sharding(NamedTuple):
    """The shards, and the duration of the slowest; `unplanned_ns` is that of pytest-split's own split.

    `floor_ns` is the best case: everything spread evenly, or the longest test, without any fixture.
    """

    shards: tuple[Shard, ...]
    wall_ns: int
    unplanned_ns: int
    floor_ns: int


def shard(workload: Workload, shards: int) -> Sharding:
    """The best of some ways to deal the tests to `shards`: O(tests * shards) for each."""
    unplanned = [tuple(share) for share in even_shares([item.took_ns for item in workload.items], shards)]
    measured = [_measured(workload, shares) for shares in (*_ways(workload, shards), unplanned)]
    best = min(measured, key=_wall)
    took = [item.took_ns for item in workload.items]
    floor = max(sum(took) // shards, max(took, default=0))
    return Sharding(tuple(best), _wall(best), _wall(measured[-1]), floor)


def _ways(workload: Workload, shards: int) -> Iterator[list[tuple[int, ...]]]:
    yield _packed(workload, singles(workload), shards)
    yield _packed(workload, sharing_fixtures(workload), shards)
    yield _packed(workload, by_key(workload, lambda item: item.file), shards)


def _packed(workload: Workload, units: Sequence[Unit], shards: int) -> list[tuple[int, ...]]:
    """The longest units first, each to the shard that then takes least; what is already set up there costs no
    more.
    """
    needs = [frozenset(f for number in unit for f in workload.items[number].fixtures) for unit in units]
    gap = typical(workload.gaps_ns)
    works = [sum(workload.items[number].took_ns + gap for number in unit) for unit in units]
    setups = [fixture.setup_ns + fixture.teardown_ns for fixture in workload.fixtures]
    alone = [work + sum(setups[f] for f in need) for work, need in zip(works, needs, strict=True)]
    walls = [0] * shards
    ready: list[set[int]] = [set() for _ in range(shards)]
    packed: list[list[int]] = [[] for _ in range(shards)]
    for unit in sorted(range(len(units)), key=lambda unit: -alone[unit]):
        costs = [
            walls[s] + works[unit] + sum(setups[f] for f in needs[unit] - ready[s]) for s in range(shards)
        ]
        chosen = costs.index(min(costs))
        walls[chosen] = costs[chosen]
        ready[chosen] |= needs[unit]
        packed[chosen] += units[unit]
    return [tuple(sorted(tests)) for tests in packed]


def _measured(workload: Workload, shares: Sequence[tuple[int, ...]]) -> list[Shard]:
    """The shards' durations as they run: in order of collection, with set-ups and teardowns as they come."""
    schedule = simulate(workload, Policy("shards", shares=tuple(shares)), len(shares))
    measured = []
    for tests in shares:
        took = sum(workload.items[number].took_ns for number in tests)
        end = max((schedule.end_ns[number] for number in tests), default=0)
        begin = min((schedule.start_ns[number] for number in tests), default=0)
        gaps = typical(workload.gaps_ns) * max(0, len(tests) - 1)
        measured.append(Shard(tests, end - begin, max(0, end - begin - took - gaps)))
    return measured


def _wall(shards: Sequence[Shard]) -> int:
    return max((shard.wall_ns for shard in shards), default=0)


def durations_ns(workload: Workload) -> dict[str, int]:
    """The duration of each test by node id, in ns, as pytest-split wants it.

    A fixture's cost is spread evenly over the tests that need it. For a test that ran more than once it is
    the longest.
    """
    users = Counter(fixture for item in workload.items for fixture in item.fixtures)
    costs = [wide.setup_ns + wide.teardown_ns for wide in workload.fixtures]
    took: dict[str, int] = {}
    for item in workload.items:
        shared = sum(costs[fixture] // users[fixture] for fixture in item.fixtures)
        took[item.name] = max(took.get(item.name, 0), item.took_ns + shared)
    return took
