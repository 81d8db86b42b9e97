"""Marks, styles and lines: how outcomes and roles look on pages.

A line is a list of segments whose text is `Safe` or our own, so that nothing in it is markup or control code.
"""

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.text import Safe, sanitize, width, wrap

Line = list[Segment]

MARKS = {
    Outcome.UNKNOWN: " ",
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.ERROR: "!",
    Outcome.SKIPPED: "◌",
    Outcome.XFAILED: "~",
    Outcome.XPASSED: "≈",
    Outcome.CUT_OFF: "╳",
    Outcome.RUNNING: "▶",
    Outcome.RERUN: "↻",
}
"""Every outcome is also a shape: colour alone says nothing."""
QUIET_WHEN_PASSED = (Role.PHASE, Role.HOOK, Role.ARCHIVER, Role.OTHER)
"""What bears no mark where it passed: most spans are of these roles."""

PLAIN = Style()
QUIET = Style(dim=True)
STRONG = Style(bold=True)
BAD = Style(color="red", bold=True)
WARNING = Style(color="yellow")

ROLE_STYLES = {
    Role.OTHER: Style(color="white"),
    Role.SUITE: Style(color="blue"),
    Role.WORKER: Style(color="cyan"),
    Role.TEST: Style(color="green"),
    Role.PHASE: Style(color="bright_green"),
    Role.HOOK: Style(color="yellow"),
    Role.ARCHIVER: Style(color="magenta"),
}

OUTCOME_STYLES = {
    Outcome.PASSED: Style(color="green"),
    Outcome.FAILED: BAD,
    Outcome.ERROR: BAD,
    Outcome.SKIPPED: QUIET,
    Outcome.XFAILED: QUIET,
    Outcome.XPASSED: Style(color="yellow"),
    Outcome.CUT_OFF: Style(color="red"),
    Outcome.RUNNING: Style(color="cyan", bold=True),
    Outcome.RERUN: Style(color="yellow"),
}


def bar_style(role: Role, outcome: Outcome) -> Style:
    """The colour of a bar: that of its role, unless it needs attention."""
    return BAD if outcome.bad else ROLE_STYLES[role]


def clock_badge(findings: Findings, row: int) -> Safe:
    """The text in place of a bar if a span's times are impossible; else empty."""
    wrong = findings.clock(row)
    if not wrong:
        return Safe("")
    written, clocks = findings.written, findings.clocks
    relative = clocks is not None and bool(clocks.relative[row])
    return clock_words(wrong, int(written.start_ns[row]), int(written.end_ns[row]), relative=relative)


def clock_words(wrong: str, start_ns: int, end_ns: int, *, relative: bool) -> Safe:
    """The times as they were written, of which `start` or `end` is wrong; `relative` ones have no date."""
    start, end = map(units.moment if relative else units.timestamp, (start_ns, end_ns))
    return Safe(f"clock: starts {start}" if wrong == "start" else f"clock: {start} to {end}")


def skew_badge(findings: Findings, row: int) -> Safe:
    """How far the clock of a process was off, at the first span of the process; else empty."""
    skew = findings.skews.get(row)
    return Safe(f"~ {ahead(skew.offset_ns)}") if skew else Safe("")


def ahead(offset_ns: int) -> str:
    """How far a clock was off: `5m00s ahead`."""
    return f"{units.duration(abs(offset_ns))} {'ahead' if offset_ns > 0 else 'behind'}"


def words(text: str, style: Style = PLAIN) -> Segment:
    """A segment of our own words, or of foreign ones, which become `Safe` here."""
    return Segment(sanitize(text), style)


def wrapped(text: str, cells: int, style: Style) -> Iterator[Line]:
    """A sentence, on as many lines as it needs; no line for an empty one."""
    for part in wrap(sanitize(text), cells) if text else ():
        yield [Segment(part.strip(), style)]


def right(text: str, cells: int) -> Safe:
    """Text aligned right in a column, with at least one blank before it."""
    safe = sanitize(text)
    return Safe(" " * max(1, cells - width(safe)) + safe)


many = units.many
