"""OTLP as protobuf, framed as files have it, and read."""

from collections.abc import Sequence

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
