"""Requests that a collector accepts: below its size limit, and with a moderate number of spans.

4 MiB is the default limit of a gRPC server, and of most HTTP receivers.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

MOST_BYTES = (4 << 20) - (64 << 10)
"""Room is left for what the transport adds."""
LEAST_MOST_BYTES = 64 << 10
MOST_SPANS = 1000
_FRAME_BYTES = 12
"""What a message takes in another beside itself: its tag and its length, at most."""


class Origin(NamedTuple):
    """What spans of one writer share, and its size in bytes."""

    number: int
    resource: Resource
    scope: InstrumentationScope
    bytes: int


class Outgoing(NamedTuple):
    """One span to be sent, and its row."""

    row: int
    origin: Origin
    message: Span
    bytes: int


def origin(number: int, resource: Resource, scope: InstrumentationScope) -> Origin:
    """What spans of one writer share."""
    return Origin(number, resource, scope, resource.ByteSize() + scope.ByteSize() + 4 * _FRAME_BYTES)


def outgoing(row: int, of: Origin, message: Span) -> Outgoing:
    """A span to be sent."""
    return Outgoing(row, of, message, message.ByteSize() + _FRAME_BYTES)


class Packer:
    """Puts spans into batches of at most `most_bytes`, which may shrink, and `MOST_SPANS`."""

    def __init__(self) -> None:
        self.most_bytes = MOST_BYTES

    def shrink(self, refused: int) -> None:
        """Halve the limit after a batch of `refused` bytes was too large."""
        self.most_bytes = min(self.most_bytes, max(LEAST_MOST_BYTES, refused // 2))

    def batches(self, spans: Iterable[Outgoing]) -> Iterator[list[Outgoing]]:
        """The spans, in order; a span above the limit is a batch of its own."""
        batch: list[Outgoing] = []
        size, origins = 0, set[int]()
        for span in spans:
            more = span.bytes + (0 if span.origin.number in origins else span.origin.bytes)
            if batch and (size + more > self.most_bytes or len(batch) >= MOST_SPANS):
                yield batch
                batch, size, origins = [], 0, set()
                more = span.bytes + span.origin.bytes
            batch.append(span)
            size += more
            origins.add(span.origin.number)
        if batch:
            yield batch


def encoded(batch: Sequence[Outgoing]) -> bytes:
    """The request; spans of one writer are grouped, in order."""
    groups: dict[int, ScopeSpans] = {}
    request = ExportTraceServiceRequest()
    for span in batch:
        group = groups.get(span.origin.number)
        if group is None:
            around = request.resource_spans.add(resource=span.origin.resource)
            group = groups[span.origin.number] = around.scope_spans.add(scope=span.origin.scope)
        group.spans.append(span.message)
    return bytes(request.SerializeToString())
