"""A JSON document read element by element: Chrome trace events, and arrays of other elements.

Bounded: of a document of any size little is held at a time. Large documents come here, and broken or unclosed
ones: what is complete in them is read.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from tracetui.errors import DecodeError
from tracetui.formats import chrome
from tracetui.formats.framing.expansion_limit import SWELLS, swells
from tracetui.formats.framing.lines import TOO_LONG
from tracetui.formats.framing.parsing import UNKNOWN
from tracetui.formats.streaming.elements import Elements
from tracetui.formats.streaming.jaeger_spans import JaegerSpans
from tracetui.formats.streaming.streamable import ENTERED, IF_LARGE, IF_TORN, SCOPES
from tracetui.model.batch import Problem, Problems, SpanBatch
from tracetui.model.kind import Kind

_MOST_BESIDE = 1 << 20
_MOST_HELD = 4 << 20
_MOST_ELEMENTS = 1 << 14
"""So much of an array, in bytes and elements, is looked at together: in Datadog one tells the others' ids."""
_MOST_BETWEEN = 1 << 10
_PHASE = b'"ph"'
_LEAST_BYTES = len('{"name":"x"}')
"""What is shorter has neither ids nor a name. There may be millions, so it is not decoded to be refused."""

Around = tuple[bytes, bytes]
"""What stands before and behind elements to make a document of them."""

_ARRAY: Around = (b"[", b"]")
_IN_GROUP: Mapping[str, Around] = {
    "": (b"", b"}"),
    "[]": (b"[", b"]}"),
    "[].spans": (b"", b"}]}"),
    "[].spans[]": (b"[", b"]}]}"),
}
"""In a large group, by what its path is below the scopes: lists that are whole, and elements."""
_SCOPES = re.compile(rf"\.({'|'.join(SCOPES)})((?:\[\](?:\.spans(?:\[\])?)?)?)\Z")

Document = Callable[[bytes, int], None]
"""Takes a document that is an element of another, and its offset; raises `DecodeError`."""


class Streamed:
    """Reads one document, which starts at `offset` of its source; `batch` gives where spans go now."""

    def __init__(self, batch: Callable[[], SpanBatch], document: Document, offset: int) -> None:
        self._batch = batch
        self._document = document
        self.offset = offset
        self._elements = Elements(self, ENTERED, offset, IF_LARGE, if_torn=IF_TORN)
        self._chrome = chrome.Trace()
        self._jaeger = JaegerSpans()
        self._held: list[tuple[bytes, int]] = []
        self._around: Around = _ARRAY
        self._held_bytes = 0
        self._beside: dict[str, bytes] = {}
        self._unknown = Problems()
        self._trace_id = ""
        self.read = 0
        self.is_known = False
        self.is_counted = False

    @property
    def pending(self) -> int:
        """Bytes held because their element is not complete yet."""
        return self._elements.pending + self._held_bytes

    @property
    def length(self) -> int:
        """Bytes of the document so far."""
        return self._elements.length

    def feed(self, data: bytes) -> int | None:
        """The next bytes; how many of them belong to the document where it ends there, else None."""
        used = self._elements.feed(data)
        if used is not None:
            self._let_go()
            if not (self.is_known or self.read or self._unknown):
                self._unknown.append(Problem(self.offset, UNKNOWN, self._elements.length))
            self._close()
        return used

    @property
    def awaits_element(self) -> bool:
        """Whether another document may stand next, as an element of a list."""
        return self._elements.awaits_element

    @property
    def is_behind(self) -> bool:
        """Whether there are events that were not shown yet."""
        return self._chrome.is_behind

    def settle(self) -> None:
        """No more bytes for now: shows the events so far."""
        if self._chrome.seen:
            self._trace_id = self._trace_id or self._elements.digest
            self._chrome.show(self._batch(), self._trace_id, self._beside)

    def finish(self) -> bool:
        """No more bytes ever: take what is complete. Returns whether that is all: an array of events needs no
        end.
        """
        while self._chrome.seen and self._elements.resync(_PHASE):
            pass
        self._elements.enter_open()
        is_all = self._elements.ended or (self._elements.awaits_value and self._chrome.seen > 0)
        self._close()
        return is_all

    def value(self, path: str, raw: bytes, offset: int) -> None:
        """A value that was not entered."""
        may_be = path == "[]" or path.endswith(".traceEvents[]")
        if len(raw) < _LEAST_BYTES and path.endswith("[]") and _PHASE not in raw:
            self._note_tiny(raw, offset)
        elif may_be and raw.startswith(b"{") and self._is_event(raw, offset):
            self.read += 1
        elif around := self._around_of(path):
            self._hold(raw, offset, around)
        elif path.endswith(".spans[]"):
            self._jaeger.add(raw, (offset, len(raw)))
            self.read += 1
        elif path.endswith(".traceEvents[]"):
            self._unknown.append(Problem(offset, "no event", len(raw)))
        elif path.endswith("[]"):
            self._add(raw, offset)
        elif len(raw) <= _MOST_BESIDE:
            self._beside[path.rpartition(".")[2]] = raw

    def _note_tiny(self, raw: bytes, offset: int) -> None:
        """An element that is no span: a loss, but for an empty list of spans."""
        if raw != b"[]":
            self._unknown.append(Problem(offset, UNKNOWN, len(raw)))

    def _around_of(self, path: str) -> Around | None:
        """What to put around a value to make it a document; None if it needs nothing, or cannot be one."""
        if path in ("[]", "[][]"):
            return _ARRAY
        scopes = _SCOPES.search(path)
        if scopes is None:
            return None
        key, below = scopes.groups()
        before = b'{"resource":%b,"%b":' % (self._beside.get("resource", b"{}"), key.encode())
        if below.startswith("[].spans"):
            scope = SCOPES[key]
            before += b'[{"%b":%b,"spans":' % (scope.encode(), self._beside.get(scope, b"{}"))
        opening, closing = _IN_GROUP[below]
        return before + opening, closing

    def end(self, path: str) -> None:
        """What was entered at `path` is over."""
        self.is_known = self.is_known or path.endswith((".traceEvents", "[]"))
        if path.endswith("[]"):
            self._let_go()
            for scope in SCOPES.values():
                self._beside.pop(scope, None)
        if path == "[]" or path.endswith(("resourceSpans[]", "resource_spans[]", "batches[]")):
            self._beside.pop("resource", None)
        if not path.endswith(".spans"):
            self._jaeger.finish(self._batch(), self._beside.pop("processes", b""))

    def garbage(self, offset: int, length: int, *, too_long: bool = False) -> None:
        """Bytes that are no value."""
        if self.is_counted:
            return
        reason = (TOO_LONG, 0, Kind.TOO_LONG) if too_long else ("invalid JSON", length)
        self._batch().rejected.append(Problem(offset, *reason))

    def _is_event(self, raw: bytes, offset: int) -> bool:
        """Takes an event, good or bad; False for what is none."""
        try:
            return self._chrome.add(raw, offset)
        except ValueError as error:
            self._batch().rejected.append(Problem(offset, f"bad event: {error}", len(raw)))
            return True

    def _hold(self, raw: bytes, offset: int, around: Around) -> None:
        """Keep an element together with those before it, unless something separates them."""
        if self._held:
            last, begin = self._held[-1]
            if self._around != around or not 1 <= offset - begin - len(last) <= _MOST_BETWEEN:
                self._let_go()
        self._around = around
        self._held.append((raw, offset))
        self._held_bytes += len(raw)
        if self._held_bytes > _MOST_HELD or len(self._held) > _MOST_ELEMENTS:
            self._let_go()

    def _let_go(self) -> None:
        """Add what was held: with what was around it, every element at its place, or one by one."""
        held, self._held, self._held_bytes = self._held, [], 0
        if self._chrome.seen or (len(held) < 2 and self._around == _ARRAY):
            for raw, offset in held:
                self._add(raw, offset)
        elif held:
            self._add_together(held)

    def _add_together(self, held: Sequence[tuple[bytes, int]]) -> None:
        before, behind = self._around
        begin = at = held[0][1]
        parts = [before]
        for raw, offset in held:
            parts += (b",".rjust(offset - at), raw) if offset > at else (raw,)
            at = offset + len(raw)
        parts.append(behind)
        try:
            self._document(b"".join(parts), begin - len(before))
            self.read += len(held)
        except DecodeError:
            for raw, offset in held:
                self._add(before + raw + behind, offset - len(before))

    def _add(self, raw: bytes, offset: int) -> None:
        try:
            if swells(raw):
                raise DecodeError(offset, SWELLS)
            self._document(raw, offset)
            self.read += 1
        except DecodeError as error:
            self._unknown.append(Problem(error.offset, error.reason, len(raw)))

    def _close(self) -> None:
        """Add what needs the whole document."""
        self._let_go()
        batch = self._batch()
        self._jaeger.finish(batch, self._beside.pop("processes", b""))
        self._chrome.finish(batch, self._trace_id or self._elements.digest, self._beside)
        if self._chrome.seen:
            self._note_unknown(batch)
        elif not self.is_counted:
            batch.rejected.take(self._unknown)

    def _note_unknown(self, batch: SpanBatch) -> None:
        """Elements without a phase among events."""
        number = len(self._unknown) + self._unknown.more
        if number:
            first, kind = self._unknown[0], Kind.EVENTS_LEFT_OUT
            batch.noted.append(Problem(first.offset, "no event", first.length, kind, number=number))


def add_document(batch: SpanBatch, text: bytes, offset: int) -> None:
    """Adds the spans of a whole document of trace events; raises `DecodeError` where it is none."""
    decoded = SpanBatch()
    stream = Streamed(lambda: decoded, _no_document, offset)
    if stream.feed(text) is None or not stream.is_known:
        raise DecodeError(offset, UNKNOWN)
    batch.take(decoded)


def _no_document(_text: bytes, offset: int) -> None:
    raise DecodeError(offset, UNKNOWN)
