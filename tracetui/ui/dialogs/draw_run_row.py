"""One run of the picker: state, name, start, duration, tests, size."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.runs.runs import ALL, Summary
from tracetui.model.role import Outcome
from tracetui.report.drawing.style import MARKS
from tracetui.text import Safe, fit, fit_middle, sanitize
from tracetui.ui.theme.themes import Paint

STATE_WORDS = {"live": "LIVE", "incomplete": "INCOMPLETE", "cut off": "CUT OFF"}
_START_WIDTH, _NUMBER_WIDTH, _SIZE_WIDTH = 20, 9, 11
_WIDE = 96
"""From this width on there is room for files and sizes."""


class Entry(NamedTuple):
    """A line of the picker: its choice, and the summary of a run, a job or a shard.

    `files` is how many files it is in, 0 if not counted. `depth` is its level below its run.
    """

    choice: int
    title: str
    summary: Summary
    files: int
    is_shown: bool
    depth: int = 0


def titles(width: int) -> Safe:
    """The titles of the columns."""
    return fit(Safe("   " + "run".ljust(_name_width(width)) + "".join(_columns(None, width))), width)


def run_row(entry: Entry, width: int, paint: Paint, *, selected: bool) -> Strip:
    """One line, `width` cells wide."""
    background = paint.colour("cursor-row" if selected else "panel")
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=entry.is_shown)
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    outcome = entry.summary.outcome
    mark = Style(color=paint.outcomes[outcome], bgcolor=background, bold=True)
    start, length, tests, failed, *rest = _columns(entry, width)
    bad = Style(color=paint.outcomes[Outcome.FAILED], bgcolor=background, bold=True)
    live = Style(color=paint.outcomes[Outcome.RUNNING], bgcolor=background, bold=True)
    return Strip(
        [
            Segment("▌" if selected else " ", Style(color=paint.colour("accent"), bgcolor=background)),
            Segment(MARKS[outcome] + " ", mark),
            *_title(entry, width, plain, live),
            Segment(start, quiet),
            Segment(length + tests, plain),
            Segment(failed, bad if entry.summary.failed else quiet),
            Segment("".join(rest), quiet),
        ]
    ).adjust_cell_length(width, quiet)


def _title(entry: Entry, width: int, plain: Style, live: Style) -> list[Segment]:
    """A run's name, a job's indented; before it whether more is to come, or anything is missing."""
    word = STATE_WORDS.get(entry.summary.state) if entry.choice != ALL else None
    word = "QUIET" if word and entry.summary.is_quiet else word
    state = (f"{word} " if word else "") + "LOST DATA " * bool(entry.summary.lost)
    before = "  " * entry.depth + state
    title = fit_middle(sanitize(entry.title), max(0, _name_width(width) - len(before)))
    return [Segment(before, live), Segment(title, plain)]


def _name_width(width: int) -> int:
    wide = _NUMBER_WIDTH + _SIZE_WIDTH if width >= _WIDE else 0
    return max(8, width - 4 - _START_WIDTH - 3 * _NUMBER_WIDTH - wide)


def _columns(entry: Entry | None, width: int) -> list[str]:
    """Start, duration, tests and failures, and if there is room files and size; or their titles."""
    if entry is None:
        texts = ["start (UTC)", "took", "tests", "failed", "files", "size"]
    else:
        summary = entry.summary
        texts = [
            units.moment(summary.start_ns)[:19] if summary.spans else "",
            units.duration(summary.end_ns - summary.start_ns) if summary.end_ns > summary.start_ns else "",
            units.count(summary.tests),
            units.count(summary.failed),
            units.count(entry.files) if entry.files else "",
            units.size(summary.bytes),
        ]
    widths = [_START_WIDTH, *[_NUMBER_WIDTH] * 4, _SIZE_WIDTH]
    cells = [text[:most].rjust(most) for text, most in zip(texts, widths, strict=True)]
    return cells if width >= _WIDE else cells[:4]
