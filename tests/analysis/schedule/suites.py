"""Workloads for tests: a few tests with times in seconds."""

from collections.abc import Sequence

from tracetui.analysis.schedule.workload import UNKNOWN, Fixture, Item, Workload
from tracetui.analysis.schedule.xdist_units import file_of, group_of, scope_of

S = 1_000_000_000


def item(name: str, seconds: float, computing: float | None = None, fixtures: Sequence[int] = ()) -> Item:
    """A test that takes so many seconds, a part of which it may compute."""
    ns = UNKNOWN if computing is None else round(computing * S)
    units = file_of(name), scope_of(name), group_of(name)
    return Item(name, *units, round(seconds * S), ns, fixtures=tuple(fixtures))


def workload(
    *items: Item, fixtures: Sequence[Fixture] = (), workers: int = 2, dist: str = "load", cores: int = 0
) -> Workload:
    """A run of these tests, without pauses."""
    took = sum(each.took_ns for each in items)
    return Workload(items, tuple(fixtures), (), (), took // workers, workers, dist, cores)


def several(seconds: Sequence[float], computes: bool = False) -> Workload:
    """Tests of one file that take so long, in this order."""
    tests = [
        item(f"test_a.py::test_{number}", each, each if computes else None)
        for number, each in enumerate(seconds)
    ]
    return workload(*tests)
