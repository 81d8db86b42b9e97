"""Cuts a stream of bytes, split anywhere, into JSON documents: one a line, many lines long, or back to back.

Any split of the same bytes gives the same documents. A JSON object or array delimits itself, so a document is
taken as soon as it is whole, with or without a line end; whatever is not whole waits. A line that is no JSON
costs itself and nothing after it.
"""

import re
from collections.abc import Callable

from tracetui.errors import DecodeError
from tracetui.formats.lines import MOST_BYTES, TOO_LONG, Line, Lines
from tracetui.model.batch import Problem

_PADDING = b" \t\r\n\0"
_BOM = b"\xef\xbb\xbf"
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_ENVELOPE = re.compile(rb'\{"resource(?:Spans|Logs|Metrics)"')


class IncompleteError(Exception):
    """The document is well-formed as far as it goes, and goes on."""


class TrailingError(Exception):
    """A document ends at byte `length`, and something else follows."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


Parse = Callable[[bytes, int], None]
"""Takes a document and its offset; keeps nothing where it raises one of these two or a `DecodeError`."""


class Documents:
    """Gives each whole document to `parse`; collects what is none in `rejected` and `torn`."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._lines = Lines()
        self._open: list[bytes] = []
        self._open_at = 0
        self._open_bytes = 0
        self._depth = 0
        self.rejected = self._lines.rejected
        self.torn: list[Problem] = []

    @property
    def pending(self) -> int:
        """Bytes held because their document is not whole yet."""
        return self._lines.held + self._open_bytes

    def feed(self, data: bytes) -> None:
        """The next bytes of the stream."""
        for line in self._lines.feed(data):
            self._line(line)

    def settle(self) -> None:
        """No more bytes for now: takes what is whole already of an unterminated last line."""
        tail = self._lines.tail()
        if not tail.text.rstrip(_PADDING).endswith((b"}", b"]")):
            return
        if self._open:
            if self._depth + _depth(tail.text) <= 0:
                self._lines.take(len(tail.text))
                self._line(tail)
            return
        start = _blank(tail.text)
        self._lines.take(start + self._documents(tail.text[start:], tail.offset + start, ended=False))

    def finish(self) -> None:
        """No more bytes ever: what is still not whole is torn."""
        self.settle()
        tail = self._lines.tail()
        self._lines.take(len(tail.text))
        self._line(tail)
        if self._open:
            self.torn.append(Problem(self._open_at, f"no end: {self._open_bytes} bytes of unfinished JSON"))
            self._close()

    def _line(self, line: Line) -> None:
        if self._open:
            self._continue(line)
            return
        start = _blank(line.text)
        self._documents(line.text[start:], line.offset + start, ended=True)

    def _documents(self, text: bytes, offset: int, *, ended: bool) -> int:
        """Takes the documents in `text` and returns how many bytes were used.

        What is not whole opens a document, what is none is rejected: both only where the line has ended, for
        else the bytes that are missing may still come.
        """
        used = 0
        while used < len(text):
            rest = text[used:]
            try:
                used += self._one(rest, offset + used)
            except IncompleteError:
                if ended:
                    self._start(rest, offset + used)
                return len(text) if ended else used
            except DecodeError as error:
                if not ended:
                    return used
                self.rejected.append(Problem(offset + used, error.reason))
                used += _next_envelope(rest)
            used += _blank(text[used:])
        return used

    def _one(self, text: bytes, offset: int) -> int:
        try:
            self._parse(text, offset)
        except TrailingError as trailing:
            self._parse(text[: trailing.length], offset)
            return trailing.length
        return len(text)

    def _start(self, text: bytes, offset: int) -> None:
        depth = _depth(text)
        if depth <= 0:
            self.rejected.append(Problem(offset, "invalid JSON"))
            return
        self._open, self._open_at, self._open_bytes, self._depth = [text], offset, len(text), depth

    def _continue(self, line: Line) -> None:
        """One more line of an open document; an envelope at a line's start shows that it was torn."""
        torn = _ENVELOPE.match(line.text) is not None
        if torn or self._open_bytes + len(line.text) > MOST_BYTES:
            self.rejected.append(Problem(self._open_at, "unfinished JSON" if torn else TOO_LONG))
            self._close()
            self._line(line)
            return
        self._open.append(line.text)
        self._open_bytes += len(line.text)
        self._depth += _depth(line.text)
        if self._depth <= 0:
            text, offset = b"".join(self._open), self._open_at
            self._close()
            self._documents(text, offset, ended=True)

    def _close(self) -> None:
        self._open, self._open_bytes, self._depth = [], 0, 0


def _blank(text: bytes) -> int:
    """The length of the padding in front: white space, NULs of a power cut, a byte order mark."""
    bare = text.lstrip(_PADDING).removeprefix(_BOM).lstrip(_PADDING)
    return len(text) - len(bare)


def _next_envelope(text: bytes) -> int:
    """Where to go on in a broken line: at its last envelope, for a torn line swallows the next one."""
    starts = [match.start() for match in _ENVELOPE.finditer(text, 1)]
    return starts[-1] if starts else len(text)


def _depth(text: bytes) -> int:
    """How many more brackets `text` opens than it closes; a JSON string never crosses a line."""
    bare = _STRING.sub(b"", text)
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")
