"""One span in full, line by line: message, events and stack traces, attributes, links, related spans,
origin.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field
from textual.content import Content

from tracetui import units
from tracetui.analysis.beside.beside import Suspicion
from tracetui.analysis.failures.exceptions import is_exception
from tracetui.analysis.failures.stack import without_message
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.related_spans import occurrences, row_of
from tracetui.model.role import Outcome, Role, StatusCode
from tracetui.model.span import Event, Link, Span, value_text
from tracetui.report.deciding.beside import cases_words
from tracetui.report.drawing.style import MARKS, many
from tracetui.text import sanitize, sanitize_lines, wrap
from tracetui.ui.chance.draw_chance import BESIDE, beside_lines
from tracetui.ui.detail.draw_detail_line import DetailLine, attributes, heading, more, titled
from tracetui.ui.failures.draw_stack import stack_lines

MOST_EVENTS = 500
MOST_LINES = 2000
MOST_KIN = 20
MOST_FOLLOWED = 50
"""So many links are looked for in the recording."""

_PARENT = "parent span id"
_STACK, _MESSAGE = "exception.stacktrace", "exception.message"


class Subject(Struct, frozen=True, eq=False):
    """What is shown: a span, what failed `inside` it, and the attributes that its whole run shares.

    Without `findings` nothing can be followed, and no related spans are known.
    """

    span: Span
    inside: Sequence[Span] = ()
    shared: Mapping[str, str] = field(default_factory=dict)
    findings: Findings | None = None
    row: int = -1
    suspicion: Suspicion | None = None

    @property
    def own(self) -> dict[str, None]:
        """The keys of the attributes that are not shared by the whole run."""
        all_attributes = self.span.attributes.items()
        return {key: None for key, value in all_attributes if self.shared.get(key) != value_text(value)}


def detail_lines(subject: Subject, cells: int, *, whole: bool = False) -> list[DetailLine]:
    """The lines, `cells` wide; `whole` opens what is folded."""
    lines = list(islice(_sections(subject, cells, whole=whole), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [DetailLine(Content.styled("… more lines: too many to show", "$warning"))]
    return lines


def _sections(subject: Subject, cells: int, *, whole: bool) -> Iterator[DetailLine]:
    span = subject.span
    yield from _message(span, cells)
    events = [(event, source) for source in (*subject.inside, span) for event in source.events]
    events.sort(key=lambda pair: not is_exception(pair[0]))  # Why it failed comes first.
    for event, source in events[:MOST_EVENTS]:
        where = "" if source is span else f" in {source.name}"
        yield from _event(event, where, source.start_ns, cells, whole=whole)
    yield from more(len(events) - MOST_EVENTS, "events")
    if subject.suspicion and subject.suspicion.rows:
        yield from heading(BESIDE, f"  {cases_words(subject.suspicion)}")
        yield from map(DetailLine, beside_lines(subject.suspicion, cells))
    yield from titled("Attributes", {key: span.attributes[key] for key in subject.own}, cells)
    for number, link in enumerate(span.links[:MOST_EVENTS]):
        yield from _link(link, subject.findings if number < MOST_FOLLOWED else None, cells)
    yield from more(len(span.links) - MOST_EVENTS, "links")
    yield from _kin(subject)
    yield from _origin(subject, cells)
    yield from _shared(subject, cells, whole=whole)


def _message(span: Span, cells: int) -> Iterator[DetailLine]:
    style = "$error" if span.status.code is StatusCode.ERROR else ""
    for line in sanitize_lines(span.status.message) if span.status.message else ():
        for part in wrap(line, cells):
            yield DetailLine(Content.styled(part, style), span.status.message)


def _event(event: Event, where: str, start_ns: int, cells: int, *, whole: bool) -> Iterator[DetailLine]:
    when = f"  at {units.duration(event.time_ns - start_ns)}" if event.time_ns else ""
    yield from heading(f"Event {event.name + where}", when)
    yield from attributes({key: value for key, value in event.attributes.items() if key != _STACK}, cells)
    stack = value_text(event.attributes.get(_STACK))
    trace = without_message(stack, value_text(event.attributes.get(_MESSAGE)))
    for line in stack_lines(trace, cells, whole=whole) if trace else ():
        yield DetailLine(line, stack)


def _link(link: Link, findings: Findings | None, cells: int) -> Iterator[DetailLine]:
    row = row_of(findings.snapshot, link.trace_id, link.span_id) if findings else -1
    where = f"  to span {link.span_id} of trace {link.trace_id}"
    if findings and row >= 0:
        where = f"  to {findings.snapshot.title(row)}  enter: jump there"
    yield from heading("Link", where, link.span_id, row)
    yield from attributes(link.attributes, cells)


def _kin(subject: Subject) -> Iterator[DetailLine]:
    """Other attempts and runs of a test."""
    findings, row = subject.findings, subject.row
    if findings is None or findings.snapshot.role[row] != Role.TEST:
        return
    rows = [twin for twin in occurrences(findings, row).tolist() if twin != row]
    if not rows:
        return
    yield from heading("The same test", f"  {many(len(rows), 'other time')}, newest first; enter: jump there")
    for other in reversed(rows[-MOST_KIN:]):
        outcome = Outcome(int(findings.snapshot.outcome[other]))
        start = units.moment(int(findings.snapshot.start_ns[other]))
        outcome_text = f"{MARKS[outcome]} {outcome.label.replace('_', ' ').ljust(9)}"
        own = units.duration(int(findings.times.own[other]))
        parts = (f"  {outcome_text}", f"$outcome-{outcome.label}"), own.rjust(8), (f"  {start}", "$quiet")
        yield DetailLine(Content.assemble(*parts), own, other)


def _origin(subject: Subject, cells: int) -> Iterator[DetailLine]:
    span, findings = subject.span, subject.findings
    ids = {"name": span.name, "kind": span.kind, "status": span.status.code.name, "trace id": span.trace_id}
    ids |= {"span id": span.span_id, "dropped by the writer": str(span.dropped.total or "")}
    ids_there = {key: text for key, text in ids.items() if text}
    least = len(_PARENT)
    yield from heading("Span", f"  {len(ids_there) + 1}")
    yield from attributes(ids_there, cells, least)
    parent = int(findings.tree.parent[subject.row]) if findings else -1
    for line in attributes(
        {_PARENT: span.parent_span_id or "none (root span)"}, cells, max(map(len, ids_there))
    ):
        yield line._replace(row=parent)
    scope = {"name": span.scope.name, "version": span.scope.version} if span.scope.name else {}
    yield from titled("Scope", {**scope, **span.scope.attributes}, cells)
    yield from titled("Resource", span.resource.attributes, cells)


def _shared(subject: Subject, cells: int, *, whole: bool) -> Iterator[DetailLine]:
    own = subject.own
    shared = {key: value for key, value in subject.span.attributes.items() if key not in own}
    if shared and whole:
        yield from titled("Shared by the whole run", shared, cells)
    elif shared:
        folded = f"… {many(len(shared), 'attribute')} more, shared by the whole run   o: show"
        yield DetailLine(Content(""))
        yield DetailLine(Content.styled(sanitize(folded), "$quiet"))
