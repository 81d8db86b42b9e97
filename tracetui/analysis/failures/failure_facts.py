"""Everything that the Failures screen shows of one failure, decoded away from the screen's thread."""

import re

from msgspec import Struct

from tracetui.analysis.beside.beside import Suspicion
from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.decoding import Causes, SpanOf
from tracetui.analysis.failures.exceptions import is_exception
from tracetui.analysis.failures.failures import archivers, failed_beside
from tracetui.analysis.failures.place import Place, place_of
from tracetui.analysis.failures.stack import Frame, parse_stack
from tracetui.analysis.flaky.flaky import Flaky
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.related_spans import occurrences
from tracetui.errors import InputError
from tracetui.model.role import Role
from tracetui.model.span import Attributes, Event, Span

_VARIABLE = re.compile(r"[^\W\d]\w* = ")
MOST = 50
"""So many attempts, archives and hooks are looked at."""


class FailureFacts(Struct, frozen=True, eq=False):
    """One failure; `trouble` says what could not be read back. All text is foreign.

    `attempts` are the rows of the same test by start, `beside` what failed inside it and is no part of it.
    `flaky` is what is known of a flaky test, `suspicion` what ran on other lanes when it failed.
    """

    findings: Findings
    row: int
    cause: Cause
    span: Span | None
    attributes: Attributes
    place: Place | None
    output: tuple[Event, ...]
    attempts: tuple[int, ...]
    archives: tuple[Span, ...]
    beside: tuple[Cause, ...]
    trouble: str = ""
    flaky: Flaky | None = None
    suspicion: Suspicion | None = None


def gather(findings: Findings, row: int, causes: Causes, span_of: SpanOf) -> FailureFacts:
    """The facts of a failed row."""
    trouble, span = "", None
    try:
        span = span_of(findings.snapshot, row)
    except InputError as error:
        trouble = str(error)
    cause = causes.of(findings, row)
    attributes = span.attributes if span else {}
    alike = occurrences(findings, row) if findings.snapshot.role[row] == Role.TEST else ()
    return FailureFacts(
        findings=findings,
        row=row,
        cause=cause,
        span=span,
        attributes=attributes,
        place=place_of(cause, attributes),
        output=tuple(event for event in span.events if is_output(event)) if span else (),
        attempts=tuple(int(other) for other in alike[-MOST:]),
        archives=tuple(_readable(findings, archivers(findings, row)[:MOST].tolist(), span_of)),
        beside=tuple(causes.of(findings, int(other)) for other in failed_beside(findings, row)[:MOST]),
        trouble=trouble,
    )


def code_at(cause: Cause, place: Place) -> tuple[str, tuple[str, ...]]:
    """The code that a stack trace shows at a place, and the local variables there; empty if it shows none.

    Python writes variables below the code (`traceback.TracebackException(capture_locals=True)`).
    """
    for raised in cause.thrown:
        for frame in parse_stack(raised.stack):
            if isinstance(frame, Frame) and (frame.file, frame.line) == place and frame.code:
                code, *more = (line.lstrip(" |+-") for line in frame.code)
                return code, tuple(filter(is_variable, more))
    return "", ()


def is_variable(line: str) -> bool:
    """Whether a line below a frame's code is a local variable: `rate = 0.8`."""
    return _VARIABLE.match(line) is not None


def is_output(event: Event) -> bool:
    """Whether an event is a log record, and no exception."""
    return "body" in event.attributes and not is_exception(event)


def _readable(findings: Findings, rows: list[int], span_of: SpanOf) -> list[Span]:
    spans = []
    for row in rows:
        try:
            spans.append(span_of(findings.snapshot, row))
        except InputError:
            continue
    return spans
