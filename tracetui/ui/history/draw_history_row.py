"""Rows of History: a test with a cell for each run, one run of a test, and texts about a test."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.history.change_points import Change, Trend
from tracetui.analysis.history.over_runs import HistoryValue, Point
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Outcome
from tracetui.report.deciding.history import (
    change_words,
    few_words,
    how_words,
    mixed_words,
    over_words,
    signed,
    since_words,
    step_words,
    title,
    verdict_words,
)
from tracetui.report.drawing.sparks import HEIGHTS, MISSING
from tracetui.report.drawing.style import MARKS
from tracetui.text import NOTHING_SHARED, Safe, Shared, fit, fit_name, sanitize, shared, width
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint

SORTS = ("change", "last", "name")
MARGIN, GAP = 1, 2
COLUMNS = (("runs", 6), ("last", 9), ("change", 17), ("a run", 9))
NARROW_COLUMNS = (("runs", 6), ("last", 9), ("change", 13), ("a run", 9))
NARROW = 110
"""In fewer cells, narrow columns do."""
LEAST_NAME, LEAST_STRIP = 24, 12
HOT, WARM, COOL = 1.5, 1.1, 0.9
"""Of a test's own median, without the speed of the run: from where on a cell stands out."""


class Extent(NamedTuple):
    """What the rows need: the cells of the longest name, what names share, the most runs of any row.

    With `several` kinds of runs names say which.
    """

    longest: int = LEAST_NAME
    common: Shared = NOTHING_SHARED
    runs: int = 0
    several: bool = False


def extent(value: HistoryValue) -> Extent:
    """What the rows need: O(rows), away from the screen's thread."""
    several = len({head.kind for head in value.heads}) > 1
    names = [sanitize(title(trend, several)) for trend in value.rows]
    runs = max((len(trend.table.runs) for trend in value.rows), default=0)
    return Extent(max(map(width, names), default=LEAST_NAME), shared(names), runs, several)


class Layout(NamedTuple):
    """What all rows and their titles share, in cells: a name, the columns, a strip with a cell a run."""

    width: int
    name: int
    strip: int
    extent: Extent

    @property
    def is_narrow(self) -> bool:
        """Whether rows leave out the number of earlier changes."""
        return self.width < NARROW

    @property
    def columns(self) -> tuple[tuple[str, int], ...]:
        """Titles, and the cells of each."""
        return NARROW_COLUMNS if self.is_narrow else COLUMNS


def layout(needed: Extent, cells: int) -> Layout:
    """Names take what they need, and the strip the rest, but each its minimum; at most a cell for a run."""
    columns = NARROW_COLUMNS if cells < NARROW else COLUMNS
    room = cells - MARGIN - GAP - sum(wide for _, wide in columns)
    strip = max(LEAST_STRIP, min(needed.runs, room - needed.longest, room - LEAST_NAME))
    strip = min(max(strip, min(needed.runs, room // 3)), room - 8)
    return Layout(cells, max(8, min(room - strip, needed.longest)), max(1, strip), needed)


def titles_row(value: HistoryValue | None, shown: Layout, sorted_by: str, paint: Paint) -> Strip:
    """The titles; the sorted column has an arrow."""
    quiet, loud = paint.style("quiet", "surface"), paint.style("accent", "surface", bold=True)
    by = value.by if value else "test"
    chosen = {"change": "a run", "last": "last", "name": by}[sorted_by]

    def cell(name: str, cells: int, *, left: bool = False) -> Segment:
        text = f"{name} {'▲' if name == by else '▼'}" if name == chosen else name
        safe = fit(Safe(text), cells)
        return Segment(safe if left else safe.strip().rjust(cells), loud if name == chosen else quiet)

    segments = [Segment(" " * MARGIN, quiet), cell(by, shown.name, left=True)]
    segments += [cell(name, cells) for name, cells in shown.columns]
    segments += [Segment(" " * GAP + fit(Safe("over all runs"), shown.strip), quiet)]
    return Strip(segments).adjust_cell_length(shown.width, quiet)


def trend_row(trend: Trend, shown: Layout, paint: Paint, *, selected: bool) -> Strip:
    """One test: its last own time, what changed, and a cell for each run."""
    ground = "cursor-row" if selected else "background"
    plain, quiet = paint.style("foreground", ground, bold=selected), paint.style("quiet", ground)
    change = trend.changes[-1] if trend.changes else None
    loud = paint.style(change_colour(change), ground, bold=change is not None)
    said = (f"{change.ratio:.2f}x" if shown.is_narrow else change_words(trend)) if change else ""
    said = "too few runs"[: shown.columns[2][1] - 1] if trend.too_few else said
    texts = (
        (units.count(trend.n), quiet),
        (units.duration(trend.last_ns) if trend.n else "", plain),
        (said, quiet if trend.too_few else loud),
        (signed(trend.added_ns) if change else "", loud),
    )
    name = fit_name(sanitize(title(trend, shown.extent.several)), shown.name, shown.extent.common)
    columns = zip(texts, shown.columns, strict=True)
    segments = [
        Segment(UNICODE.cursor if selected else " ", paint.style("accent", ground)),
        Segment(name, plain),
        *(Segment(text.rjust(cells), style) for (text, style), (_, cells) in columns),
        Segment(" " * GAP, plain),
        *strip(trend, shown.strip, paint, ground),
    ]
    return Strip(segments).adjust_cell_length(shown.width, plain)


def change_colour(change: Change | None) -> str:
    """The colour of a change: slower is bad."""
    return "foreground" if change is None else "error" if change.ratio > 1 else "success"


def strip(trend: Trend, cells: int, paint: Paint, ground: str) -> list[Segment]:
    """A cell for each run, or for several adjacent ones.

    Its height is own time, its colour how that compares with the test's own median; a mark for a failure, a
    dot for no measurement.
    """
    table, row = trend.table, trend.row
    runs = len(table.runs)
    edges = distinct(np.linspace(0, runs, min(cells, runs) + 1).astype(int)).tolist()
    took, relative = table.took_ns[row], table.took_ns[row] / table.speed
    known = relative[~np.isnan(relative)]
    usual, most = (float(np.median(known)), float(np.nanmax(took))) if len(known) else (1.0, 1.0)
    segments = []
    for begin, end in pairwise(edges):
        some = took[begin:end]
        bad = next((Outcome(code) for code in table.outcome[row, begin:end].tolist() if _is_bad(code)), None)
        if bad is not None:
            text, colour = MARKS[bad], f"outcome-{bad.label}"
        elif np.isnan(some).all():
            text, colour = MISSING, "quiet"
        else:
            height = float(np.nanmedian(some)) / max(most, 1.0)
            text = HEIGHTS[min(len(HEIGHTS) - 1, int(height * len(HEIGHTS)))]
            colour = heat(float(np.nanmedian(relative[begin:end])) / max(usual, 1.0))
        segments.append(Segment(text, paint.style(colour, ground)))
    return segments


def _is_bad(code: int) -> bool:
    return Outcome(code).bad or code == Outcome.CUT_OFF


def heat(ratio: float) -> str:
    """The colour of a run that took `ratio` times the test's median."""
    if ratio >= HOT:
        return "error"
    return "warning" if ratio >= WARM else "success" if ratio <= COOL else "quiet"


def point_row(
    point: Point, largest: int, cells: int, paint: Paint, *, selected: bool, change: Change | None
) -> Strip:
    """One run of a test: start, revision, outcome, own time, the run's speed, a bar, a change."""
    ground = "cursor-row" if selected else "background"
    plain, quiet = paint.style("foreground", ground, bold=selected), paint.style("quiet", ground)
    own = "" if point.own_ns is None else ">" * point.at_least + units.duration(point.own_ns)
    begun = fit(sanitize(f"{units.day(point.head.start_ns):16}  {point.head.revision[:10]}"), 30)
    word = f"{MARKS[point.outcome]} {point.outcome.label}"
    segments = [
        Segment(UNICODE.cursor if selected else " ", paint.style("accent", ground)),
        Segment(begun, quiet),
        Segment(fit(Safe(word), 12), paint.style(f"outcome-{point.outcome.label}", ground)),
        Segment(own.rjust(9), plain),
        Segment(f"{point.speed:8.2f}x  ", quiet),
    ]
    said = (f" ▲ {change.ratio:.2f}x" + " from here on" * (cells >= NARROW)) if change else ""
    room = cells - sum(len(segment.text) for segment in segments) - (24 if cells >= NARROW else 10)
    filled = max(0, round(room * (point.own_ns or 0) / max(1, largest)))
    segments += [Segment("█" * filled, paint.style("role-test", ground))]
    segments += [Segment(said, paint.style(change_colour(change), ground, bold=True))]
    return Strip(segments).adjust_cell_length(cells, plain)


def summary_content(value: HistoryValue | None, cells: int, *, brief: bool) -> Content:
    """What changed, in one line, over which runs, and, unless it must be `brief`, what the figures are."""
    if value is None:
        return Content("")
    style = "bold $warning" if any(trend.changes for trend in value.rows) else "bold"
    verdict, over = verdict_words(value), sanitize(over_words(value))
    between = "   " if len(verdict) + len(over) + 3 <= cells else "\n"
    first = Content.assemble((verdict, style), (f"{between}{over}", "$quiet"))
    few = value.runs and all(trend.too_few for trend in value.rows)
    rest = (few_words(value.runs),) if few else () if brief else how_words(value)
    mixed = [(f"{mixed_words(value)} (c: one branch)", "$warning")] if value.is_mixed else []
    told_below = [*mixed, *((text, "$warning" if few else "$quiet") for text in rest)]
    lines = (Content.assemble((fit(sanitize(text), cells), colour)) for text, colour in told_below)
    return Content("\n").join([first, *lines])


def told_content(value: HistoryValue | None, trend: Trend | None, cells: int) -> Content:
    """The full name of the row under the cursor, and its changes, the last first."""
    if value is None or trend is None:
        return Content("")
    lines = [Content.assemble((fit(sanitize(title(trend, with_job=True)), cells), "bold"))]
    for change in reversed(trend.changes):
        since = sanitize(since_words(value.heads[change.run]))
        said = f"{since}  {step_words(change)}"
        lines.append(Content.assemble((fit(Safe(said), cells), f"${change_colour(change)}")))
    if not trend.changes:
        said = few_words(trend.n) if trend.too_few else f"no change in {units.many(trend.n, 'run')}"
        lines.append(Content.assemble((said, "$quiet")))
    return Content("\n").join(lines)
