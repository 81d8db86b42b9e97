"""A span at a fifth of the cost of the SDK's, for who says all of it at its start and at its end.

To everyone else it is a span of the SDK: as soon as somebody asks for what only that has (code under test
sets an attribute of the current span, the host has added a processor) the SDK makes its half of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Event, SpanLimits
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
)
from opentelemetry.trace import Span as AnySpan
from opentelemetry.util.types import Attributes

from tracetui.tracing.provider import RealTimeSpan, RealTimeTracer

_MOST_ATTRIBUTES = 64
QUICK_OK = Status(StatusCode.OK)


def start_quickly(
    tracer: Tracer, name: str, parent: Context, attributes: Mapping[str, Any], start_ns: int
) -> AnySpan:
    """Start a span below `parent`: a quick one where samplers, limits and processors cannot tell it.

    `attributes` has few entries, of texts, numbers and lists of texts.
    """
    if type(tracer) is RealTimeTracer and tracer.sampler is ALWAYS_ON and _are_wide(tracer._span_limits):
        above = get_current_span(parent).get_span_context()
        _, _, is_remote, flags, state, is_valid = above
        # What such a sampler makes of the flags of a parent of this process is what they are.
        if is_valid and not is_remote and not state and flags & TraceFlags.SAMPLED:
            span = QuickSpan(tracer, name, above, attributes, start_ns)
            tracer.span_processor.on_start(span, parent)
            return span
    return tracer.start_span(name, context=parent, attributes=attributes, start_time=start_ns)


def finish(span: AnySpan, attributes: Attributes, status: StatusCode, message: str, end_ns: int) -> None:
    """Say the rest of a span, and end it; `message` is for an error."""
    if type(span) is QuickSpan and span.finish(attributes or {}, status, message, end_ns):
        return
    span.set_attributes(attributes or {})
    span.set_status(status, message if status is StatusCode.ERROR else None)
    span.end(end_ns)


class QuickSpan(RealTimeSpan):
    """A span whose half that belongs to the SDK is not made until it is missed.

    `quick_attributes` are all it has, up to then; `ids` are the trace's, its own and its parent's.
    """

    # Where the SDK has properties that read what never changes.
    context: Any = None
    parent: Any = None
    resource: Any = None
    instrumentation_scope: Any = None
    start_time: Any = None

    _kind = SpanKind.INTERNAL
    _status = Status()
    _end_time = None

    def __init__(
        self,
        tracer: RealTimeTracer,
        name: str,
        parent: SpanContext,
        attributes: Mapping[str, Any],
        start_ns: int,
    ) -> None:
        # Not `super().__init__`: see `__getattr__`.
        trace_id, parent_id, _, flags, state, _ = parent
        span_id = tracer.id_generator.generate_span_id()
        self.ids = (trace_id, span_id, parent_id)
        self.context = self._context = SpanContext(trace_id, span_id, False, flags, state)  # noqa: FBT003
        self.parent = self._parent = parent
        self.resource = self._resource = tracer.resource
        self.instrumentation_scope = self._instrumentation_scope = tracer._instrumentation_scope
        self.start_time = self._start_time = start_ns
        self._name = name
        self._tracer = tracer
        self.quick_attributes: dict[str, Any] | None = dict(attributes)

    def finish(self, attributes: Mapping[str, Any], status: StatusCode, message: str, end_ns: int) -> bool:
        """End it; False, and nothing is done, if it has become a span of the SDK in the meantime."""
        given = self.quick_attributes
        processors: tuple[Any, ...] = getattr(self._tracer.span_processor, "_span_processors", ())
        if given is None or len(processors) != 1 or not getattr(processors[0], "takes_quick_spans", False):
            return False
        for key in attributes:
            # What is said anew goes last, as with the SDK.
            given.pop(key, None)
        given.update(attributes)
        self._status = QUICK_OK if status is StatusCode.OK else Status(status, message)
        self._end_time = end_ns
        processors[0].on_end(self)
        return True

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there.
        given = vars(self).get("quick_attributes")
        if given is None:
            raise AttributeError(name)
        tracer = self._tracer
        made = RealTimeSpan(
            name=self._name,
            context=self.get_span_context(),
            parent=self._parent,
            sampler=tracer.sampler,
            resource=self._resource,
            attributes=given,
            span_processor=tracer.span_processor,
            instrumentation_info=tracer.instrumentation_info,
            limits=tracer._span_limits,
            instrumentation_scope=self._instrumentation_scope,
        )
        for key, value in vars(made).items():
            # Of two threads that ask at once, each takes what the other has made already.
            vars(self).setdefault(key, value)
        self.quick_attributes = None
        return getattr(self, name)

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


def _are_wide(limits: SpanLimits) -> bool:
    most = limits.max_span_attributes
    return (most is None or most >= _MOST_ATTRIBUTES) and limits.max_span_attribute_length is None
