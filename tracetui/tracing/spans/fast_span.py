"""A span at a fifth of the SDK's cost, for callers that give all its attributes at its start and its end.

To everyone else it is a span of the SDK: as soon as somebody needs what only that has (code under test sets
an attribute of the current span, the host has added a processor) the SDK's half is made.

Four of these are made for every test of a suite, so speed comes before readability here: few calls, no
properties, and rarely needed parts are made on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Event, Span
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace import Span as AnySpan
from opentelemetry.util.types import Attributes

from tracetui.tracing.host.compat import limits_of, parts_of, scope_of
from tracetui.tracing.spans.home import Home
from tracetui.tracing.spans.provider import RealTimeSpan, RealTimeTracer

Family: TypeAlias = tuple[str, str, TraceFlags]
"""Trace id and span id in hex, and flags: what a span hands down."""

QUICK_OK = Status(StatusCode.OK)
_new = object.__new__
(_CURRENT_SPAN,) = set_span_in_context(INVALID_SPAN, Context())


def start_quickly(
    tracer: Tracer,
    name: str,
    parent: Context,
    attributes: dict[str, Any],
    start_ns: int,
    encoded: str = "",
) -> AnySpan:
    """Start a span below `parent`: a fast one if samplers, limits and processors allow it.

    `attributes` has few entries, of texts, numbers and lists of texts, and is the span's from now on;
    `encoded` may be the result of `json_fragments.told` for them.
    """
    if type(tracer) is RealTimeTracer and tracer.is_plain:
        above: Any = parent.get(_CURRENT_SPAN)
        family = family_of(above)
        if family is not None:
            trace_id, parent_id, flags = family
            own = trace_id, f"{tracer.id_generator.generate_span_id():016x}", flags
            span = _new(FastSpan).begun(tracer, name, above, own, parent_id, attributes, start_ns, encoded)
            processors = parts_of(tracer.span_processor)
            # The SDK's loop over them is worth a call.
            (processors[0] if len(processors) == 1 else tracer.span_processor).on_start(span, parent)
            return span
    return tracer.start_span(name, context=parent, attributes=attributes, start_time=start_ns)


def finish(
    span: AnySpan, attributes: Mapping[str, Any], status: StatusCode, message: str, end_ns: int
) -> None:
    """Add the last attributes to a span, and end it; `message` is for an error."""
    if type(span) is FastSpan:
        given = span.quick_attributes
        processors = parts_of(span._tracer.span_processor)
        if given is not None and len(processors) == 1 and getattr(processors[0], "takes_quick_spans", False):
            if not given.keys().isdisjoint(attributes):
                span.told = ""
                for key in attributes:
                    # What is said anew goes last, as with the SDK.
                    given.pop(key, None)
            given.update(attributes)
            span.added = attributes
            span._status = QUICK_OK if status is StatusCode.OK else Status(status, message)
            span._end_time = end_ns
            processors[0].on_end(span)
            return
    span.set_attributes(dict(attributes))
    span.set_status(status, message if status is StatusCode.ERROR else None)
    span.end(end_ns)


def made_later(
    tracer: RealTimeTracer,
    name: str,
    above: AnySpan,
    family: Family,
    parent_id: str,
    attributes: Mapping[str, Any],
    start_ns: int,
    encoded: str,
) -> AnySpan:
    """A span that has started already: its ids are given, and its start record is written."""
    own = dict(attributes)
    return _new(FastSpan).begun(tracer, name, above, family, parent_id, own, start_ns, encoded)


def home_of(span: AnySpan) -> Home:
    """The ids of a span: what belongs to it has them."""
    if type(span) is FastSpan:
        return Home(*span.family[:2])
    context = span.get_span_context()
    return Home(f"{context.trace_id:032x}", f"{context.span_id:016x}")


def inside(span: AnySpan, context: Context) -> Context:
    """`context`, with `span` as its current span."""
    return Context({**context, _CURRENT_SPAN: span})


def family_of(above: AnySpan | None) -> Family | None:
    """What spans below `above` inherit from it; None if a sampler or another process decides."""
    return above.family if type(above) is FastSpan else _family(above)


class FastSpan(RealTimeSpan):
    """A span whose SDK half is made only when somebody needs it.

    Until then `quick_attributes` are all it has; `parent_id` is in hex. `told` are the encoded attributes of
    its start, if they were encoded; `added` those of its end.
    """

    added: Mapping[str, Any] = MappingProxyType({})

    _kind = SpanKind.INTERNAL
    _status = Status()
    _end_time: int | None = None

    def begun(
        self,
        tracer: RealTimeTracer,
        name: str,
        above: AnySpan,
        family: Family,
        parent_id: str,
        attributes: dict[str, Any],
        start_ns: int,
        encoded: str,
    ) -> Self:
        """This span, which has just been made; no `__init__`, as the SDK's takes long: see `__getattr__`."""
        self.family = family
        self.parent_id = parent_id
        self.quick_attributes: dict[str, Any] | None = attributes
        self._tracer = tracer
        self._name = name
        self._above = above
        self._start_time: int | None = start_ns
        self.told = encoded
        return self

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there.
        given, makers = vars(self).get("quick_attributes"), _WHEN_ASKED
        if name in makers:
            value = makers[name](self)
            setattr(self, name, value)
            return value
        if given is None:
            raise AttributeError(name)
        self._become_whole(given)
        return getattr(self, name)

    def _become_whole(self, attributes: Mapping[str, Any]) -> None:
        tracer = self._tracer
        made = RealTimeSpan(
            name=self._name,
            context=self.get_span_context(),
            parent=self._parent,
            sampler=tracer.sampler,
            resource=self._resource,
            attributes=attributes,
            span_processor=tracer.span_processor,
            instrumentation_info=tracer.instrumentation_info,
            limits=limits_of(tracer),
            instrumentation_scope=self._instrumentation_scope,
        )
        for key, value in vars(made).items():
            # Of two threads that ask at once, each takes what the other has made already.
            vars(self).setdefault(key, value)
        self.quick_attributes = None

    @property
    def attributes(self) -> Attributes:
        given = self.quick_attributes
        return super().attributes if given is None else MappingProxyType(given)

    @property
    def events(self) -> Sequence[Event]:
        return super().events if self.quick_attributes is None else ()

    @property
    def links(self) -> Sequence[Link]:
        return super().links if self.quick_attributes is None else ()

    @property
    def dropped_attributes(self) -> int:
        return super().dropped_attributes if self.quick_attributes is None else 0

    @property
    def dropped_events(self) -> int:
        return super().dropped_events if self.quick_attributes is None else 0

    @property
    def dropped_links(self) -> int:
        return super().dropped_links if self.quick_attributes is None else 0


_WHEN_ASKED: Mapping[str, Callable[[FastSpan], Any]] = {
    "_context": lambda span: SpanContext(
        int(span.family[0], 16), int(span.family[1], 16), is_remote=False, trace_flags=span.family[2]
    ),
    "_parent": lambda span: span._above.get_span_context(),
    "_resource": lambda span: span._tracer.resource,
    "_instrumentation_scope": lambda span: scope_of(span._tracer),
}


@lru_cache(maxsize=16)
def _family(above: AnySpan | None) -> Family | None:
    if not isinstance(above, Span):
        return None
    context = above.get_span_context()
    # What a sampler that takes all makes of the flags of a parent of this process is what they are.
    is_sampled = context.trace_flags & TraceFlags.SAMPLED
    if not (context.is_valid and is_sampled) or context.is_remote or context.trace_state:
        return None
    return f"{context.trace_id:032x}", f"{context.span_id:016x}", context.trace_flags
