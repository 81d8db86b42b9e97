"""The columns of tests over all runs; rows and titles are drawn as those of Slowest."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tracetui import units
from tracetui.analysis.ranking.ranking import Rank
from tracetui.report.drawing.rank_columns import RankColumn
from tracetui.text import Safe, Shared, shared
from tracetui.ui.fleet.answers import FleetTest, Order
from tracetui.ui.ranking.draw_rank_row import MARGIN, Layout

LEAST_NAME = 20
TIMES = ("total_ns", "p50_ns", "p95_ns", "max_ns")
DISPENSABLE = ("count", "runs", "max_ns", "p50_ns", "share")
"""What is left out first if there is little room; the sorted column never is."""


def _shown(field: str, show: Callable[[Any], str]) -> Callable[[Rank], Safe]:
    return lambda rank: Safe(show(getattr(rank, field)))


COLUMNS = (
    RankColumn("failed", "fail", 6, _shown("failed", units.count)),
    RankColumn("runs", "runs", 7, _shown("runs", units.count)),
    RankColumn("count", "n", 7, _shown("count", units.count)),
    RankColumn("total_ns", "total", 9, _shown("total_ns", units.duration)),
    *(RankColumn(field, field.removesuffix("_ns"), 8, _shown(field, units.duration)) for field in TIMES[1:]),
    RankColumn("share", "share", 7, _shown("share", units.share)),
)
FIELDS = ("total_ns", "p50_ns", "p95_ns", "max_ns", "share", "runs", "failed", "count", "name")
"""What tests can be sorted by, in the order of the key."""


class Arranged(NamedTuple):
    """Tests in an order, what their names have in common, and the maximum of each time."""

    tests: list[FleetTest]
    order: Order
    common: Shared
    most: dict[str, int]


def arranged(tests: list[FleetTest], order: Order) -> Arranged:
    """Tests in an order: O(n log n), away from the screen's thread."""
    by_name = sorted(
        tests, key=lambda test: test.name, reverse=order.sorted_by == "name" and order.descending
    )
    if order.sorted_by != "name":
        by_name.sort(key=lambda test: getattr(test, order.sorted_by), reverse=order.descending)
    most = {field: max((getattr(test, field) for test in tests), default=0) for field in TIMES}
    return Arranged(by_name, order, shared([test.name for test in tests]), most)


def layout(shown: Arranged, width: int) -> Layout:
    """The columns that fit beside a name of at least 20 cells; bars show the sorted time, else the total."""
    order, columns = shown.order, list(COLUMNS)
    for field in DISPENSABLE:
        if sum(column.cells for column in columns) + LEAST_NAME + MARGIN <= width:
            break
        columns = [column for column in columns if column.field not in {field} - {order.sorted_by}]
    measure = order.sorted_by if order.sorted_by in TIMES else TIMES[0]
    return Layout(
        by="test",
        sorted_by=order.sorted_by,
        descending=order.descending,
        columns=tuple(columns),
        width=width,
        measure=measure,
        most=shown.most.get(measure, 0),
        shared=shown.common,
    )
