"""Decodes one test or package of an output of `go test -json`, from its own lines, when someone looks at it.

Lines of other tests stand among them: those of a test are those with the names in its last line.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.others import plain
from tracetui.formats.results.go_packages import ENDS, GoEvent, elapsed_ns, unbuilt
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Resource, Scope, Span, Status

_event = Lenient(GoEvent)
_FRAME = re.compile(r"\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\s|--- (?:PASS|FAIL|SKIP|BENCH): )")
_WHY = re.compile(r"\[((?:build|setup) failed)\]|^(exit status \d+)", re.MULTILINE)
"""Where a summary says why a package failed, if nothing else does."""
_SUMMARY = re.compile(r"(?:FAIL|PASS|ok\s|exit status |FAIL\t|\?\s)")


def decode_span(data: bytes, resource: Resource, scope: Scope) -> Span:
    """What the lines in `data` say: neither ids nor parent, and no times.

    Raises `ValueError` if there is no event among them.
    """
    events = list(_events(data))
    if not events:
        raise ValueError("no event")
    last = events[-1]
    own = [event for event in events if _is_of(event, last)]
    printed = "".join(event.output for event in own if event.output)
    said = [line for line in printed.splitlines(keepends=True) if not _FRAME.match(line)]
    if not last.test:
        said = [line for line in said if not _SUMMARY.match(line)]
    message = _message(said) or _summary(printed)
    is_bad = last.action == "fail" or last.action not in ENDS
    events_of_span = [_exception(message, said)] if is_bad and message else []
    events_of_span += [_output(printed)] if printed.strip() else []
    return Span(
        trace_id="",
        span_id="",
        parent_span_id="",
        name=last.test or last.package,
        kind="internal",
        start_ns=0,
        end_ns=0,
        status=Status(StatusCode.ERROR if is_bad else StatusCode.OK, message if is_bad else ""),
        attributes=plain.shown(_attributes(last, own)),
        events=tuple(events_of_span),
        links=(),
        resource=resource,
        scope=scope,
    )


def _events(data: bytes) -> Iterator[GoEvent]:
    """The events in `data`, of which the first line may lack its beginning."""
    for line in data.split(b"\n"):
        if line.lstrip().startswith(b"{"):
            try:
                yield _event.decode(line).value
            except (ValueError, RecursionError):
                continue
        elif event := unbuilt(line):
            yield event


def _is_of(event: GoEvent, last: GoEvent) -> bool:
    if event.import_path:
        return bool(last.failed_build) and event.import_path == last.failed_build
    return event.package == last.package and event.test == last.test


def _message(said: Sequence[str]) -> str:
    """The first line that says something: of a panic the one that says so, of a failed build a mistake."""
    lines = [line.strip() for line in said if line.strip() and not line.startswith("# ")]
    return next((line for line in lines if line.startswith("panic: ")), lines[0] if lines else "")


def _summary(printed: str) -> str:
    why = _WHY.search(printed)
    return (why[1] or why[2]) if why else ""


def _exception(message: str, said: Sequence[str]) -> Event:
    kind, _, rest = message.partition(": ")
    is_panic = kind == "panic"
    about = {"type": kind if is_panic else "", "message": rest if is_panic else message}
    about["stacktrace"] = "".join(said).strip("\n")
    return Event(0, "exception", {f"exception.{key}": value for key, value in about.items() if value})


def _output(printed: str) -> Event:
    return Event(0, "output", {"log.iostream": "stdout", "body": printed.rstrip("\n")})


def _attributes(last: GoEvent, own: Sequence[GoEvent]) -> dict[str, Any]:
    told: dict[str, Any] = {"go.package": last.package}
    if last.test:
        told |= {"test.case.name": last.test, "test.suite.name": last.package}
    told |= {"go.test.action": last.action, "go.test.elapsed_ns": elapsed_ns(last)}
    moments = {event.action: event.time for event in own if event.action in ("run", "pause", "cont")}
    told |= {f"go.test.{action}": time for action, time in moments.items() if isinstance(time, str)}
    if last.failed_build:
        told["go.failed_build"] = last.failed_build
    return told
