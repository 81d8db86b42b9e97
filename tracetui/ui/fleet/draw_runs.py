"""One run of a test, and the titles above it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.history.change_points import Change
from tracetui.report.drawing.style import MARKS
from tracetui.text import Safe, fit, fit_middle, sanitize, width
from tracetui.ui.fleet.answers import FleetRun
from tracetui.ui.history.draw_history_row import change_colour
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint

SORTS = ("began", "own", "outcome")
GAP, BEGAN, OWN, CHANGE = 2, 16, 8, 9
REVISION, OUTCOME, MOST_TEXT = 8, 9, 24
TEXTS = ("branch", "revision", "variant", "run")
WIDE = 110
"""From so many cells on, there is room for the variant and the run."""


class RunLayout(NamedTuple):
    """What rows and titles share: titles with their cells. The path of the recording has the rest."""

    cells: int
    columns: tuple[tuple[str, int], ...]
    has_changes: bool

    @property
    def source(self) -> int:
        """The cells for the path of the recording."""
        taken = sum(cells + GAP for _, cells in self.columns) + 1 + CHANGE * self.has_changes
        return max(1, self.cells - taken)


def longest(runs: Sequence[FleetRun]) -> Mapping[str, int]:
    """The cells of the longest text of each kind: O(n), away from the screen's thread."""
    texts = {field: {getattr(run, field) for run in runs} for field in TEXTS}
    return {field: max((width(sanitize(text)) for text in some), default=0) for field, some in texts.items()}


def layout(needed: Mapping[str, int], cells: int, *, has_changes: bool) -> RunLayout:
    """Texts take what they need, up to 24 cells; a column without any text is left out."""
    most = {"branch": MOST_TEXT if cells >= WIDE else 10, "revision": REVISION}
    texts = tuple(
        (field, max(len(field), min(needed[field], most.get(field, MOST_TEXT))))
        for field in (TEXTS if cells >= WIDE else TEXTS[:2])
        if needed.get(field)
    )
    return RunLayout(cells, (("began (UTC)", BEGAN), *texts, ("outcome", OUTCOME), ("own", OWN)), has_changes)


def titles_row(shown: RunLayout, sorted_by: str, paint: Paint) -> Strip:
    """The titles; the sorted column has an arrow."""
    quiet, loud = paint.style("quiet", "surface"), paint.style("accent", "surface", bold=True)
    segments = [Segment(" ", quiet)]
    for title, cells in shown.columns:
        is_chosen = title.split()[0] == sorted_by
        text = f"{title} ▼" if is_chosen else title
        text = text.rjust(cells) if title == "own" else fit(Safe(text), cells)
        segments.append(Segment(text + " " * GAP, loud if is_chosen else quiet))
    if shown.has_changes:
        segments.append(Segment("change".ljust(CHANGE), quiet))
    segments.append(Segment(fit(Safe("recording"), shown.source), quiet))
    return Strip(segments).adjust_cell_length(shown.cells, quiet)


def run_row(run: FleetRun, shown: RunLayout, paint: Paint, *, selected: bool, change: Change | None) -> Strip:
    """One run: when it began, its code, how it ended, how long it took, and the path of its recording."""
    ground = "cursor-row" if selected else "background"
    plain, quiet = paint.style("foreground", ground, bold=selected), paint.style("quiet", ground)
    outcome = paint.style(f"outcome-{run.outcome.label}", ground)
    drawn = {
        "began (UTC)": (Safe(units.timestamp(run.start_ns)[:BEGAN]), quiet),
        "outcome": (Safe(f"{MARKS[run.outcome]} {run.outcome.label}"), outcome),
        "own": (Safe(units.duration(run.own_ns).rjust(OWN)), plain),
    }
    segments = [Segment(UNICODE.cursor if selected else " ", paint.style("accent", ground))]
    for title, cells in shown.columns:
        text, style = drawn.get(title) or (sanitize(getattr(run, title)), quiet)
        text = Safe(text[:REVISION]) if title == "revision" else text
        segments.append(Segment(fit(text, cells) + " " * GAP, style))
    if shown.has_changes:
        said = f"▲ {change.ratio:.2f}x" if change else ""
        segments.append(Segment(said.ljust(CHANGE), paint.style(change_colour(change), ground, bold=True)))
    segments.append(Segment(fit_middle(sanitize(run.source), shown.source), quiet))
    return Strip(segments).adjust_cell_length(shown.cells, plain)
