"""A JSON document read element by element: Chrome trace events, and arrays of whatever else is read.

Bounded: of a document of any size one element is held at a time. Large documents come here, and those that
are broken or that nobody closed: what is whole in them is read.
"""

import re
from collections.abc import Callable

import numpy as np

from tracetui.errors import DecodeError
from tracetui.formats import chrome
from tracetui.formats.brackets import Brackets
from tracetui.formats.elements import Elements
from tracetui.formats.lines import TOO_LONG
from tracetui.model.batch import Problem, Problems, SpanBatch
from tracetui.model.kind import Kind

ENTERED = frozenset({".traceEvents[", ".resourceSpans[", ".batches[", ".data["})
EVENTS = frozenset({"[]", ".traceEvents[]"})
DOCUMENTS = frozenset({"[]", ".resourceSpans[]", ".batches[]", ".data[]"})
_MOST_BESIDE = 1 << 20
_HEAD = re.compile(rb"\s*+(?:\[\s*+[\[{]|\{)")
_ARRAY = re.compile(rb'"(?:traceEvents|resourceSpans|batches|data)"\s*+:\s*+\[')

NOTHING = "JSON without spans or logs"

Document = Callable[[bytes, int], None]
"""Takes a document that is an element of another, and its offset; raises `DecodeError`."""


def is_streamable(text: bytes, begin: int, end: int) -> bool:
    """Whether the document that starts at `begin` has elements to read one by one, as far as `end`."""
    head = _HEAD.match(text, begin, end)
    if not head:
        return False
    return head[0].lstrip().startswith(b"[") or _ARRAY.search(text, begin, end) is not None


class Streamed:
    """Reads one document, which starts at `offset` of its source; `batch` gives where spans go now."""

    def __init__(self, batch: Callable[[], SpanBatch], document: Document, offset: int) -> None:
        self._batch = batch
        self._document = document
        self.offset = offset
        self._elements = Elements(self, ENTERED, offset)
        self._chrome = chrome.Trace()
        self._beside: dict[str, bytes] = {}
        self._unknown = Problems()
        self.read = 0
        self.is_known = False

    @property
    def pending(self) -> int:
        """Bytes held because their element is not whole yet."""
        return self._elements.pending

    @property
    def length(self) -> int:
        """Bytes of the document so far."""
        return self._elements.length

    def feed(self, data: bytes) -> int | None:
        """The next bytes; how many of them belong to the document where it ends there, else None."""
        used = self._elements.feed(data)
        if used is not None:
            if not self.is_known and not self._unknown:
                self._unknown.append(Problem(self.offset, NOTHING, self._elements.length))
            self._close()
        return used

    def finish(self) -> bool:
        """No more bytes ever: takes what is whole. Whether that is all: an array of events needs no end."""
        is_all = self._elements.awaits_value and self._chrome.seen > 0
        self._close()
        return is_all

    def value(self, path: str, raw: bytes, offset: int) -> None:
        """A value that was not entered."""
        if path in EVENTS and raw.startswith(b"{") and self._is_event(raw, offset):
            self.read += 1
        elif path in DOCUMENTS:
            self._add(raw, offset)
        elif path in EVENTS:
            self._unknown.append(Problem(offset, "no event", len(raw)))
        elif len(raw) <= _MOST_BESIDE:
            self._beside[path[1:]] = raw

    def end(self, path: str) -> None:
        """What was entered at `path` is over."""
        self.is_known = self.is_known or bool(path) or self.read > 0

    def garbage(self, offset: int, length: int, *, too_long: bool = False) -> None:
        """Bytes that are no value."""
        told = (TOO_LONG, 0, Kind.TOO_LONG) if too_long else ("invalid JSON", length)
        self._batch().rejected.append(Problem(offset, *told))

    def _is_event(self, raw: bytes, offset: int) -> bool:
        """Takes an event, good or bad; False for what is none."""
        try:
            return self._chrome.add(raw, offset)
        except ValueError as error:
            self._batch().rejected.append(Problem(offset, f"bad event: {error}", len(raw)))
            return True

    def _add(self, raw: bytes, offset: int) -> None:
        try:
            self._document(raw, offset)
            self.read += 1
        except DecodeError as error:
            self._unknown.append(Problem(error.offset, error.reason, len(raw)))

    def _close(self) -> None:
        """Adds what needed the whole document."""
        batch = self._batch()
        self._chrome.finish(batch, self._elements.digest, self._beside)
        if self._chrome.seen:
            self._note_unknown(batch)
        else:
            batch.rejected.take(self._unknown)

    def _note_unknown(self, batch: SpanBatch) -> None:
        """Elements without a phase among events."""
        number = len(self._unknown) + self._unknown.more
        if number:
            first, kind = self._unknown[0], Kind.EVENTS_LEFT_OUT
            batch.noted.append(Problem(first.offset, "no event", first.length, kind, number=number))


def add_document(batch: SpanBatch, text: bytes, offset: int) -> None:
    """Adds the spans of a whole document of trace events; raises `DecodeError` where it is none."""
    found = SpanBatch()
    stream = Streamed(lambda: found, _no_document, offset)
    if stream.feed(text) is None or not stream.is_known:
        raise DecodeError(offset, NOTHING)
    batch.take(found)


def _no_document(_text: bytes, offset: int) -> None:
    raise DecodeError(offset, NOTHING)


def document_end(text: bytes) -> int | None:
    """Where the document that `text` begins with ends; None where it does not."""
    places, levels = Brackets().scan(text)
    over = np.flatnonzero(levels <= 0)
    return int(places[over[0]]) + 1 if len(over) else None
