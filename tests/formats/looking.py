"""What is known of a span that someone looks at."""

from tracetui.formats.detail import decode_span
from tracetui.model.batch import SpanBatch
from tracetui.model.span import Span


def looked_at(data: bytes, batch: SpanBatch) -> list[Span]:
    """Every span of `batch` in full, each from its own bytes."""
    return [
        decode_span(data[begin : begin + length], resource, scope)
        for begin, length, resource, scope in zip(
            batch.offset, batch.length, batch.resource, batch.scope, strict=True
        )
    ]
