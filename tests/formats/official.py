"""Spans as the SDK's own exporters write them."""

import io

from hypothesis import strategies as st
from opentelemetry.exporter.otlp.json.file import FileSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from tests.builders import T0

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | texts
    | st.binary(max_size=8)
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
attributes = st.dictionaries(texts.filter(bool), values, max_size=4)
moments = st.integers(T0, T0 + 10**12)


@st.composite
def contexts(draw: st.DrawFn) -> SpanContext:
    return SpanContext(
        draw(st.integers(1, 2**128 - 1)),
        draw(st.integers(1, 2**64 - 1)),
        is_remote=False,
        trace_flags=TraceFlags(1),
    )


@st.composite
def sdk_spans(draw: st.DrawFn) -> ReadableSpan:
    """A span as the SDK hands it to exporters."""
    code = draw(st.sampled_from(StatusCode))
    return ReadableSpan(
        name=draw(texts.filter(bool)),
        context=draw(contexts()),
        parent=draw(st.none() | contexts()),
        resource=Resource(draw(st.dictionaries(texts.filter(bool), texts, max_size=2))),
        attributes=draw(attributes),
        events=[Event(draw(texts), draw(attributes), draw(moments)) for _ in range(draw(st.integers(0, 2)))],
        links=[Link(draw(contexts()), draw(attributes)) for _ in range(draw(st.integers(0, 2)))],
        kind=draw(st.sampled_from(SpanKind)),
        status=Status(code, draw(texts) if code is StatusCode.ERROR else None),
        start_time=draw(moments),
        end_time=draw(moments),
        instrumentation_scope=InstrumentationScope(draw(texts.filter(bool)), draw(texts)),
    )


def exported(*spans: ReadableSpan) -> bytes:
    """What the official exporter writes."""
    stream = io.StringIO()
    FileSpanExporter(stream=stream).export(spans)
    return stream.getvalue().encode()
