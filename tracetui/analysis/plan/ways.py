"""The ways to run a workload that are worth a try: an order of its tests, and how they are handed out.

Longest first under xdist's default is none of them: it takes up to 2.7 times as long as the best case.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tracetui.analysis.plan.orders import dealt, longest_first
from tracetui.analysis.plan.units import Unit, by_key, costs, in_pieces, sharing_fixtures, singles
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.workload import Workload

UNITS = {"loadfile": "file", "loadscope": "scope", "loadgroup": "group"}
"""What stays on one worker, by `--dist`."""
PIECES = 4
"""No unit needs to be longer than this part of a worker's share: a longer one is cut."""


class Way(NamedTuple):
    """A `name` that describes it, the numbers of all tests in an order, and a policy."""

    name: str
    order: tuple[int, ...]
    policy: Policy


AS_COLLECTED = "as collected"
LONGEST = "longest first"
DEALT = "longest first, dealt to the workers"
FIXTURES = "by shared fixture, longest first"
PIECED = "by shared fixture, in pieces"
FILES = "by file, longest first"
LONGEST_UNITS = "the longest {} first"


def unordered(workload: Workload, dists: Sequence[str]) -> Way:
    """How the tests run without a plan: as they were collected, in the first way to hand them out."""
    return Way(AS_COLLECTED, tuple(range(len(workload.items))), Policy(dists[0]))


def ways(workload: Workload, workers: int, dists: Sequence[str]) -> Iterator[Way]:
    """The candidates for some ways to hand out tests, `unordered` first; simple ones before elaborate
    ones.
    """
    yield unordered(workload, dists)
    if "load" in dists:
        yield Way(LONGEST, _longest(workload, singles(workload)), Policy("load", 1))
    if "queue" in dists:
        yield Way(LONGEST, _longest(workload, singles(workload)), Policy("queue"))
    if "worksteal" in dists:
        yield from _stolen(workload, workers)
    for dist in dists:
        if dist in UNITS:
            units = by_key(workload, lambda item, unit=UNITS[dist]: getattr(item, unit))  # type: ignore[misc]
            name = LONGEST_UNITS.format(UNITS[dist])
            yield Way(name, _longest(workload, units), Policy(dist, reorder=False))


def in_order(workload: Workload, way: Way) -> Workload:
    """The workload with its tests in the order of a way."""
    items = tuple(workload.items[number] for number in way.order)
    return replace(workload, items=items, is_ordered=True)


def _stolen(workload: Workload, workers: int) -> Iterator[Way]:
    policy = Policy("worksteal")
    yield Way(AS_COLLECTED, tuple(range(len(workload.items))), policy)
    alone, shared = singles(workload), sharing_fixtures(workload)
    most_ns = sum(costs(workload, alone)) // (workers * PIECES)
    several = {
        DEALT: alone,
        FIXTURES: shared,
        PIECED: in_pieces(workload, shared, most_ns),
        FILES: by_key(workload, lambda item: item.file),
    }
    for name, units in several.items():
        if name == DEALT or units != alone:
            yield Way(name, tuple(dealt(units, costs(workload, units), workers)), policy)


def _longest(workload: Workload, units: Sequence[Unit]) -> tuple[int, ...]:
    return tuple(longest_first(units, costs(workload, units)))
