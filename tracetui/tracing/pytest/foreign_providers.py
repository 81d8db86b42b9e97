"""Writes the spans of the code under test beside its own tracing: it keeps its providers and sees none of
ours.

A span belongs to what this process was doing when the span started, in whichever thread or task. It is
written as it is; if it starts a trace, or continues one that is not in our files, it also gets the ids of
what it belongs to. Spans of other test tracers are not written: they describe the same tests as ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from weakref import WeakMethod, ref

from opentelemetry.sdk.trace import Event, ReadableSpan, Span
from opentelemetry.trace import SpanContext

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.compat import processors_of, unwatch_spans, watch_spans
from tracetui.tracing.pytest.safety import Faults
from tracetui.tracing.spans.home import NOTHING, Home
from tracetui.tracing.spans.root_processor import Sinks

_TEST_TRACERS = frozenset(
    {"pytest-opentelemetry", "pytest-otel", "logfire.pytest", "dagger_pytest_otel", "otel_extensions_pytest"}
)
_TEST_KEYS = frozenset(
    {"pytest.span_type", "pytest.nodeid", "test.case.name", "test.suite.name", "tests.name", "tests.status"}
)
_FAR_NS = 1_000_000_000
"""A clock that is off by more was frozen or shifted by a test."""
_MOST_KNOWN = 50_000


class _Open(NamedTuple):
    """An open span: the attributes to write with it, how far off its clock was, and its live record."""

    span: ref[Span]
    more: Mapping[str, Any]
    shift_ns: int
    shown: ObservedSpan | None


class ObservedSpan(ReadableSpan):
    """A span as it is written: `more` before its own attributes, its times moved by `shift_ns`."""

    def __init__(self, span: ReadableSpan, more: Mapping[str, Any], shift_ns: int = 0) -> None:
        super().__init__(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes={**more, **(span.attributes or {})},
            events=[_moved(event, shift_ns) for event in span.events] if shift_ns else span.events,
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=None if span.start_time is None else span.start_time + shift_ns,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )
        self._dropped = span.dropped_attributes, span.dropped_events, span.dropped_links

    @property
    def dropped_attributes(self) -> int:
        return self._dropped[0]

    @property
    def dropped_events(self) -> int:
        return self._dropped[1]

    @property
    def dropped_links(self) -> int:
        return self._dropped[2]


class CodeUnderTest:
    """Writes its spans to `sinks`; `home` says what a span that starts now belongs to, None if it is not
    kept.
    """

    def __init__(self, sinks: Sinks, home: Callable[[], Home | None], faults: Faults) -> None:
        self._sinks = sinks
        self._home = home
        self._faults = faults
        self._base = sinks.base_attributes
        self._open: dict[int, _Open] = {}
        self._known, self._known_before = set[int](), set[int]()
        forget = WeakMethod(self._forget_open)
        os.register_at_fork(after_in_child=lambda: (call := forget()) and call())

    def watch(self) -> None:
        """Start writing."""
        watch_spans(self)

    def leave(self) -> None:
        """Stop: the run is over, and what the host does later, or left open, is not part of it."""
        unwatch_spans(self)
        for key in list(self._open):
            self._drop(key)

    def started(self, span: Span, time_ns: int | None) -> None:
        self._faults.guard(self._started, span, time_ns)

    def ended(self, span: Span, time_ns: int | None) -> None:
        self._faults.guard(self._ended, span, time_ns)

    def _started(self, span: Span, time_ns: int | None) -> None:
        if _is_written_anyway(span) or _is_of_test_tracer(span):
            return
        home, context = self._home(), span.get_span_context()
        if home is None or not context.trace_flags.sampled:
            return
        more = NOTHING if self._is_at_home(span.parent, home) else home.attributes
        shift_ns = 0 if time_ns is not None else _off(now_ns(), span.start_time)
        self._remember(context.span_id)
        attributes, key = {**more, **self._base}, id(span)
        shown = ObservedSpan(span, attributes, shift_ns) if more else None
        # One that is thrown away without an end goes from the screen.
        self._open[key] = _Open(ref(span, lambda _: self._drop(key)), attributes, shift_ns, shown)
        if shown is not None:
            self._sinks.started(shown)

    def _ended(self, span: Span, time_ns: int | None) -> None:
        begun = self._open.pop(id(span), None)
        if begun is None or begun.span() is not span:
            return
        written = ObservedSpan(span, begun.more, begun.shift_ns)
        if _is_of_test_tracer(span):
            self._sinks.forget(written)
            return
        if time_ns is None:
            now = now_ns()
            written._end_time = (span.end_time or 0) + _off(now, span.end_time)
        self._sinks.on_end(written)

    def _is_at_home(self, parent: SpanContext | None, home: Home) -> bool:
        """Whether the parent of a span is in our files: part of our trace, or seen here."""
        if parent is None:
            return False
        is_known = parent.span_id in self._known or parent.span_id in self._known_before
        return is_known or f"{parent.trace_id:032x}" == home.trace_id

    def _remember(self, span_id: int) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known_before, self._known = self._known, set()
        self._known.add(span_id)

    def _forget_open(self) -> None:
        """After a fork: spans that were already open are the parent's to write."""
        self._open = {}

    def _drop(self, key: int) -> None:
        begun = self._open.pop(key, None)
        if begun is not None and begun.shown is not None:
            self._faults.guard(self._sinks.forget, begun.shown)


def _is_written_anyway(span: Span) -> bool:
    """Whether the span is ours, or belongs to a `set_up_tracing` of the host."""
    return any(isinstance(processor, Sinks) for processor in processors_of(span))


def _is_of_test_tracer(span: Span) -> bool:
    scope = span.instrumentation_scope
    if scope is not None and scope.name in _TEST_TRACERS:
        return True
    return bool(span.attributes) and not _TEST_KEYS.isdisjoint(span.attributes or ())


def _off(now: int, time_ns: int | None) -> int:
    """How far a time read from the host's clock is off, if that clock was faked."""
    off = now - (time_ns or 0)
    return off if abs(off) > _FAR_NS else 0


def _moved(event: Event, shift_ns: int) -> Event:
    return Event(event.name, event.attributes, event.timestamp + shift_ns)
