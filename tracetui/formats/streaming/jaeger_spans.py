"""The spans of a Jaeger trace one by one: their resources are in its processes, mostly after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Raw
from msgspec.structs import replace

from tracetui.formats.columns import Bytes
from tracetui.formats.others import jaeger
from tracetui.model.batch import Problem, SpanBatch

_PACKED_AT = 4096
_MARK = b"\0process "
"""What stands for the resource of a process until the processes are known."""


class _Marks(dict[str, bytes]):
    """For each process what stands for its resource."""

    def get(self, key: str, default: Any = None) -> Any:
        return _MARK + key.encode() if key else default


_MARKS = _Marks()


class JaegerSpans:
    """Takes the spans of one trace after the other."""

    def __init__(self) -> None:
        self._found = SpanBatch()

    def add(self, raw: bytes, where: Bytes) -> None:
        """Takes a span, or rejects it."""
        try:
            jaeger.add_span(self._found, Raw(raw), _MARKS, where)
        except (ValueError, RecursionError) as error:
            self._found.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))
        if len(self._found.span_id) >= _PACKED_AT:
            self._found.pack()

    def finish(self, batch: SpanBatch, processes: bytes) -> None:
        """Adds the spans of the trace that ends to `batch`; `processes` is raw JSON, empty for none."""
        decoded, self._found = self._found, SpanBatch()
        decoded.pack()
        known = jaeger.resources(processes)
        decoded.packed = [replace(spans, blobs=_resolved(spans.blobs, known)) for spans in decoded.packed]
        if decoded.packed:
            decoded.formats.add(jaeger.WRITER.name)
        batch.take(decoded)


def _resolved(blobs: Sequence[bytes], known: Mapping[str, bytes]) -> list[bytes]:
    """The resources that marks stand for, and everything else as it is."""
    marked = {blob: blob.removeprefix(_MARK).decode() for blob in blobs if blob.startswith(_MARK)}
    return [known.get(marked[blob], b"") if blob in marked else blob for blob in blobs]
