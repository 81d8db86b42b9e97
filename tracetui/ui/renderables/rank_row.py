"""One row of a ranking, and the line of titles above it."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.ranking import Rank
from tracetui.text import fit_middle, sanitize
from tracetui.ui.themes import Paint


class Column(NamedTuple):
    """A column of numbers: the field of `Rank`, its title and its width in cells."""

    field: str
    title: str
    width: int


COLUMNS = (
    Column("failed", "failed", 8),
    Column("count", "count", 7),
    Column("own_ns", "own", 9),
    Column("total_ns", "total", 9),
    Column("p50_ns", "p50", 9),
    Column("p95_ns", "p95", 9),
    Column("max_ns", "max", 9),
    Column("share", "share", 8),
)
SORTABLE = ("name", *(column.field for column in COLUMNS))
_DISPENSABLE = ("p50_ns", "p95_ns", "total_ns", "max_ns", "share", "count")
LEAST_NAME = 28
MARGINS = 3
"""Two marks on the left, and the scrollbar's cell on the right."""


def columns_for(width: int) -> tuple[Column, ...]:
    """The columns that fit beside a name of at least 28 cells."""
    columns: tuple[Column, ...] = COLUMNS
    for field in _DISPENSABLE:
        if sum(column.width for column in columns) + LEAST_NAME + MARGINS <= width:
            break
        columns = tuple(column for column in columns if column.field != field)
    return columns


def name_width(width: int) -> int:
    """The cells left for the name."""
    return max(8, width - MARGINS - sum(column.width for column in columns_for(width)))


def titles_row(by: str, sorted_by: str, descending: bool, width: int, paint: Paint) -> Strip:
    """The titles; the column that is sorted by has an arrow."""
    arrow = "▼" if descending else "▲"
    quiet, loud = paint.style("quiet", "surface"), paint.style("accent", "surface", bold=True)
    name = by + (f" {arrow}" if sorted_by == "name" else "")
    segments = [Segment("  " + name.ljust(name_width(width)), loud if sorted_by == "name" else quiet)]
    for column in columns_for(width):
        chosen = column.field == sorted_by
        title = f"{column.title} {arrow}" if chosen else column.title
        segments.append(Segment(title.rjust(column.width), loud if chosen else quiet))
    return Strip(segments).adjust_cell_length(width, quiet)


def column_at(x: int, width: int) -> str:
    """The field whose title stands at cell `x`."""
    right = 2 + name_width(width)
    if x < right:
        return "name"
    for column in columns_for(width):
        right += column.width
        if x < right:
            return column.field
    return "share"


def rank_row(rank: Rank, sorted_by: str, width: int, paint: Paint, *, selected: bool) -> Strip:
    """One row, `width` cells wide."""
    background = paint.colour("cursor-row" if selected else "background")
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=selected)
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    failed = Style(color=paint.colour("outcome-failed"), bgcolor=background, bold=True)
    marker = Segment("▌" if selected else " ", Style(color=paint.colour("accent"), bgcolor=background))
    running = Segment("▶" if rank.running else " ", Style(color=paint.colour("success"), bgcolor=background))
    segments = [marker, running, Segment(fit_middle(sanitize(rank.name), name_width(width)), plain)]
    for column in columns_for(width):
        style = plain if column.field == sorted_by else quiet
        if column.field == "failed" and rank.failed:
            style = failed
        segments.append(Segment(_cell(rank, column.field).rjust(column.width), style))
    return Strip(segments).adjust_cell_length(width, plain)


def _cell(rank: Rank, field: str) -> str:
    value = getattr(rank, field)
    if field == "share":
        return units.share(value)
    return units.duration(value) if field.endswith("_ns") else units.count(value)
