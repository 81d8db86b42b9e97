"""Log records about unfinished spans: start records and heartbeats, as `tracetui.tracing` writes them.

A start record makes a span without an end; other log records are counted, and those of a span remembered.
"""

from msgspec import Raw

from tracetui.formats.columns import Bytes, add_span, count_odd
from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import span_id, trace_id
from tracetui.formats.otlp import values
from tracetui.formats.otlp.wire import WireAttribute, WireLogRecord, WireSpan
from tracetui.formats.times import event_time
from tracetui.model.batch import Heartbeat, LogRecord, SpanBatch

START = "tracetui.span.start"
HEARTBEAT = "tracetui.heartbeat"

NAME = "tracetui.span.name"
PARENT_SPAN_ID = "tracetui.span.parent_span_id"
START_TIME = "tracetui.span.start_time_unix_nano"
_BEAT = (
    "process.pid",
    "host.name",
    "tracetui.boot_id",
    "tracetui.dropped_spans",
    "tracetui.open_spans",
    "tracetui.removed_spans",
    "tracetui.writer.ended",
)

_record = Lenient(WireLogRecord)


def add_record(batch: SpanBatch, raw: Raw, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Add the contents of a log record to the batch; raises `ValueError` if it does not decode."""
    record = count_odd(batch, _record.decode(raw), where)
    if record.event_name == START:
        add_span(batch, _started(record), resource, scope, where)
    elif record.event_name == HEARTBEAT:
        batch.heartbeats.append(_heartbeat(record))
    else:
        remember(batch, trace_id(record.trace_id), span_id(record.span_id), where)


def remember(batch: SpanBatch, trace: str, span: str, where: Bytes) -> None:
    """Count a log record, and remember its place if it belongs to a span, by its ids."""
    batch.log_records += 1
    if trace and span:
        batch.logs.append(LogRecord(trace, span, *where))


def _started(record: WireLogRecord) -> WireSpan:
    texts = _texts(record.attributes, NAME, PARENT_SPAN_ID, START_TIME)
    return WireSpan(
        trace_id=record.trace_id,
        span_id=record.span_id,
        parent_span_id=texts.get(PARENT_SPAN_ID),
        name=texts.get(NAME),
        start_time_unix_nano=texts.get(START_TIME) or record.time_unix_nano,
        attributes=record.attributes,
    )


def _heartbeat(record: WireLogRecord) -> Heartbeat:
    texts = _texts(record.attributes, *_BEAT)
    return Heartbeat(
        time_ns=event_time(record.time_unix_nano),
        pid=_count(texts.get("process.pid")),
        host=texts.get("host.name", ""),
        boot_id=texts.get("tracetui.boot_id", ""),
        dropped_spans=_count(texts.get("tracetui.dropped_spans")),
        open_spans=_count(texts["tracetui.open_spans"]) if texts.get("tracetui.open_spans") else -1,
        has_ended=texts.get("tracetui.writer.ended") == "true",
        removed_spans=_count(texts.get("tracetui.removed_spans")),
    )


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _texts(attributes: list[WireAttribute] | None, *keys: str) -> dict[str, str]:
    return {
        attribute.key: values.scalar_text(attribute.value)
        for attribute in attributes or ()
        if attribute.key in keys
    }
