"""The waterfall as lines: the tree of spans, own and total time, and a bar on a time axis.

The whole tree comes from one value, which is also the JSON document.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import OUTCOMES, ROLES, Outcome, Role
from tracetui.report.drawing.axis import drawn, ruler
from tracetui.report.drawing.style import (
    BAD,
    MARKS,
    OUTCOME_STYLES,
    PLAIN,
    QUIET,
    QUIET_WHEN_PASSED,
    ROLE_STYLES,
    WARNING,
    Line,
    ahead,
    bar_style,
    clock_words,
    many,
    right,
    words,
)
from tracetui.report.heading import headings, hidden_by, losses_of_all
from tracetui.report.spans import SpanRow, Waterfall, value
from tracetui.text import Safe, fit, fit_middle, sanitize, width

if TYPE_CHECKING:
    from tracetui.analysis.query.filters.lens import Lens

TIME_CELLS = 9
LEAST_NAME, LEAST_BAR = 24, 12
MOST_SERVICE = 20


def waterfall(
    findings: Findings,
    rows: Rows,
    cells: int,
    *,
    colour: bool,
    lens: "Lens | None" = None,
    is_whole: bool = True,
) -> Iterator[Line]:
    """The lines of a page of `rows` (display order, each after the rows above it), `cells` wide.

    Unless the tree `is_whole`, its rows are of its first levels.
    """
    yield from headings(findings)
    yield from page(value(findings, rows, lens), cells, colour=colour, is_whole=is_whole)
    yield from hidden_by(lens)
    yield from losses_of_all(findings)


def page(spans: Waterfall, cells: int, *, colour: bool, is_whole: bool = True) -> Iterator[Line]:
    """The tree; whenever the axis changes, the new axis comes before the row."""
    columns = _Page(cells, spans.services, colour=colour)
    before: int | None = None
    for row in spans.rows:
        axis = spans.axes[row.axis] if row.axis >= 0 else None
        if row.axis != before:
            before = row.axis
            yield []
            yield columns.header(axis)
        yield columns.line(row, axis)
    if spans.more:
        how = "-n 0 shows all" if is_whole else "-n 0 without --depth shows all"
        yield [words(f"... {many(spans.more, 'more span')} ({how})", QUIET)]


class _Page:
    """The columns of a page."""

    def __init__(self, cells: int, services: tuple[str, ...], *, colour: bool) -> None:
        self._colour = colour
        self._service = min(MOST_SERVICE, max((width(sanitize(name)) for name in services), default=0))
        cells -= self._service + 1 if services else 0
        self._name = max(LEAST_NAME, min(cells * 9 // 20, cells - 2 * TIME_CELLS - 4 - LEAST_BAR))
        self._bar = max(LEAST_BAR, cells - self._name - 2 * TIME_CELLS - 4)

    def header(self, window: Window | None) -> Line:
        """The titles of the columns, the axis, and its start; without an axis, that."""
        began = "span"
        if window is not None:
            no_date = window.start_ns < units.NO_EPOCH
            began = "relative times, no date" if no_date else f"from {units.moment(window.start_ns)}"
        times = right("own", TIME_CELLS) + right("total", TIME_CELLS)
        return [
            words(
                fit(sanitize(began), self._name + 2)
                + fit(Safe("service"), self._service + 1 if self._service else 0)
                + times
                + "  "
                + (ruler(window, self._bar).rstrip() if window else ""),
                QUIET,
            )
        ]

    def line(self, row: SpanRow, window: Window | None) -> Line:
        """One span."""
        role, outcome = ROLES[row.role], OUTCOMES[row.outcome]
        own, total = units.duration(row.own_ns), units.duration(row.duration_ns)
        return [
            *self._label(row, role),
            _mark(role, outcome),
            *self._of_service(row),
            Segment(right(own, TIME_CELLS) + right(total, TIME_CELLS) + "  "),
            *(self._times(row, window, bar_style(role, outcome) if self._colour else None) if window else ()),
        ]

    def _of_service(self, row: SpanRow) -> list[Segment]:
        """The service column, if there are several services."""
        return [Segment(fit_middle(sanitize(row.service), self._service) + " ")] if self._service else []

    def _times(self, row: SpanRow, window: Window, style: Style | None) -> list[Segment]:
        """The bar, or why there is none."""
        if row.clock:
            clock = clock_words(row.clock, row.start_ns, row.end_ns or 0, relative=row.relative)
            return [Segment(fit(clock, self._bar).rstrip(), BAD)]
        bar = drawn(*row.bar_ns, window, self._bar, style)
        return [*bar, words(f" ~ {ahead(row.skew_ns)}", WARNING)] if row.skew_ns else bar

    def _label(self, row: SpanRow, role: Role) -> list[Segment]:
        """Indented by depth: whether it is folded, its role, its title, the number left out below it."""
        fold = "  " if not row.below else "▸ " if row.unseen == row.below else "▾ "
        more = f" +{row.unseen}" if 0 < row.unseen < row.below else ""
        before = " " * min(2 * row.depth, self._name // 2) + fold
        word = "" if role is Role.OTHER else role.label + " "
        room = self._name - len(before) - len(word) - len(more)
        title = sanitize(f"{row.title} {row.apart}" if row.apart else row.title)
        if width(title) > room:
            title = fit_middle(title, room)
        return [
            Segment(before),
            Segment(word, ROLE_STYLES[role]),
            Segment(title),
            Segment(more, QUIET),
            Segment(" " * (room - width(title))),
        ]


def _mark(role: Role, outcome: Outcome) -> Segment:
    quiet = outcome is Outcome.PASSED and role in QUIET_WHEN_PASSED
    return Segment("  " if quiet else f" {MARKS[outcome]}", OUTCOME_STYLES.get(outcome, PLAIN))
