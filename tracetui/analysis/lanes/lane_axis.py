"""The time axis of lanes: the time of day for all, or the time since the start of its own shard for each."""

from collections.abc import Sequence

MOST_APART = 2
"""Shards that start apart by more than so many times the longest of them are specks on one axis."""


def shifts(since: Sequence[int], until: Sequence[int]) -> list[int]:
    """How much later than the axis each lane is drawn from, in ns: its shard began at `since`.

    All 0 where one axis holds them all, up to the end of the last at `until`.
    """
    if not since:
        return []
    first = min(since)
    longest = max(end - start for start, end in zip(since, until, strict=True))
    if max(since) - first <= MOST_APART * longest:
        return [0] * len(since)
    return [start - first for start in since]
