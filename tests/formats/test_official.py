"""What the official OTLP/JSON exporter writes is read back equal; its decoder is a second opinion."""

import json
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto_json.trace.v1.trace import TracesData
from opentelemetry.sdk.trace import ReadableSpan

from tests.budgets import examples
from tests.formats.official import exported, sdk_spans
from tests.formats.reading import read
from tracetui.formats.detail import decode_span
from tracetui.model.role import StatusCode as Code
from tracetui.model.span import AttributeValue


def written(made: Mapping[str, object] | None) -> dict[str, AttributeValue]:
    """Attributes as OTLP can hold them: sequences are lists."""

    def value(content: object) -> AttributeValue:
        if isinstance(content, list | tuple):
            return [value(item) for item in content]
        if isinstance(content, Mapping):
            return {str(key): value(item) for key, item in content.items()}
        assert content is None or isinstance(content, str | bool | int | float | bytes)
        return content

    return {key: value(content) for key, content in (made or {}).items()}


@settings(max_examples=examples(50))
@given(sdk_spans())
def test_what_the_official_exporter_writes_is_read_back_equal(made: ReadableSpan) -> None:
    """Ids, times, status, attributes of all types, events, links, resource and scope."""
    data = exported(made)
    batch = read(data)
    assert (len(batch), batch.rejected) == (1, [])
    piece = data[batch.offset[0] : batch.offset[0] + batch.length[0]]
    found = decode_span(piece, batch.resource[0], batch.scope[0])
    assert (found.name, found.kind) == (made.name, made.kind.name.lower())
    assert made.context is not None
    assert (found.trace_id, found.span_id) == (
        f"{made.context.trace_id:032x}",
        f"{made.context.span_id:016x}",
    )
    assert found.parent_span_id == (f"{made.parent.span_id:016x}" if made.parent else "")
    assert (found.start_ns, found.end_ns) == (made.start_time, made.end_time)
    assert (found.status.code, found.status.message) == (
        Code[made.status.status_code.name],
        made.status.description or "",
    )
    assert dict(found.attributes) == written(made.attributes)
    assert [(event.time_ns, event.name, dict(event.attributes)) for event in found.events] == [
        (event.timestamp, event.name, written(event.attributes)) for event in made.events
    ]
    assert [(link.span_id, dict(link.attributes)) for link in found.links] == [
        (f"{link.context.span_id:016x}", written(link.attributes)) for link in made.links
    ]
    assert made.instrumentation_scope is not None
    assert (found.scope.name, found.scope.version) == (
        made.instrumentation_scope.name,
        made.instrumentation_scope.version,
    )
    assert dict(found.resource.attributes) == written(made.resource.attributes)


@settings(max_examples=examples(15))
@given(st.lists(sdk_spans(), min_size=1, max_size=5))
def test_the_official_decoder_agrees(made: list[ReadableSpan]) -> None:
    """The official decoder finds the same spans, ids, times and status codes in the same bytes."""
    data = exported(*made)
    batch = read(data)
    known = [
        span
        for text in data.decode().split("\n")
        if text
        for group in TracesData.from_dict(json.loads(text)).resource_spans
        for scoped in group.scope_spans
        for span in scoped.spans
    ]
    assert batch.span_id == [(span.span_id or b"").hex() for span in known]
    assert batch.trace_id == [(span.trace_id or b"").hex() for span in known]
    assert batch.name == [span.name for span in known]
    assert batch.start_ns == [int(span.start_time_unix_nano or 0) for span in known]
    assert batch.end_ns == [int(span.end_time_unix_nano or 0) for span in known]
    assert batch.status == [Code(int(span.status.code or 0) if span.status else 0) for span in known]
