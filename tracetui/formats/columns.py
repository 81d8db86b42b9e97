"""Appends one decoded span to each column of a batch."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from tracetui.formats.framing.lenient import Decoded, Lenient, wrong_type
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.otlp import values
from tracetui.formats.otlp.wire import WireAttribute, WireInstrumentation, WireResource, WireSpan
from tracetui.formats.times import end_time, start_time
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.numbers.collected import INDEX, place
from tracetui.model.numbers.processor_time import CPU, as_integer, packed
from tracetui.model.resource_facts import NOTHING_TOLD
from tracetui.model.role import Outcome, StatusCode
from tracetui.model.rules import HOT_KEYS, Clues, classify

HOME_TRACE, HOME_SPAN = "tracetui.parent.trace_id", "tracetui.parent.span_id"

Bytes = tuple[int, int]
"""Where something lies in its source: offset and length in bytes."""

_resource = Lenient(WireResource)
_scope = Lenient(WireInstrumentation)
T = TypeVar("T")


class Told(NamedTuple):
    """What any wire format has of a span: canonical ids, times in ns (0 for no end), hot attributes."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start_ns: int
    end_ns: int
    status: StatusCode
    hot: Mapping[str, str]


def add_span(batch: SpanBatch, span: WireSpan, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Append `span` to every column; raises `ValueError`, having appended nothing, if it is none."""
    if not (span.span_id or span.trace_id or span.name):
        raise ValueError("neither ids nor name")
    facts = Told(
        trace_id(span.trace_id),
        span_id(span.span_id),
        parent_id(span.parent_span_id),
        span.name or "",
        start_time(span.start_time_unix_nano),
        end_time(span.end_time_unix_nano),
        values.status_code(span.status.code if span.status else None),
        hot(span.attributes),
    )
    add(batch, facts, resource, scope, where)


def add(batch: SpanBatch, span_facts: Told, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Append a span to every column; `resource` and `scope` are OTLP/JSON.

    A span that names a test as its parent (`tracetui.parent.*`) is below it, in whatever trace that is: it is
    a root, or its own parent is in no file of its writer.
    """
    trace, own_id, parent, name, start, end, status, attributes = span_facts
    if attributes.get("logfire.span_type") == "pending_span":
        own_id, parent, end = parent, parent_id(attributes.get("logfire.pending_parent_id")), 0
    facts = classify(Clues(name, scope_name(scope), status, attributes))

    home = _home(attributes) if HOME_SPAN in attributes else None
    if home is not None:
        batch.elsewhere[len(batch.span_id)], parent = home
    if facts.expected:
        batch.expected[len(batch.span_id)] = facts.expected
    if facts.workers:
        batch.workers[len(batch.span_id)] = facts.workers
    if facts.job is not NOTHING_TOLD:
        batch.jobs[len(batch.span_id)] = facts.job
    batch.trace_id.append(trace)
    batch.span_id.append(own_id)
    batch.parent_span_id.append(parent)
    batch.name.append(name)
    batch.start_ns.append(start)
    batch.end_ns.append(end)
    batch.status.append(status)
    batch.facts.append(facts if end else facts._replace(outcome=Outcome.RUNNING))
    batch.resource.append(resource)
    batch.scope.append(scope)
    batch.offset.append(where[0])
    batch.length.append(where[1])
    batch.cpu.append(packed(attributes[CPU]) if CPU in attributes else 0.0)
    batch.place.append(place(as_integer(attributes[INDEX])) if INDEX in attributes else 0)


def _home(attributes: Mapping[str, str]) -> tuple[str, str] | None:
    """The trace and the span that a span of code under test belongs to; None if they are no ids."""
    trace, span = trace_id(attributes.get(HOME_TRACE)), parent_id(attributes[HOME_SPAN])
    return (trace, span) if trace and span else None


def hot(attributes: list[WireAttribute] | None) -> dict[str, str]:
    """The attributes that rules ask for, as text."""
    return {
        attribute.key: values.scalar_text(attribute.value)
        for attribute in attributes or ()
        if attribute.key in HOT_KEYS
    }


def count_odd(batch: SpanBatch, decoded: Decoded[T], where: Bytes) -> T:
    """The decoded value; fields that were left out of it are counted."""
    note_odd(batch, decoded.odd, where)
    return decoded.value


def note_odd(batch: SpanBatch, paths: Iterable[str], where: Bytes) -> None:
    """Count fields of a wrong type that were left out."""
    for path in paths:
        batch.noted.append(Problem(where[0], wrong_type(path), where[1], Kind.WRONG_TYPE))


def count_odd_around(batch: SpanBatch, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Counts the fields of a wrong type in what is around spans; `where` is the document."""
    note_odd(batch, odd_around(resource, scope), where)


@lru_cache(maxsize=1024)
def odd_around(resource: bytes, scope: bytes) -> tuple[str, ...]:
    """The fields of a wrong type in a raw resource and a raw scope."""
    return (*_odd("resource", _resource, resource), *_odd("scope", _scope, scope))


@lru_cache(maxsize=1024)
def scope_name(scope: bytes) -> str:
    """The name in a raw instrumentation scope; empty if there is none."""
    try:
        return _scope.decode(scope).value.name or ""
    except (ValueError, RecursionError):
        return ""


def _odd(name: str, shape: Lenient[T], raw: bytes) -> tuple[str, ...]:
    if raw in (b"", b"null"):
        return ()
    try:
        return tuple(f"{name}.{path}" for path in shape.decode(raw).odd)
    except (ValueError, RecursionError):
        return (name,)
