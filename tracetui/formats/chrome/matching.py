"""Matches begins and ends, by time and name, whatever their order in the file."""

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple


class Half(NamedTuple):
    """A begin or an end: the number of its event, and what finds its other half.

    Only halves of one `group` belong together, preferably those of one `place`. An end without a name ends
    whatever began last.
    """

    number: int
    group: Hashable
    place: str
    name: str
    time_ns: int
    begins: bool


MISSING = -1


class Pair(NamedTuple):
    """The numbers of two events; `MISSING` for a missing half."""

    begin: int
    end: int


def pairs(halves: Iterable[Half]) -> Iterator[Pair]:
    """Every half, given by time, in one pair; an end belongs to the latest matching begin."""
    open_: dict[Hashable, list[Half]] = {}
    early: dict[tuple[Hashable, str, int], list[Half]] = {}
    for half in halves:
        if half.begins:
            # Of one moment, the end may stand before its begin.
            ends = early.get((half.group, half.name, half.time_ns))
            if ends:
                yield Pair(half.number, ends.pop().number)
            else:
                open_.setdefault(half.group, []).append(half)
            continue
        begun = open_.get(half.group, [])
        place = _begin_of(half, begun)
        if place is None:
            early.setdefault((half.group, half.name, half.time_ns), []).append(half)
        else:
            yield Pair(begun.pop(place).number, half.number)
    for half in (half for begun in open_.values() for half in begun):
        # Without a name, such an end may as well be that of a span which began before the trace did.
        ends = early.get((half.group, "", half.time_ns))
        yield Pair(half.number, ends.pop().number if ends else MISSING)
    yield from (Pair(MISSING, half.number) for ends in early.values() for half in ends)


def _begin_of(end: Half, begun: list[Half]) -> int | None:
    """The place of the begin that `end` belongs to."""
    other = None
    for place in range(len(begun) - 1, -1, -1):
        if not end.name or begun[place].name == end.name:
            if begun[place].place == end.place:
                return place
            other = place if other is None else other
    return other
