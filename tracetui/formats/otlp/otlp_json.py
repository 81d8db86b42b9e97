"""Decodes OTLP/JSON: `TracesData` lines and documents, bare `ResourceSpans`, log records.

Everything else is left to `not_otlp`. A document is decoded in C down to raw spans, then each span for
itself; of its attributes only those that decide role, outcome, title and worker are looked at. A span that
does not decode is rejected with its offset.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Raw

from tracetui.errors import DecodeError
from tracetui.formats.columns import Bytes, add_span, count_odd, count_odd_around
from tracetui.formats.framing.cursor import Cursor, in_whole, is_whole
from tracetui.formats.framing.documents import Documents
from tracetui.formats.framing.expansion_limit import swells
from tracetui.formats.framing.json_repair import mended
from tracetui.formats.framing.lenient import Decoded, Lenient, Odd, wrong_type
from tracetui.formats.framing.lines import Line
from tracetui.formats.framing.parsing import UNKNOWN, IncompleteError, TrailingError
from tracetui.formats.others.not_otlp import NotOtlp, are_events, is_known
from tracetui.formats.otlp import lifecycle
from tracetui.formats.otlp.wire import WireDocument, WireResourceLogs, WireResourceSpans, WireSpan
from tracetui.formats.scanned.counters import Counters, native_counters
from tracetui.formats.scanned.scanned import Run, Scanned, decoded
from tracetui.formats.streaming.lean_span import lean
from tracetui.formats.streaming.streamable import document_end, is_streamable
from tracetui.formats.streaming.torn import is_json
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind

if TYPE_CHECKING:
    from tracetui.formats.streaming.streamed import Streamed

_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_NUMBER = re.compile(r"invalid number \(byte (\d+)\)")
_BESIDE = re.compile(rb'\{\s*+"(resource_?[Mm]etrics|index|create)"\s*+:\s*+[\[{]')
"""What stands among spans and is none: OTLP metrics, and the actions of Elasticsearch's bulk format."""

_SMALL = 16 * 1024
"""A document of no more bytes is copied: that costs less than to ask where in its text it stands."""
_MOST_WRAPPERS = 6
_document = Lenient(WireDocument)
_raws = msgspec.json.Decoder(list[Raw])
_span = Lenient(WireSpan)
T = TypeVar("T")


class OtlpJson:
    """Decodes one source, from offset `begin` on; `take` hands over what was decoded since the last time.

    Sources that one thread reads may share `counters`.
    """

    def __init__(
        self, batch: SpanBatch | None = None, begin: int = 0, counters: Counters | None = None
    ) -> None:
        self._batch = SpanBatch() if batch is None else batch
        self._scanned = Scanned(counters or native_counters())
        self._others = NotOtlp()
        self._documents = Documents(self.parse, self, self._streamed, begin)

    @property
    def pending(self) -> int:
        """Bytes held because their document is not complete yet."""
        return self._documents.pending

    @property
    def is_behind(self) -> bool:
        """Whether there is something that `settle` has not shown yet, to avoid showing too often."""
        return self._documents.is_behind or self._others.is_behind

    @property
    def resumes_at(self) -> int | None:
        """The offset from which one that knows nothing goes on as this one would; None where none does."""
        return None if self._batch or self._others.remembers else self._documents.resumes_at

    def ahead(self, data: bytes) -> None:
        """Bytes that will be fed, after all that were announced before: a thread may begin with them."""
        self._scanned.ahead(data)

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        self._documents.feed(data)
        self._scanned.fed(data)

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes, to a line's end; False if a document may have begun before it."""
        return not self._others.has_events and self._documents.rewind(length)

    def settle(self) -> None:
        """No more bytes for now."""
        self._documents.settle()
        self._others.settle(self._batch)

    def finish(self) -> None:
        """No more bytes ever."""
        self._documents.finish()
        self._scanned.finish()
        self._others.finish(self._batch)

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        batch, self._batch = self._batch, SpanBatch()
        documents = self._documents
        batch.rejected.take(documents.rejected)
        batch.torn.take(documents.torn)
        batch.noted.take(documents.left_out.others())
        return batch

    def parse(self, text: memoryview, offset: int) -> None:
        """Take one document, or an array of them; also what Python writes and JSON forbids."""
        take = self._array if text[:1].tobytes() == b"[" else self._document
        try:
            take(text, offset)
        except (DecodeError, IncompleteError):
            accepted = mended(bytes(text))
            try:
                if accepted == text:
                    raise
                take(memoryview(accepted), offset)
            except DecodeError:
                if not self._broken(bytes(text), offset):
                    raise

    def _broken(self, text: bytes, offset: int) -> bool:
        """Take the elements of a document that is no JSON as a whole; False, with nothing taken, without
        any.
        """
        if not is_streamable(text, 0, len(text)) or is_json(text):
            return False
        end = document_end(text)
        if end is None and b'"ph"' in text:
            raise IncompleteError
        if end is not None and end < len(text):
            raise TrailingError(end)
        recovered = SpanBatch()
        stream = self._streamed(offset, recovered)
        if stream.feed(text) is None or not stream.read:
            return False
        self._batch.take(recovered)
        return True

    def _streamed(self, offset: int, batch: SpanBatch | None = None) -> "Streamed":
        from tracetui.formats.streaming.streamed import Streamed

        return Streamed(lambda: self._batch if batch is None else batch, self._element, offset)

    def _element(self, text: bytes, offset: int) -> None:
        """An element of a document that is streamed, or broken."""
        try:
            self._part(memoryview(text), offset, 1)
        except (IncompleteError, TrailingError) as error:
            raise DecodeError(offset, "invalid JSON") from error
        self._batch.pack_many()

    def runs(self, lines: Line) -> Iterator[Run]:
        """The stretches of lines that the kernel read."""
        return self._scanned.runs(lines)

    def take_run(self, lines: Line, run: Run) -> None:
        """Take such lines."""
        self._take(run, lines.text, lines.offset)

    def _take(self, run: Run, text: bytes, offset: int) -> None:
        """The spans of a text, which starts at `offset` of its source."""
        columns, left = decoded(run, text, offset)
        self._batch.packed += columns
        for entry in left:
            self._span(Raw(entry.span), entry.resource, entry.scope, entry.where)

    def _array(self, text: memoryview, offset: int, depth: int = 0) -> None:
        raws = _elements(text, offset)
        if are_events(raws):
            self._streamed(offset).feed(bytes(text))
            return
        cursor = Cursor(bytes(text), offset)
        placed = [(raw, cursor.find(raw)) for raw in raws]
        for raw, (at, length) in self._others.json.add_array(self._batch, placed):
            try:
                self._part(memoryview(raw), at, depth + 1)
            except DecodeError as error:
                self._batch.rejected.append(Problem(at, error.reason, length))

    def _part(self, text: memoryview, offset: int, depth: int) -> None:
        """Take the contents of an array or a wrapper."""
        if depth > _MOST_WRAPPERS:
            raise DecodeError(offset, UNKNOWN)
        take = self._array if bytes(text[:1]) == b"[" else self._document
        take(text if is_whole(text) else memoryview(bytes(text)), offset, depth)

    def _document(self, text: memoryview, offset: int, depth: int = 0) -> None:
        text = memoryview(bytes(text)) if len(text) <= _SMALL else text
        whole, begin = in_whole(text)
        run = self._scanned.whole(whole, begin, begin + len(text))
        if run:
            self._take(run, whole, offset - begin)
            return
        document, odd = _decode(_document, text, offset)
        groups = document.groups
        if groups is None and document.resource_logs is None:
            self._other(document.wrapped, text, offset, depth, odd)
            return
        self._count_wrong(odd, text, offset)
        cursor = Cursor(whole, offset - begin, begin)
        for group in groups or ():
            self._spans(group, cursor, (offset, len(text)))
        for resource_logs in document.resource_logs or ():
            self._logs(resource_logs, cursor)

    def _count_wrong(self, odd: Odd, text: memoryview, offset: int) -> None:
        for path in odd:
            self._batch.rejected.append(Problem(offset, wrong_type(path), len(text)))

    def _other(self, wrapped: Raw, text: memoryview, offset: int, depth: int, odd: Odd) -> None:
        """Take a document of another tracer, or one in a wrapper; if it is neither, `odd` may say why."""
        try:
            self._another(wrapped, text, offset, depth)
        except DecodeError as error:
            if not odd:
                raise
            raise DecodeError(offset, wrong_type(odd[0])) from error
        self._count_wrong(odd, text, offset)

    def _another(self, wrapped: Raw, text: memoryview, offset: int, depth: int) -> None:
        beside = _BESIDE.match(text)
        if beside:
            reason = f"{beside[1].decode()}, no spans"
            self._batch.noted.append(Problem(offset, reason, len(text), Kind.EVENTS_LEFT_OUT))
        elif memoryview(wrapped) and not is_known(text):
            at = Cursor(bytes(text), offset).find(wrapped)[0]
            self._part(memoryview(wrapped), at, depth + 1)
        elif depth or not self._others.add_event(self._batch, bytes(text), offset):
            self._others.json.add_document(self._batch, bytes(text), offset)

    def _spans(self, group: WireResourceSpans, cursor: Cursor, document: Bytes) -> None:
        resource = bytes(group.resource)
        for scoped in group.scopes or ():
            scope = bytes(scoped.scope) or bytes(scoped.instrumentation_library)
            count_odd_around(self._batch, resource, scope, document)
            for raw in scoped.spans or ():
                self._span(raw, resource, scope, cursor.find(raw))

    def _span(self, raw: Raw, resource: bytes, scope: bytes, where: Bytes) -> None:
        try:
            view = memoryview(raw)
            decoded = _span.decode(lean(view) if swells(view) else raw)
            add_span(self._batch, decoded.value, resource, scope, where)
            count_odd(self._batch, decoded, where)
        except (ValueError, RecursionError) as error:
            self._batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))

    def _logs(self, group: WireResourceLogs, cursor: Cursor) -> None:
        resource = bytes(group.resource)
        for scoped in group.scope_logs or ():
            scope = bytes(scoped.scope)
            for raw in scoped.log_records or ():
                where = cursor.find(raw)
                try:
                    lifecycle.add_record(self._batch, raw, resource, scope, where)
                except (ValueError, RecursionError) as error:
                    self._batch.rejected.append(Problem(where[0], f"bad log record: {error}", where[1]))


def _decode(shape: Lenient[T], text: memoryview, offset: int) -> Decoded[T]:
    """Decode `text`, telling incomplete documents, and those followed by more, from broken ones."""
    try:
        return shape.decode_in_place(text)
    except (ValueError, RecursionError) as error:
        raise _why(error, offset, len(text)) from error


def _elements(text: memoryview, offset: int) -> list[Raw]:
    try:
        return _raws.decode(text)
    except (ValueError, RecursionError) as error:
        raise _why(error, offset, len(text)) from error


def _why(error: Exception, offset: int, length: int) -> Exception:
    """What a decoder's error about `length` bytes means; a number that ends with them may go on."""
    reason = str(error)
    number = _NUMBER.search(reason)
    if number and int(number[1]) >= length:
        return IncompleteError()
    trailing = _TRAILING.search(reason)
    if trailing:
        return TrailingError(int(trailing[1]) - 1)
    return IncompleteError() if reason == "Input data was truncated" else DecodeError(offset, reason)
