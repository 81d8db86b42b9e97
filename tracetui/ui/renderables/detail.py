"""One span in full, for the detail pane: summary, events and stack traces, attributes, links, origin."""

import json
from collections.abc import Iterator, Sequence

from textual.content import Content

from tracetui import units
from tracetui.analysis.findings import Findings
from tracetui.analysis.running import lane
from tracetui.model.role import Outcome, Role, StatusCode
from tracetui.model.span import Attributes, AttributeValue, Event, Link, Span
from tracetui.report.style import MARKS, clock_badge
from tracetui.text import Safe, fit, sanitize, sanitize_lines, width, wrap
from tracetui.ui.renderables.columns import end_time, own_time

MOST_ATTRIBUTES = 1000
MOST_EVENTS = 500
MOST_LINES = 2000
KEY_WIDTH = 34
_STACK = "exception.stacktrace"


def detail_content(span: Span, cells: int, inside: Sequence[Span] = ()) -> Content:
    """A span in full, `cells` wide; before its attributes the events of what failed `inside` it."""
    lines = list(_sections(span, cells, inside))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [Content.styled(f"… {len(lines) - MOST_LINES} more lines", "$warning")]
    return Content("\n").join(lines)


def summary_content(findings: Findings, row: int, now_ns: int) -> Content:
    """What the columns know of a row, in two lines."""
    snapshot = findings.snapshot
    total = max(0, end_time(findings, row, now_ns) - int(snapshot.start_ns[row]))
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    title = Content.assemble(
        (f"{role.label} ", f"$role-{role.label}"),
        (sanitize(snapshot.title(row)), "bold"),
        (f"  {MARKS[outcome]} {outcome.label.replace('_', ' ')}", f"bold $outcome-{outcome.label}"),
    )
    facts = [
        ("own", units.duration(own_time(findings, row, now_ns))),
        ("total", units.duration(total)),
        ("self", units.duration(int(findings.times.self_[row]))),
        ("started", units.timestamp(int(snapshot.start_ns[row])) + " UTC"),
    ]
    worker = sanitize(lane(snapshot, findings.tree, row))
    facts += [("lane", worker)] if worker else []
    facts = [("", clock_badge(findings, row))] if findings.clock(row) else facts
    times = Content("   ").join(Content.assemble((f"{name} ", "$quiet"), value) for name, value in facts)
    return Content("\n").join([title, times])


def _sections(span: Span, cells: int, inside: Sequence[Span]) -> Iterator[Content]:
    for line in sanitize_lines(span.status.message) if span.status.message else ():
        style = "$error" if span.status.code is StatusCode.ERROR else ""
        yield from (Content.styled(part, style) for part in wrap(line, cells))
    for each in (span, *inside):
        where = "" if each is span else f" in {each.name}"
        for event in each.events[:MOST_EVENTS]:
            yield from _event(event, where, each.start_ns, cells)
        yield from _more(len(each.events) - MOST_EVENTS, "events")
    yield from _titled("Attributes", span.attributes, cells)
    for link in span.links[:MOST_EVENTS]:
        yield from _link(link, cells)
    yield from _more(len(span.links) - MOST_EVENTS, "links")
    ids = {"name": span.name, "kind": span.kind, "status": span.status.code.name, "trace id": span.trace_id}
    ids |= {"span id": span.span_id, "parent span id": span.parent_span_id or "none: a root"}
    ids |= {"dropped by the writer": str(span.dropped)} if span.dropped else {}
    yield from _titled("Span", dict(ids), cells)
    scope = {"name": span.scope.name, "version": span.scope.version} if span.scope.name else {}
    yield from _titled("Scope", {**scope, **span.scope.attributes}, cells)
    yield from _titled("Resource", span.resource.attributes, cells)


def _heading(text: str, rest: str = "") -> Content:
    return Content.assemble(("\n" + text, "bold $accent"), (rest, "$quiet"))


def _titled(title: str, attributes: Attributes, cells: int) -> Iterator[Content]:
    if attributes:
        yield _heading(title, f"  {len(attributes)}")
        yield from _attributes(attributes, cells)


def _event(event: Event, where: str, start_ns: int, cells: int) -> Iterator[Content]:
    yield _heading(
        f"Event {sanitize(event.name + where)}", f"  at {units.duration(event.time_ns - start_ns)}"
    )
    yield from _attributes({key: value for key, value in event.attributes.items() if key != _STACK}, cells)
    stack = event.attributes.get(_STACK)
    if stack:
        for line in sanitize_lines(str(stack).rstrip()):
            yield from (Content.styled("  " + part, "$outcome-failed") for part in wrap(line, cells - 2))


def _link(link: Link, cells: int) -> Iterator[Content]:
    yield _heading("Link", f"  to span {sanitize(link.span_id)} of trace {sanitize(link.trace_id)}")
    yield from _attributes(link.attributes, cells)


def _attributes(attributes: Attributes, cells: int) -> Iterator[Content]:
    shown = list(attributes.items())[:MOST_ATTRIBUTES]
    column = min(KEY_WIDTH, max((width(sanitize(key)) for key, _ in shown), default=0)) + 2
    for key, value in shown:
        name, room = sanitize(key), cells - 2 - column
        if width(name) > column - 2:  # It does not fit beside its value.
            yield from (Content.styled("  " + part, "$quiet") for part in wrap(name, cells - 2))
            name = Safe("")
        label = fit(name, column)
        first, *rest = (part for line in sanitize_lines(_text(value)) for part in wrap(line, room))
        yield Content.assemble(("  " + label, "$quiet"), first)
        yield from (Content(" " * (column + 2) + line) for line in rest)
    yield from _more(len(attributes) - len(shown), "attributes")


def _more(number: int, what: str) -> Iterator[Content]:
    if number > 0:
        yield Content.styled(f"  … {number} more {what}", "$warning")


def _text(value: AttributeValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return f"{len(value)} bytes: {value[:64].hex(' ')}"
    if isinstance(value, list | dict):
        return json.dumps(value, default=repr, ensure_ascii=False)  # orjson refuses half surrogates.
    return "" if value is None else str(value)
