"""Batches that a collector accepts: below 4 MiB, and without spans that would spoil a whole batch.

4 MiB is a gRPC server's default limit. A larger batch is refused as a whole, and a span that protobuf cannot
hold, for example for a surrogate in its name, would keep its whole batch here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan

MAX_BATCH_BYTES = 4 * 1024 * 1024 - 64 * 1024
"""Room is left for what the transport adds."""


def packed(spans: Sequence[ReadableSpan]) -> Iterator[list[ReadableSpan]]:
    """The spans in batches that can be sent; those that cannot be sent in any batch are left out."""
    batch: list[ReadableSpan] = []
    size = 0
    for span in spans:
        more = _size(span)
        if more is None or more > MAX_BATCH_BYTES:
            continue
        if size + more > MAX_BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(span)
        size += more
    if batch:
        yield batch


def _size(span: ReadableSpan) -> int | None:
    """Bytes of a request with this span alone, more than it adds to any batch; None if there can be none."""
    try:
        return int(encode_spans([span]).ByteSize())
    except Exception:  # noqa: BLE001 - whatever foreign code dislikes about one span must cost only that span
        return None
