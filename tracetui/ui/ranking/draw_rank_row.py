"""One row of a ranking, and the line of titles above it."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui.analysis.ranking.occurrences import MEASURES
from tracetui.analysis.ranking.ranking import Rank, Ranking
from tracetui.report.drawing.bars import root_bar
from tracetui.report.drawing.rank_columns import RankColumn, columns_for, grew, title
from tracetui.text import Safe, Shared, fit, fit_middle, fit_name, sanitize
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint

MARGIN = 2
"""Two marks on the left."""

FLAKY = " flaky"
MOST_NAME, LEAST_BAR, GAP = 64, 14, 2
"""What is left when names have so many cells is for bars, if it is enough for some."""

ROLES = {label: label for label in ("suite", "hook", "archiver")}
"""What is ranked in the colour of a role; all else in that of tests."""


SCALE = Safe("square-root scale")
"""What bars are long by: of one that takes most of all, a linear one leaves the others none."""


class Layout(NamedTuple):
    """What all rows of a ranking and their titles share; `width` is in cells.

    Bars show `measure`, a field of `Rank`: the sorted column, or else own time; `most` fills them. `shared`
    is what names have in common.
    """

    by: str
    sorted_by: str
    descending: bool
    columns: tuple[RankColumn, ...]
    width: int
    measure: str = ""
    most: int = 0
    shared: Shared = Shared()

    @property
    def bar_width(self) -> int:
        """The width of a bar on the right, if names leave room; including the gap before it."""
        rest = self.width - MARGIN - sum(column.cells for column in self.columns)
        if not self.most or rest - MOST_NAME < LEAST_BAR:
            return 0
        return max(LEAST_BAR, rest - max(MOST_NAME, self.shared.longest + 1))

    @property
    def name_width(self) -> int:
        """The cells left for the name."""
        taken = MARGIN + sum(column.cells for column in self.columns) + self.bar_width
        return max(8, self.width - taken)

    @property
    def fields(self) -> tuple[str, ...]:
        """The sortable fields, from left to right."""
        return ("name", *(column.field for column in self.columns))


def layout(ranking: Ranking | None, by: str, sorted_by: str, descending: bool, width: int) -> Layout:
    """The layout of a ranking; None while there is none yet."""
    columns = columns_for(ranking, width - MARGIN, sorted_by)
    measure = sorted_by if sorted_by in MEASURES else "own_ns"
    most = ranking.most[measure] if ranking else 0
    common = ranking.names.shared if ranking else Shared()
    return Layout(by, sorted_by, descending, columns, width, measure, most, common)


def titles_row(shown: Layout, paint: Paint) -> Strip:
    """The titles; the sorted column has an arrow."""
    arrow = " ▼" if shown.descending else " ▲"
    quiet, loud = paint.style("quiet", "surface"), paint.style("accent", "surface", bold=True)
    by_name = shown.sorted_by == "name"
    name = fit_middle(sanitize(title(shown.by) + (arrow if by_name else "")), shown.name_width)
    segments = [Segment("  " + name, loud if by_name else quiet)]
    for column in shown.columns:
        chosen = column.field == shown.sorted_by
        text = (column.title + arrow if chosen else column.title).rjust(column.cells)
        segments.append(Segment(text, loud if chosen else quiet))
    if shown.bar_width:
        segments.append(Segment(" " * GAP + fit(SCALE, shown.bar_width - GAP), quiet))
    return Strip(segments).adjust_cell_length(shown.width, quiet)


def column_at(x: int, shown: Layout) -> str:
    """The field whose title is at cell `x`."""
    right = MARGIN + shown.name_width
    if x < right:
        return "name"
    for column in shown.columns:
        right += column.cells
        if x < right:
            return column.field
    return shown.measure or shown.fields[-1]


def rank_row(rank: Rank, shown: Layout, paint: Paint, *, selected: bool, is_flaky: bool = False) -> Strip:
    """One row, as wide as the layout; a flaky test is marked behind its name."""
    ground = "cursor-row" if selected else "background"
    plain = paint.style("foreground", ground, bold=selected)
    segments = [
        Segment(UNICODE.cursor if selected else " ", paint.style("accent", ground)),
        Segment("▶" if rank.running else " ", paint.style("success", ground)),
        Segment(fit_name(sanitize(rank.name), shown.name_width - len(FLAKY) * is_flaky, shown.shared), plain),
        *([Segment(FLAKY, paint.style("warning", ground))] if is_flaky else ()),
    ]
    for column in shown.columns:
        text = column.text(rank).rjust(column.cells)
        segments.append(Segment(text, _style(rank, column.field, shown, paint, ground)))
    if shown.bar_width:
        bar = root_bar(int(getattr(rank, shown.measure)), shown.most, shown.bar_width - GAP)
        segments.append(Segment(" " * GAP + bar, paint.style(f"role-{ROLES.get(shown.by, 'test')}", ground)))
    return Strip(segments).adjust_cell_length(shown.width, plain)


def _style(rank: Rank, field: str, shown: Layout, paint: Paint, ground: str) -> Style:
    if field == "failed" and rank.failed:
        return paint.style("outcome-failed", ground, bold=True)
    if field == "trend" and grew(rank):
        return paint.style("warning", ground)
    return paint.style("foreground" if field == shown.sorted_by else "quiet", ground)
