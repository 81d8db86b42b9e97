"""The waterfall as lines: the tree of spans, own and total time, and a bar on a time axis."""

from collections.abc import Iterator

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.filters.lens import Lens
from tracetui.analysis.findings import Findings
from tracetui.analysis.tree import Rows, nearest
from tracetui.model.role import Outcome, Role
from tracetui.report.axis import drawn, ruler, windows
from tracetui.report.heading import headings, hidden_by, losses_of_all
from tracetui.report.selection import hidden
from tracetui.report.style import (
    BAD,
    MARKS,
    OUTCOME_STYLES,
    PLAIN,
    QUIET,
    ROLE_STYLES,
    WARNING,
    Line,
    bar_style,
    clock_badge,
    many,
    right,
    skew_badge,
    words,
)
from tracetui.text import fit, fit_middle, sanitize, width

TIME_CELLS = 9
LEAST_NAME, LEAST_BAR = 24, 12

_QUIET_WHEN_PASSED = (Role.PHASE, Role.HOOK, Role.ARCHIVER, Role.OTHER)


def waterfall(
    findings: Findings, rows: Rows, cells: int, *, colour: bool, lens: Lens | None = None
) -> Iterator[Line]:
    """The lines of a page of `rows` (display order, nothing without what is above it), `cells` wide."""
    yield from headings(findings)
    page = _Page(findings, rows, cells, colour=colour)
    axes = windows(findings)
    root_of = nearest(findings.tree.parent < 0, findings.tree.parent)
    before: Window | None = None
    for row in rows.tolist():
        window = axes[int(root_of[row])]
        if window != before:
            before = window
            yield []
            yield page.header(window)
        yield page.line(row, window)
    left_out = hidden(findings, rows, lens)
    if left_out:
        yield [words(f"... {many(left_out, 'more span')} (-n 0 shows all)", QUIET)]
    yield from hidden_by(lens)
    yield from losses_of_all(findings)


class _Page:
    """The columns of a page, and what of the tree it leaves out."""

    def __init__(self, findings: Findings, rows: Rows, cells: int, *, colour: bool) -> None:
        self._findings = findings
        self._colour = colour
        shown = np.zeros(len(findings.snapshot), np.bool_)
        shown[rows] = True
        home = nearest(shown, findings.tree.parent)
        self._hidden = np.bincount(home[~shown & (home >= 0)], minlength=len(shown))
        self._name = max(LEAST_NAME, min(cells * 9 // 20, cells - 2 * TIME_CELLS - 4 - LEAST_BAR))
        self._bar = max(LEAST_BAR, cells - self._name - 2 * TIME_CELLS - 4)

    def header(self, window: Window) -> Line:
        """The titles of the columns, the axis, and when it begins."""
        no_date = window.start_ns < units.NO_EPOCH
        began = "relative times, no date" if no_date else f"from {units.moment(window.start_ns)}"
        times = right("own", TIME_CELLS) + right("total", TIME_CELLS)
        return [
            words(
                fit(sanitize(began), self._name + 2) + times + "  " + ruler(window, self._bar).rstrip(), QUIET
            )
        ]

    def line(self, row: int, window: Window) -> Line:
        """One span."""
        times, snapshot = self._findings.times, self._findings.snapshot
        role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
        own, total = units.duration(int(times.own[row])), units.duration(int(times.total[row]))
        style = bar_style(role, outcome) if self._colour else None
        return [
            *self._label(row, role),
            _mark(role, outcome),
            Segment(right(own, TIME_CELLS) + right(total, TIME_CELLS) + "  "),
            *self._times(row, window, style),
        ]

    def _times(self, row: int, window: Window, style: Style | None) -> list[Segment]:
        """The bar, or why there is none."""
        if clock := clock_badge(self._findings, row):
            return [Segment(fit(clock, self._bar).rstrip(), BAD)]
        start, end = int(self._findings.snapshot.start_ns[row]), int(self._findings.times.end[row])
        bar = drawn(start, end, window, self._bar, style)
        badge = skew_badge(self._findings, row)
        return [*bar, words(f" {badge}", WARNING)] if badge else bar

    def _label(self, row: int, role: Role) -> list[Segment]:
        """Indented by depth: whether it is folded, its role, its title, how many are left out below it."""
        depth, size = int(self._findings.tree.depth[row]), int(self._findings.tree.size[row])
        hidden = int(self._hidden[row])
        fold = "  " if size == 1 else "▸ " if hidden == size - 1 else "▾ "
        more = f" +{hidden}" if 0 < hidden < size - 1 else ""
        before = " " * min(2 * depth, self._name // 2) + fold
        word = "" if role is Role.OTHER else role.label + " "
        room = self._name - len(before) - len(word) - len(more)
        title = sanitize(self._findings.title(row))
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
    quiet = outcome is Outcome.PASSED and role in _QUIET_WHEN_PASSED
    return Segment("  " if quiet else f" {MARKS[outcome]}", OUTCOME_STYLES.get(outcome, PLAIN))
