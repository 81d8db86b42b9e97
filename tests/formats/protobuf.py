"""OTLP as protobuf, framed as files have it, and read."""

import base64
import json
from collections.abc import Iterator, Sequence

from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from tests.benchmarks.spans import lines
from tracetui.formats.detect import Detected
from tracetui.model.batch import SpanBatch


def read(data: bytes, cuts: Sequence[int] = (), *, settles: bool = False) -> SpanBatch:
    """The whole of `data` in one batch, fed in parts."""
    reader = Detected()
    for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        reader.feed(data[begin:end])
        if settles:
            reader.settle()
    reader.finish()
    assert reader.pending == 0
    return reader.take()


def framed(*messages: bytes) -> bytes:
    """As the Collector's file exporter writes messages."""
    return b"".join(len(message).to_bytes(4, "big") + message for message in messages)


_IDS = ("traceId", "spanId", "parentSpanId")


def messages(dialect: str, spans: int, each: int) -> Iterator[TracesData]:
    """The spans of a recording in a dialect, so many in a message."""
    for line in lines(dialect, spans, each):
        yield ParseDict(json.loads(line, object_pairs_hook=_with_ids), TracesData())


def _with_ids(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Ids as protobuf's own JSON has them."""
    return {
        key: base64.b64encode(bytes.fromhex(str(value))).decode() if key in _IDS else value
        for key, value in pairs
    }
