"""The slowest tests as a table that a script can sort and filter."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.ranking.ranking import Rank
from tracetui.model.role import Outcome
from tracetui.report.drawing.rank_columns import COLUMNS, RankColumn
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, fitting, joined, tag
from tracetui.report.html.timeline.waterfall import mark

MOST_ROWS = 1000
ROOM = 600_000
AT_FIRST = 20
"""So many are shown at first where there is a script, and on paper."""


def slowest_section(contents: Contents) -> Markup:
    """The table, and the number of tests left out."""
    ranking = contents.slowest
    if not len(ranking):
        return tag("p", "No test ran.", class_="note")
    columns = [column for column in COLUMNS if column.field not in ranking.silent]
    ranks = [ranking[place] for place in range(min(MOST_ROWS, len(ranking)))]
    most = max(rank.own_ns for rank in ranks)
    rows, shown = fitting((_row(rank, columns, most) for rank in ranks), ROOM)
    table = tag(
        "table",
        tag("thead", tag("tr", *_heads(columns))),
        tag("tbody", rows),
        class_="plain sortable",
        id="slowest-table",
        data_first=AT_FIRST,
    )
    left = len(ranking) - shown
    note = f"{units.many(left, 'faster test')} left out (tracetui top -n 0 shows all)." if left else ""
    return joined((_tools(shown), table, tag("p", note, class_="note") if note else None))


def _tools(rows: int) -> Markup:
    """The controls that need a script; hidden without one."""
    field = tag("input", type="search", placeholder="filter by name", aria_label="filter tests by name")
    count = tag("output", units.many(rows, "test"), class_="quiet")
    return tag("div", field, count, class_="tools scripted", data_table="slowest-table")


def _heads(columns: list[RankColumn]) -> Iterator[Markup]:
    for title, kind, sort in (("test", "name", None), *((c.title, "number", c.field) for c in columns)):
        if sort == "own_ns":
            yield tag("th", title, scope="col", class_="number", aria_sort="descending")
            yield tag("th", scope="col", class_="bar wide", data_fixed=True)
        else:
            yield tag("th", title, scope="col", class_=kind + _wide(sort))


def _wide(field: str | None) -> str:
    """The class of a column; a phone has room for own time only."""
    return "" if field in (None, "own_ns") else " wide"


def _row(rank: Rank, columns: list[RankColumn], most: int) -> Markup:
    bad = mark(Outcome.FAILED) if rank.failed else None
    cells = [tag("th", bad, rank.name, scope="row", class_="name")]
    for column in columns:
        value = _value(rank, column.field)
        kind = "number" + _wide(column.field) + ("" if value != "0" else " quiet")
        cells.append(tag("td", _text(rank, column), class_=kind, data_v=value))
        if column.field == "own_ns":
            cells.append(tag("td", _bar(rank.own_ns, most), class_="bar wide"))
    return tag("tr", *cells)


def _text(rank: Rank, column: RankColumn) -> Markup:
    """The text of a cell; sparks are characters in the colour of bars."""
    shown = column.text(rank)
    sparks = len(rank.last_ns) if column.field == "trend" else len(shown) if column.field == "range_ns" else 0
    return joined((tag("span", shown[:sparks], class_="spark") if sparks else None, shown[sparks:].strip()))


def _bar(ns: int, most: int) -> Markup:
    shape = tag("rect", class_="role-test", width=f"{100 * ns / max(1, most):.2f}%", height=8, rx=2)
    return tag("svg", shape, width="100%", height=8, aria_hidden="true")


def _value(rank: Rank, field: str) -> str:
    """The sort key of a cell: a whole number, or one with few digits."""
    value = getattr(rank, field)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
