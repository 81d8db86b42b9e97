"""One row of the waterfall: cursor, fold, role, title, outcome, times, bar."""

from dataclasses import dataclass
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.bars import Window, bar
from tracetui.analysis.findings import Findings
from tracetui.analysis.outline import Outline
from tracetui.model.role import Outcome, Role
from tracetui.report.style import MARKS
from tracetui.text import Safe, fit_middle, sanitize
from tracetui.ui.renderables.axis import Ruler
from tracetui.ui.themes import Paint

OWN_WIDTH = 8
WIDE = 100
"""From this width on, total times have a column too."""

DEEPEST_INDENT = 20
_WORDLESS = frozenset({Role.OTHER, Role.PHASE})


@dataclass(frozen=True, eq=False)
class Frame:
    """What all rows of one frame share; `now_ns` is where running bars end, widths are in cells."""

    findings: Findings
    outline: Outline
    window: Window
    now_ns: int
    width: int
    paint: Paint

    @property
    def name_width(self) -> int:
        """The column of names, marks included."""
        return max(20, min(72, (self.width - OWN_WIDTH - self.total_width) * 9 // 20))

    @property
    def total_width(self) -> int:
        """The column of total times, where there is room for it."""
        return OWN_WIDTH if self.width >= WIDE else 0

    @property
    def ruler(self) -> Ruler:
        """What the axis above has to show."""
        titles = "   span".ljust(self.name_width) + "own".rjust(OWN_WIDTH)
        titles += "total".rjust(self.total_width)[: self.total_width]
        return Ruler(titles, self.bar_left, self.bar_width, self.window, self.findings.summary.start_ns)

    @property
    def bar_left(self) -> int:
        """The first cell of the time axis."""
        return self.name_width + OWN_WIDTH + self.total_width + 2

    @property
    def bar_width(self) -> int:
        """The cells of the time axis."""
        return max(0, self.width - self.bar_left - 1)


@lru_cache(maxsize=16384)
def _title(foreign: str, cells: int) -> Safe:
    return fit_middle(sanitize(foreign), cells)


def fold_column(frame: Frame, row: int) -> int:
    """The cell that the fold mark of a row stands in; roles have their room right of it."""
    return 1 + min(2 * int(frame.outline.tree.depth[row]), DEEPEST_INDENT, frame.name_width - 14)


def span_row(frame: Frame, index: int, *, selected: bool) -> Strip:
    """The row at `index` of the outline, `frame.width` cells wide."""
    findings, paint = frame.findings, frame.paint
    row = frame.outline.row(index)
    role, outcome = Role(int(findings.snapshot.role[row])), Outcome(int(findings.snapshot.outcome[row]))
    background = paint.colour("cursor-row" if selected else "background")
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=selected)
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    accent = Style(color=paint.colour("accent"), bgcolor=background)
    start, end = int(findings.snapshot.start_ns[row]), end_time(findings, row, frame.now_ns)
    total = max(0, end - start)
    own = own_time(findings, row, frame.now_ns)

    head = [Segment("▌" if selected else " ", accent), Segment(_fold(frame, row), quiet)]
    if role not in _WORDLESS:
        head.append(Segment(f"{role.label} ", Style(color=paint.roles[role], bgcolor=background)))
    used = sum(len(segment.text) for segment in head)
    head.append(Segment(_title(findings.snapshot.title(row), frame.name_width - used - 2), plain))
    mark = Style(color=paint.outcomes[outcome], bgcolor=background, bold=True)
    head.append(Segment(f" {MARKS[outcome]}", mark))
    times = [
        Segment(units.duration(own).rjust(OWN_WIDTH), plain),
        Segment(units.duration(total).rjust(frame.total_width)[: frame.total_width] + "  ", quiet),
    ]
    colour = paint.bar(role, outcome)
    return Strip(head + times + _bar(frame, start, end, colour, background), frame.width)


def end_time(findings: Findings, row: int, now_ns: int) -> int:
    """When a span ended, or now for a running one: findings are a moment old."""
    end = int(findings.times.end[row])
    return max(end, now_ns) if findings.snapshot.outcome[row] == Outcome.RUNNING else end


def own_time(findings: Findings, row: int, now_ns: int) -> int:
    """A span's own time; that of a running test or phase goes on since the findings were made."""
    own = int(findings.times.own[row])
    grows = findings.snapshot.role[row] in (Role.TEST, Role.PHASE)
    running = findings.snapshot.outcome[row] == Outcome.RUNNING
    return own + max(0, now_ns - findings.now_ns) if grows and running else own


def _fold(frame: Frame, row: int) -> str:
    indent = " " * (fold_column(frame, row) - 1)
    if not frame.outline.can_fold(row):
        return indent + "  "
    return indent + ("▸ " if frame.outline.folded[row] else "▾ ")


def _bar(frame: Frame, start: int, end: int, colour: str, background: str) -> list[Segment]:
    drawn = bar(start, end, frame.window, frame.bar_width)
    filled = Style(color=colour, bgcolor=background)
    swapped = Style(color=background, bgcolor=colour)
    rest = frame.bar_width + 1 - drawn.left - drawn.width
    blank = Style(bgcolor=background)
    pieces = [Segment(piece.text, swapped if piece.reverse else filled) for piece in drawn.pieces]
    return [Segment(" " * drawn.left, blank), *pieces, Segment(" " * rest, blank)]
