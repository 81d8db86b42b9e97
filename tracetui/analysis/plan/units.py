"""Tests that are better kept together, and the cost of such a unit."""

from collections.abc import Callable, Hashable, Iterable, Sequence

from tracetui.analysis.schedule.workload import Item, Workload

Unit = tuple[int, ...]
"""Tests, by their numbers in a workload, in its order."""


def singles(workload: Workload) -> list[Unit]:
    """Each test alone."""
    return [(number,) for number in range(len(workload.items))]


def by_key(workload: Workload, key: Callable[[Item], Hashable]) -> list[Unit]:
    """The tests of one key together, in the order of first appearance."""
    units: dict[Hashable, list[int]] = {}
    for number, item in enumerate(workload.items):
        units.setdefault(key(item), []).append(number)
    return [tuple(unit) for unit in units.values()]


def sharing_fixtures(workload: Workload) -> list[Unit]:
    """Tests that need a fixture of their class, file or folder, together with all others that need it."""
    parent = list(range(len(workload.items)))
    first: dict[int, int] = {}
    for number, item in enumerate(workload.items):
        for fixture in item.fixtures:
            if workload.fixtures[fixture].scope != "session":
                _join(parent, first.setdefault(fixture, number), number)
    units: dict[int, list[int]] = {}
    for number in range(len(parent)):
        units.setdefault(_root(parent, number), []).append(number)
    return [tuple(unit) for unit in units.values()]


def in_pieces(workload: Workload, units: Iterable[Unit], most_ns: int) -> list[Unit]:
    """The same units; one that takes more than `most_ns` is cut, in order, into pieces of up to that."""
    pieces: list[Unit] = []
    for unit in units:
        piece: list[int] = []
        took = 0
        for number in unit:
            ns = workload.items[number].took_ns
            if piece and took + ns > most_ns:
                pieces.append(tuple(piece))
                piece, took = [], 0
            piece.append(number)
            took += ns
        pieces.append(tuple(piece))
    return pieces


def costs(workload: Workload, units: Sequence[Unit]) -> list[int]:
    """Each unit's duration in ns on a worker that has only session fixtures: tests, pauses, fixtures."""
    gaps = sorted(workload.gaps_ns)
    gap = gaps[len(gaps) // 2] if gaps else 0
    return [
        sum(workload.items[number].took_ns + gap for number in unit) + _fixtures_ns(workload, unit)
        for unit in units
    ]


def _fixtures_ns(workload: Workload, unit: Unit) -> int:
    needed = {fixture for number in unit for fixture in workload.items[number].fixtures}
    fixtures = (workload.fixtures[number] for number in needed)
    return sum(wide.setup_ns + wide.teardown_ns for wide in fixtures if wide.scope != "session")


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _join(parent: list[int], one: int, other: int) -> None:
    one, other = _root(parent, one), _root(parent, other)
    parent[max(one, other)] = min(one, other)
