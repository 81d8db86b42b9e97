"""Reads one large JSON document value by value, as they become complete: memory holds one of them, never all.

Which objects and arrays are entered is decided by their paths. The document's own is empty, `.key` a member,
`[]` an element: `.data[].spans[]` is a span in Jaeger's answer. A value that is not entered is passed on as
its bytes. Garbage between values costs only itself.
"""

import re
from collections.abc import Container
from typing import NamedTuple, Protocol

from tracetui.formats.framing.expansion_limit import SWELLING_BYTES, swells
from tracetui.formats.framing.lines import MOST_BYTES
from tracetui.formats.streaming.brackets import NO_BRACKET
from tracetui.formats.streaming.held import ANY_DEPTH, Held
from tracetui.formats.streaming.torn import is_torn, next_object

_BETWEEN = re.compile(rb"(?:[ \t\r\n\0,]|\xef\xbb\xbf)*+")
_KEY = re.compile(rb'"((?:[^"\\\n]++|\\.)*+)"\s*+:\s*+')
_SCALAR = re.compile(rb'(?:"(?:[^"\\\n]++|\\.)*+"|[^\s,"\[\]{}]++)(?=[\s,\]}])')
LARGE_BYTES = 16 * 1024 * 1024


class Sink(Protocol):
    """Takes the values of a document."""

    def value(self, path: str, raw: bytes, offset: int) -> None:
        """A value that was not entered."""

    def end(self, path: str) -> None:
        """What was entered at `path` is over."""

    def garbage(self, offset: int, length: int, *, too_long: bool = False) -> None:
        """Bytes that are no value, or one that is longer than `MOST_BYTES`; `length` 0: not known yet."""


class _Frame(NamedTuple):
    """An object or array that was entered, and how deep it is nested."""

    path: str
    is_object: bool
    depth: int


class Elements(Held):
    """Walks one document that starts at `offset` of its source; `entered` holds the paths to enter.

    A path in `entered` ends in `{` or `[`: which of the two may be entered there. What is in `if_large` is
    entered only if more than `LARGE_BYTES` of it have come, and it is not complete yet, or if it would swell:
    then the brackets in it are looked for anew. What is in `left` is passed over, if it is not complete in
    the bytes at hand; what is in `if_torn` is entered if it is not complete, and no more bytes come.
    """

    def __init__(
        self,
        sink: Sink,
        entered: Container[str],
        offset: int,
        if_large: Container[str] = frozenset(),
        left: Container[str] = frozenset(),
        if_torn: Container[str] = frozenset(),
    ) -> None:
        super().__init__(offset)
        self._sink = sink
        self._entered = entered
        self._if_large = if_large
        self._left = left
        self._if_torn = if_torn
        self._frames: list[_Frame] = []
        self._key, self._large_bytes = "", LARGE_BYTES
        self._skipping = self._scans_again = False

    @property
    def awaits_value(self) -> bool:
        """Whether nothing of the next value has come, in an array that is the document itself."""
        return not self.pending and len(self._frames) == 1 and not self._frames[0].is_object

    @property
    def awaits_element(self) -> bool:
        """Whether nothing of the next value has come, in whatever array that was entered."""
        is_between = not (self._held or self._skipping)
        return is_between and bool(self._frames) and not self._frames[-1].is_object

    @property
    def is_in_list(self) -> bool:
        """Whether an array was entered and is not over."""
        return any(not frame.is_object for frame in self._frames)

    @property
    def ended(self) -> bool:
        """Whether the document is over."""
        return self.length > 0 and not self._frames

    def enter_open(self) -> None:
        """No more bytes come: enter unfinished values as if they were large, for what is complete in them."""
        self._large_bytes = 0
        if self._frames and not self._skipping:
            self._walk()

    def resync(self, telling: bytes) -> bool:
        """Continue in the next line that is one object and contains `telling`, after a value without an end.

        False if there is none. For documents of one element a line, when no more bytes come.
        """
        self._gather()
        restarted = bool(self._frames) and self._restart(telling)
        self._let_go()
        if restarted:
            self._skipping = False
            self._scan_again()
        return restarted

    def _restart(self, telling: bytes) -> bool:
        """Leaves out what stands before the next such line, and counts brackets anew from there."""
        begin = next_object(self._text, self._place, telling)
        if begin is None:
            return False
        self._sink.garbage(self._at + self._place, begin - self._place)
        self._place, self._key = begin, ""
        self._scans_again = True
        return True

    def _walk(self) -> None:
        """Pass on every complete value."""
        self._gather()
        if self._skipping:
            self._skip()
        while not self._skipping and not self._scans_again and self._step():
            pass
        self._let_go()
        if self._scans_again:
            self._scan_again()

    def _scan_again(self) -> None:
        """Look for brackets anew in what is held, and walk on in it."""
        self._scans_again = False
        self._collect_again(self._frames[-1].depth)
        if self._held:
            self._walk()

    def _step(self) -> bool:
        """One value, or one bracket of what is entered; False where it is not whole yet."""
        between = _BETWEEN.match(self._text, self._place)
        self._place = between.end() if between else self._place
        if self._place >= len(self._text):
            self._awaited = ANY_DEPTH
            return False
        byte = self._text[self._place]
        if not self._frames:
            return self._enter("", byte)
        frame = self._frames[-1]
        if byte in b"]}":
            return self._leave()
        if frame.is_object and not self._key and byte not in b"[{":
            return self._take_key()
        path = frame.path + (self._key or ("." if frame.is_object else "[]"))
        return self._bracketed(path, byte, frame) if byte in b"[{" else self._scalar(path)

    def _bracketed(self, path: str, byte: int, frame: _Frame) -> bool:
        if not self._is_at_bracket():
            return self._garbage()
        if f"{path}{chr(byte)}" in self._entered:
            return self._enter(path, byte)
        end = self._here.end_of(frame.depth)
        last = len(self._text) if end is None else self._here.where[end] + 1 - self._at
        if end is None and not self._large_bytes and f"{path}{chr(byte)}" in self._if_torn:
            self._scans_again = self._enter(path, byte)
            return self._scans_again
        may_be_large = end is None or last - self._place > SWELLING_BYTES
        if may_be_large and f"{path}{chr(byte)}" in self._if_large and self._is_large(end, last):
            self._scans_again = self._enter(path, byte)
            return self._scans_again
        if end is None:
            return self._leave_out() if path in self._left else self._wait(frame.depth)
        if is_torn(self._text[self._place : last]) and self._restart(b""):
            return True
        self._hand_over(path, last)
        self._here.next = end + 1
        return True

    def _is_large(self, end: int | None, last: int) -> bool:
        """Whether what stands here, as far as `last`, is better not held, or not decoded, as one value."""
        if end is None and last - self._place > self._large_bytes:
            return True
        return swells(memoryview(self._text)[self._place : last])

    def _scalar(self, path: str) -> bool:
        scalar = _SCALAR.match(self._text, self._place)
        if scalar and not self._holds_bracket(scalar.end()):
            self._hand_over(path, scalar.end())
            return True
        return self._garbage()

    def _hand_over(self, path: str, end: int) -> None:
        raw = self._text[self._place : end]
        self._sink.value(path, raw, self._at + self._place)
        self._place, self._key = end, ""

    def _take_key(self) -> bool:
        key = _KEY.match(self._text, self._place)
        if not key or self._holds_bracket(key.end()):
            return self._garbage()
        if key.end() == len(self._text):
            return self._wait(ANY_DEPTH)
        self._key, self._place = "." + key[1].decode("utf-8", "replace"), key.end()
        return True

    def _enter(self, path: str, byte: int) -> bool:
        if not self._is_at_bracket():
            return self._garbage()
        self._frames.append(_Frame(path, byte == ord("{"), self._here.depth[self._here.next]))
        self._place, self._key = self._place + 1, ""
        self._here.next += 1
        return True

    def _leave(self) -> bool:
        if not self._is_at_bracket():
            return self._garbage()
        frame = self._frames.pop()
        self._place, self._key = self._place + 1, ""
        self._here.next += 1
        self._sink.end(frame.path)
        return bool(self._frames)

    def _is_at_bracket(self) -> bool:
        """Whether the scan counts what stands here: else it is behind a quote that nobody closed."""
        return self._here.place == self._at + self._place

    def _holds_bracket(self, end: int) -> bool:
        """Whether the scan counts a bracket before `end`: what looks like a text there is none."""
        return self._here.place < self._at + end

    def _garbage(self) -> bool:
        """Leave out garbage, up to the next bracket or line."""
        end = self._text.find(b"\n", self._place) + 1
        if self._here.place < NO_BRACKET:
            bracket = self._here.place - self._at
            end = min(end or bracket, bracket)
        if not end:
            return self._wait(ANY_DEPTH)
        self._sink.garbage(self._at + self._place, end - self._place)
        self._place, self._key = end, ""
        return True

    def _wait(self, depth: int) -> bool:
        """The value that stands here goes on: a bracket of that depth may end it, or many more bytes."""
        self._awaited = depth
        if len(self._text) - self._place > MOST_BYTES:
            self._sink.garbage(self._at + self._place, 0, too_long=True)
            return self._leave_out()
        return False

    def _leave_out(self) -> bool:
        """Go on behind the value that stands here, as soon as that has come."""
        self._awaited, self._skipping = self._frames[-1].depth, True
        self._skip()
        return False

    def _skip(self) -> None:
        """Goes on behind a value that is too long."""
        end = self._here.end_of(self._frames[-1].depth)
        self._skipping = end is None
        if end is None:
            self._place, self._here.next = len(self._text), len(self._here.where)
        else:
            closes = self._here.depth[end] < self._frames[-1].depth
            self._place = self._here.where[end] - self._at + (not closes)
            self._here.next, self._key = end + (not closes), ""
