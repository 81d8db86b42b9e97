"""The common form of spans of tracers other than OTLP: between their formats and ours."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Raw

from tracetui.formats.columns import Bytes, Told, add, note_odd
from tracetui.formats.framing.lenient import Lenient, Odd
from tracetui.formats.others import plain
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.role import Half
from tracetui.model.span import Event, Link, Resource, Scope, Span, Status


class Foreign(NamedTuple):
    """A span in the common form: canonical ids, times in ns (0 for no end), attributes as plain JSON.

    `resource` and `scope` are OTLP/JSON; `half` is set if both halves of a call may have one id, `hint` if
    its times seem to be in the wrong unit. Events and links may be read once, and are read for detail only.
    """

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start_ns: int
    end_ns: int
    status: Status
    attributes: Mapping[str, Any]
    kind: str = "internal"
    resource: bytes = b""
    scope: bytes = b""
    events: Iterable[Event] = ()
    links: Iterable[Link] = ()
    half: Half = Half.NONE
    hint: str = ""


S = TypeVar("S")


def _none_odd(_span: object) -> Odd:
    return ()


class Writer(NamedTuple, Generic[S]):
    """A format: its name, the shape of a span in it, how that becomes `Foreign`, and what its shape lets
    pass.
    """

    name: str
    shape: Lenient[S]
    told: Callable[[S], Foreign]
    odd: Callable[[S], Odd] = _none_odd

    def add(self, batch: SpanBatch, text: bytes | Raw, where: Bytes) -> None:
        """Add a single span; raises `ValueError`, having added nothing, if it is none."""
        decoded = self.shape.decode(text)
        add_foreign(batch, self.told(decoded.value), where)
        note_odd(batch, (*decoded.odd, *self.odd(decoded.value)), where)
        batch.formats.add(self.name)

    def whole(self, fields: Mapping[str, Any], resource: Resource, scope: Scope) -> Span:
        """A span in full, of which its JSON was decoded to plain values."""
        return whole(self.told(self.shape.convert(fields)), resource, scope)


def add_foreign(batch: SpanBatch, span: Foreign, where: Bytes) -> None:
    """Add a span to the columns; raises `ValueError`, having added nothing, if it is none."""
    require_span(span)
    facts = Told(
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        span.name,
        span.start_ns,
        span.end_ns,
        span.status.code,
        plain.hot(span.attributes),
    )
    if span.half:
        batch.halves[len(batch.span_id)] = span.half
    add(batch, facts, span.resource, span.scope, where)
    if span.hint:
        batch.noted.append(Problem(where[0], span.hint, where[1], kind=Kind.UNIT))


def require_span(span: Foreign) -> None:
    """Raise `ValueError` for something without any field of a span."""
    if not (span.trace_id or span.span_id or span.name):
        raise ValueError("neither ids nor name")


def whole(span: Foreign, resource: Resource, scope: Scope) -> Span:
    """The span in full."""
    return Span(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_span_id,
        name=span.name,
        kind=span.kind,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        status=span.status,
        attributes=plain.shown(span.attributes),
        events=tuple(span.events),
        links=tuple(span.links),
        resource=resource,
        scope=scope,
    )
