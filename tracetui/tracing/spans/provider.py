"""A tracer provider whose spans start and end by our own clock, whatever a test does to the others.

OpenTelemetry's SDK calls `time.time_ns` if it is given no time. Libraries that freeze or shift time replace
that function, and spans would start in 1985 and last nothing. So each span is given its times.

The SDK also prints exceptions that leave a span, and values of unknown types. One that cannot be printed
would raise there, in the host program. So the SDK gets a printable replacement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any
from weakref import WeakSet

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, Tracer, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace import Span as AnySpan
from opentelemetry.trace import Tracer as AnyTracer
from opentelemetry.util.types import Attributes

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.compat import SpanBlock, limits_of, parts_of_provider, scope_of
from tracetui.tracing.host.handlers import let_through
from tracetui.tracing.spans.values import text

_MANY_ATTRIBUTES = 64


class RealTimeProvider(TracerProvider):
    """The SDK's provider with our clock: its tracers and spans use it if they are given no time."""

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> AnyTracer:
        tracer = super().get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        if type(tracer) is Tracer:
            # The SDK makes and keeps the tracer: this way it can go on changing how.
            tracer.__class__ = RealTimeTracer
        if isinstance(tracer, RealTimeTracer):
            self._given().add(tracer)
        return tracer

    @property
    def is_over(self) -> bool:
        """Whether the sinks of its spans are closed."""
        return any(getattr(processor, "is_over", False) for processor in parts_of_provider(self))

    def become(self, other: RealTimeProvider) -> None:
        """Turn into another provider, for all who hold this one or its tracers, for example since import."""
        given = list(self._given())
        for tracer in given:
            scope = scope_of(tracer)
            like = other.get_tracer(scope.name, scope.version, scope.schema_url, scope.attributes)
            vars(tracer).clear()
            vars(tracer).update(vars(like))
        other._given().update(given)
        vars(self).update(vars(other))

    def _given(self) -> WeakSet[RealTimeTracer]:
        """The tracers that it handed out, and those that became its own."""
        given: WeakSet[RealTimeTracer] = vars(self).setdefault("_tracers_given", WeakSet())
        return given


class RealTimeTracer(Tracer):
    """The SDK's tracer, with our clock."""

    @cached_property
    def is_plain(self) -> bool:
        """Whether every span is sampled and keeps its attributes, if they are few."""
        most = limits_of(self).max_span_attributes
        has_room = most is None or most >= _MANY_ATTRIBUTES
        is_whole = has_room and limits_of(self).max_span_attribute_length is None
        return self.sampler is ALWAYS_ON and is_whole

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = (),
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> AnySpan:
        at_ns = now_ns() if start_time is None else start_time
        rest = links, at_ns, record_exception, set_status_on_exception
        try:
            span = super().start_span(name, context, kind, attributes, *rest)
        except Exception as error:  # noqa: BLE001 - foreign code
            let_through(error)
            span = super().start_span(name, context, kind, printable_values(attributes), *rest)
        if isinstance(span, Span):
            span.__class__ = RealTimeSpan
        return span

    def start_as_current_span(self, *args: Any, **options: Any) -> SpanBlock[AnySpan]:
        made = super().start_as_current_span(*args, **options)
        if type(made) is SpanBlock:
            made.__class__ = _Block
        return made


class _Block(SpanBlock[AnySpan]):
    """The SDK's `with` block, which any exception leaves unchanged."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        shown = printable(error)
        return super().__exit__(kind if shown is error else type(shown), shown, traceback)


class RealTimeSpan(Span):
    """The SDK's span, with our clock."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(kind, printable(error), traceback)

    def record_exception(
        self,
        exception: BaseException,
        attributes: Attributes = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        super().record_exception(printable(exception), attributes, timestamp, escaped)

    def end(self, end_time: int | None = None) -> None:
        super().end(now_ns() if end_time is None else end_time)

    def set_attribute(self, key: str, value: Any) -> None:
        try:
            super().set_attribute(key, value)
        except Exception as error:  # noqa: BLE001 - foreign code
            let_through(error)
            self.set_attributes({key: value})

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        try:
            super().set_attributes(attributes)
        except Exception as error:  # noqa: BLE001 - foreign code
            let_through(error)
            super().set_attributes(printable_values(attributes) or {})

    def add_event(self, name: str, attributes: Attributes = None, timestamp: int | None = None) -> None:
        at_ns = now_ns() if timestamp is None else timestamp
        try:
            super().add_event(name, attributes, at_ns)
        except Exception as error:  # noqa: BLE001 - foreign code
            let_through(error)
            super().add_event(name, printable_values(attributes), at_ns)


def printable_values(attributes: Attributes) -> dict[str, Any] | None:
    """`attributes`, with each value that cannot be printed replaced by a text that says so."""
    if attributes is None:
        return None
    return {key: value if _is_printable(value) else text(value) for key, value in attributes.items()}


def _is_printable(value: object) -> bool:
    try:
        str(value)
        inner = (
            value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
        )
        return all(map(_is_printable, inner))
    except Exception as error:  # noqa: BLE001 - foreign code, or a list in itself
        let_through(error)
        return False


def printable(error: Any) -> Any:
    """`error`, or for an exception that cannot be printed one of the same name that says so."""
    if not _is_printable(error):
        kind = type(error)
        names = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
        like: type[Exception] = type(kind.__name__, (Exception,), names)
        return like(text(error)).with_traceback(error.__traceback__)
    return error
