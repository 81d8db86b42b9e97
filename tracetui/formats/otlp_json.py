"""OTLP/JSON to span batches: `TracesData` lines and documents, bare `ResourceSpans`, log records.

A document is decoded in C down to raw spans, then each span for itself; of its attributes only those that
decide role, outcome, title and worker are looked at. A span that does not decode is rejected with its offset.
"""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Raw

from tracetui.errors import DecodeError
from tracetui.formats import lifecycle, values
from tracetui.formats.columns import add_span
from tracetui.formats.documents import Documents, IncompleteError, TrailingError
from tracetui.formats.wire import WireDocument, WireResourceLogs, WireResourceSpans, WireSpan
from tracetui.model.batch import Problem, SpanBatch

_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_document = msgspec.json.Decoder(WireDocument)
_raws = msgspec.json.Decoder(list[Raw])
_span = msgspec.json.Decoder(WireSpan)
_PROBE = 96
T = TypeVar("T")


class OtlpJson:
    """Decodes one source; `take` hands over what has been decoded since the last time."""

    def __init__(self) -> None:
        self._batch = SpanBatch()
        self._documents = Documents(self._parse)

    @property
    def pending(self) -> int:
        """Bytes held because their document is not whole yet."""
        return self._documents.pending

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        self._documents.feed(data)

    def settle(self) -> None:
        """No more bytes for now."""
        self._documents.settle()

    def finish(self) -> None:
        """No more bytes ever."""
        self._documents.finish()

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        batch, self._batch = self._batch, SpanBatch()
        for found, kept in ((self._documents.rejected, batch.rejected), (self._documents.torn, batch.torn)):
            kept.extend(found)
            found.clear()
        return batch

    def _parse(self, text: memoryview, offset: int) -> None:
        """Takes one document, or an array of them; half a surrogate, as Python writes it, does not matter."""
        take = self._array if text[:1].tobytes() == b"[" else self._document
        try:
            take(text, offset)
        except (DecodeError, IncompleteError):
            mended = values.without_half_surrogates(bytes(text))
            if mended == text:
                raise
            take(memoryview(mended), offset)

    def _array(self, text: memoryview, offset: int) -> None:
        raws = _decode(_raws.decode, text, offset)
        cursor = _Cursor(bytes(text), offset)
        for raw in raws:
            at = cursor.find(raw)
            try:
                self._document(memoryview(raw), at)
            except DecodeError as error:
                self._batch.rejected.append(Problem(at, error.reason))

    def _document(self, text: memoryview, offset: int) -> None:
        document: WireDocument = _decode(_document.decode, text, offset)
        spans = document.resource_spans
        if spans is None and document.scope_spans is not None:
            spans = [document]
        if spans is None and document.resource_logs is None:
            raise DecodeError(offset, "JSON without spans or logs")
        cursor = _Cursor(bytes(text), offset)
        for resource_spans in spans or ():
            self._spans(resource_spans, cursor)
        for resource_logs in document.resource_logs or ():
            self._logs(resource_logs, cursor)

    def _spans(self, group: WireResourceSpans, cursor: "_Cursor") -> None:
        resource = bytes(group.resource)
        for scoped in group.scope_spans or group.instrumentation_library_spans or ():
            scope = bytes(scoped.scope) or bytes(scoped.instrumentation_library)
            for raw in scoped.spans or ():
                offset = cursor.find(raw)
                try:
                    add_span(self._batch, _span.decode(raw), resource, scope, (offset, len(memoryview(raw))))
                except (ValueError, RecursionError) as error:
                    self._batch.rejected.append(Problem(offset, f"bad span: {error}"))

    def _logs(self, group: WireResourceLogs, cursor: "_Cursor") -> None:
        resource = bytes(group.resource)
        for scoped in group.scope_logs or ():
            scope = bytes(scoped.scope)
            for raw in scoped.log_records or ():
                offset = cursor.find(raw)
                try:
                    lifecycle.add_record(self._batch, raw, resource, scope, offset)
                except (ValueError, RecursionError) as error:
                    self._batch.rejected.append(Problem(offset, f"bad log record: {error}"))


class _Cursor:
    """Where raw values, given in their order, start in the document they came from."""

    def __init__(self, text: bytes, offset: int) -> None:
        self._text = text
        self._offset = offset
        self._position = 0

    def find(self, raw: Raw) -> int:
        """The offset of `raw` in the source."""
        view = memoryview(raw)
        probe, length = view[:_PROBE], len(view)
        at = self._text.find(probe, self._position)
        while self._text[at : at + length] != view:
            at = self._text.find(probe, at + 1)
        self._position = at + length
        return self._offset + at


def _decode(decode: Callable[[memoryview], T], text: memoryview, offset: int) -> T:
    """Decodes `text`, telling documents that go on or are followed by more from broken ones."""
    try:
        return decode(text)
    except (ValueError, RecursionError) as error:
        reason = str(error)
    trailing = _TRAILING.search(reason)
    if trailing:
        raise TrailingError(int(trailing[1]) - 1)
    if reason == "Input data was truncated":
        raise IncompleteError
    raise DecodeError(offset, reason)
