"""The time axis of lanes: the time of day for all, or for each the time since the start of its own shard."""

from collections.abc import Sequence

MOST_APART = 2
"""Shards that start apart by more than so many times the longest of them are specks on one axis."""


def shifts(since: Sequence[int], until: Sequence[int]) -> list[int]:
    """How much each lane is shifted on the axis, in ns: its shard began at `since`.

    All 0 if one axis can hold them all, up to the end of the last at `until`.
    """
    if not since:
        return []
    first = min(since)
    longest = max(end - start for start, end in zip(since, until, strict=True))
    if max(since) - first <= MOST_APART * longest:
        return [0] * len(since)
    return [start - first for start in since]
