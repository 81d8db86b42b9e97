"""Which tests a process runs by a plan, and in which order: indices into the list that pytest collected."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence

Names = Sequence[Sequence[str]]
"""The names of each collected test: its node id, and what else a plan may call it."""


def ordered(tests: Names, order: Sequence[str]) -> list[int]:
    """The indices of `tests` in `order`; unknown ones come last, as they were collected.

    A test that was collected more than once takes the places that the order has for it, one after another.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(order):
        places[name].append(place)
    taken: dict[str, int] = defaultdict(int)
    keys = []
    for names in tests:
        known = next((name for name in names if name in places), None)
        if known is None:
            keys.append(len(order))
            continue
        keys.append(places[known][min(taken[known], len(places[known]) - 1)])
        taken[known] += 1
    return sorted(range(len(tests)), key=keys.__getitem__)


def unknown(tests: Names, order: Sequence[str]) -> int:
    """How many of `tests` are not in `order`."""
    known = set(order)
    return sum(known.isdisjoint(names) for names in tests)


def of_shard(tests: Names, shards: Sequence[Sequence[str]], number: int) -> list[int]:
    """The indices of the tests that shard `number` (from 0) runs, in its order, then those new to the plan.

    Each test is in exactly one shard: a new one where the tests of its file are, and one of a new file by a
    checksum of its name, which is the same on every machine.
    """
    homes, files = _homes(shards)
    mine = [place for place, names in enumerate(tests) if _home(names, homes, files, len(shards)) == number]
    chosen = [tests[place] for place in mine]
    return [mine[place] for place in ordered(chosen, shards[number])]


def _homes(shards: Sequence[Sequence[str]]) -> tuple[dict[str, int], dict[str, int]]:
    homes: dict[str, int] = {}
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(shards))
    for number, names in enumerate(shards):
        for name in names:
            homes.setdefault(name, number)
            counts[_file(name)][number] += 1
    return homes, {file: count.index(max(count)) for file, count in counts.items()}


def _home(names: Sequence[str], homes: dict[str, int], files: dict[str, int], shards: int) -> int:
    for name in names:
        if name in homes:
            return homes[name]
    file = _file(names[0])
    return files.get(file, zlib.crc32(file.encode("utf-8", "surrogatepass")) % shards)


def _file(name: str) -> str:
    return name.partition("::")[0]
