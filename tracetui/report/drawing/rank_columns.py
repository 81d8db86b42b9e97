"""The columns of a ranking: the same titles in the same order on screens and pages."""

from collections.abc import Callable
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.ranking.ranking import Rank, Ranking
from tracetui.report.drawing.sparks import spark, spread
from tracetui.text import Safe, sanitize

LEAST_NAME = 28
SPREAD_CELLS = 8
GREW, SHRANK = 1.1, 0.9
"""A trend between the two says nothing."""

TITLES = {"hook": "hook or fixture"}
"""What is ranked, where that is not the word of the option."""


class RankColumn(NamedTuple):
    """A column: the field of `Rank` that it sorts by, its title, its cells with the gap before it."""

    field: str
    title: str
    cells: int
    text: Callable[[Rank], Safe]


def _time(field: str) -> Callable[[Rank], Safe]:
    return lambda rank: Safe(units.duration(getattr(rank, field)))


def _count(field: str) -> Callable[[Rank], Safe]:
    return lambda rank: Safe(units.count(getattr(rank, field)))


def _trend(rank: Rank) -> Safe:
    change = Safe(f"{100 * (rank.trend - 1):+.0f}%") if rank.trend else Safe("")
    if rank.trend >= 10:
        change = Safe(f"{rank.trend:.0f}x")
    return Safe(spark(rank.last_ns) + change.rjust(6))


COLUMNS = (
    RankColumn("failed", "fail", 6, _count("failed")),
    RankColumn("count", "runs", 7, _count("count")),
    RankColumn("reruns", "reruns", 8, _count("reruns")),
    RankColumn("own_ns", "own", 9, _time("own_ns")),
    RankColumn("total_ns", "total", 9, _time("total_ns")),
    RankColumn("mean_ns", "mean", 9, _time("mean_ns")),
    RankColumn("p50_ns", "p50", 9, _time("p50_ns")),
    RankColumn("p95_ns", "p95", 9, _time("p95_ns")),
    RankColumn("max_ns", "max", 9, _time("max_ns")),
    RankColumn("share", "share", 8, lambda rank: Safe(units.share(rank.share))),
    RankColumn("range_ns", "spread", 10, lambda rank: Safe(spread(rank.owns, SPREAD_CELLS).rjust(8))),
    RankColumn("trend", "last 8 runs", 16, _trend),
)
UNKNOWN = frozenset({"reruns", "range_ns", "trend"})
"""What is not shown before there is a ranking."""
_DISPENSABLE = (
    "mean_ns",
    "p50_ns",
    "range_ns",
    "max_ns",
    "trend",
    "p95_ns",
    "total_ns",
    "share",
    "count",
    "reruns",
)
"""What leaves first where there is little room; what is sorted by never does."""


def columns_for(ranking: Ranking | None, cells: int, sorted_by: str) -> tuple[RankColumn, ...]:
    """The columns that are useful for this ranking and fit beside a name of at least 28 cells."""
    silent = (ranking.silent if ranking else UNKNOWN) - {sorted_by}
    columns = [column for column in COLUMNS if column.field not in silent]
    for field in _DISPENSABLE:
        if sum(column.cells for column in columns) + LEAST_NAME <= cells:
            break
        columns = [column for column in columns if column.field != field or field == sorted_by]
    return tuple(columns)


def grew(rank: Rank) -> bool:
    """Whether it took notably longer in the last run than in the runs before."""
    return rank.trend >= GREW


def title(by: str) -> Safe:
    """The title of what is ranked."""
    return sanitize(TITLES.get(by, by))
