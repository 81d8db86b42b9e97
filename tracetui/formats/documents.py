"""Cuts a stream of bytes, split anywhere, into JSON documents: one a line, many lines long, or back to back.

Any split of the same bytes gives the same documents. A JSON object or array delimits itself, so a document is
taken as soon as it is whole, with or without a line end; whatever is not whole waits. A line that is no JSON
costs itself and nothing after it.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple, Protocol

from tracetui.errors import DecodeError
from tracetui.formats.bulk.envelopes import Run
from tracetui.formats.bulk.many import LEAST
from tracetui.formats.lines import MOST_BYTES, TOO_LONG, Line, Lines
from tracetui.formats.swelling import SWELLS, swells
from tracetui.formats.unclosed import closed
from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind

_BLANK = b" \t\r\n\0"
_PADDING = re.compile(rb"(?:[ \t\r\n\0]|\xef\xbb\xbf)*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{[]}"))
_ENVELOPE = re.compile(rb'\{"resource(?:Spans|Logs|Metrics)"')
_BARE_GROUP = re.compile(rb'\{"resource":')


NO_JSON = "no JSON"


class IncompleteError(Exception):
    """The document is well-formed as far as it goes, and goes on."""


class TrailingError(Exception):
    """A document ends at byte `length`, and something else follows."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


Parse = Callable[[memoryview, int], None]
"""Takes a document and its offset; keeps nothing where it raises one of these two or a `DecodeError`."""


class Bulk(Protocol):
    """What may take many whole lines at once."""

    def runs(self, lines: Line) -> Iterator[Run]:
        """The stretches of lines that it may take."""

    def take_run(self, lines: Line, run: Run) -> bool:
        """Takes such a stretch, all of it or nothing, where one line is broken."""


class Documents:
    """Gives each whole document to `parse`; collects what is none in `rejected` and `torn`."""

    def __init__(self, parse: Parse, bulk: Bulk) -> None:
        self._parse = parse
        self._bulk = bulk
        self._lines = Lines()
        self._open: list[bytes] = []
        self._open_at = 0
        self._open_bytes = 0
        self._depth = 0
        self._settled = True
        self.rejected = self._lines.rejected
        self.torn = Problems()

    @property
    def pending(self) -> int:
        """Bytes held because their document is not whole yet."""
        return self._lines.held + self._open_bytes

    def feed(self, data: bytes) -> None:
        """The next bytes of the stream."""
        self._settled = False
        for lines in self._lines.feed(data):
            self._many(lines)

    def rewind(self, length: int) -> bool:
        """Forgets the last `length` bytes, all behind the last line end; False where some were taken."""
        return self._lines.rewind(length)

    def settle(self) -> None:
        """No more bytes for now: takes what is whole already of an unterminated last line."""
        if self._settled:
            return
        self._settled = True
        tail = self._lines.tail()
        if not tail.text.rstrip(_BLANK).endswith((b"}", b"]")):
            return
        if not self._open:
            self._lines.take(0 if swells(tail.text) else self._documents(tail, ended=False))
        elif not _ENVELOPE.match(tail.text) and self._depth + _depths(tail.text).lowest <= 0:
            self._settle_open(tail)

    def finish(self) -> None:
        """No more bytes ever: what is still not whole is torn."""
        self.settle()
        tail = self._lines.tail()
        self._lines.take(len(tail.text))
        self._line(tail)
        if self._open:
            reason = f"no end: {self._open_bytes} bytes of unfinished JSON"
            self.torn.append(Problem(self._open_at, reason, self._open_bytes))
            self._salvage(b"".join(self._open))
            self._close()

    def _salvage(self, text: bytes) -> None:
        """Takes the whole elements of an array that has no end."""
        whole = closed(text)
        if whole:
            with contextlib.suppress(DecodeError, IncompleteError, TrailingError):
                self._parse(memoryview(whole), self._open_at)

    def _settle_open(self, tail: Line) -> None:
        """Takes the open document if it ends within the unterminated last line."""
        whole = Line.of(self._open_at, b"".join([*self._open, tail.text]))
        used = self._documents(whole, ended=False) - self._open_bytes
        if used > 0:
            self._close()
            self._lines.take(used)

    def _many(self, lines: Line) -> None:
        """Lines that are alike in bulk, the others one by one."""
        done = lines.begin
        for run in self._bulk.runs(lines):
            self._each(lines, done, int(run.begin[0]))
            self._run(lines, run)
            done = int(run.end[-1]) + 1
        self._each(lines, done, lines.end)

    def _run(self, lines: Line, run: Run) -> None:
        """Lines in bulk; where one of them is broken, those around it."""
        if not self._open and len(run.begin) >= LEAST:
            if self._bulk.take_run(lines, run):
                return
            half = len(run.begin) // 2
            self._run(lines, run.part(0, half))
            self._run(lines, run.part(half, len(run.begin)))
        else:
            self._each(lines, int(run.begin[0]), int(run.end[-1]) + 1)

    def _each(self, lines: Line, begin: int, end: int) -> None:
        for line in lines.split(begin, end):
            self._line(line)

    def _line(self, line: Line) -> None:
        if self._open:
            self._continue(line)
        elif swells(line.view):
            self.rejected.append(Problem(line.offset + line.begin, SWELLS, line.end - line.begin))
        elif _may_be_json(line, line.begin):
            self._documents(line, ended=True)
        elif (used := _padded(line, line.begin)) < line.end:  # Logs by the million are not parsed.
            self.rejected.append(Problem(line.offset + used, NO_JSON, line.end - used))

    def _documents(self, line: Line, *, ended: bool) -> int:
        """Takes the documents in a line and returns how many bytes were used.

        What is not whole opens a document, what is none is rejected: both only where the line has ended, for
        else the bytes that are missing may still come.
        """
        text, used = line.text, _padded(line, line.begin)
        view = memoryview(text)[: line.end]
        while used < line.end:
            try:
                used += self._one(view[used:], line.offset + used)
            except IncompleteError:
                if ended:
                    self._start(text[used : line.end], line.offset + used)
                return line.end if ended else used
            except DecodeError as error:
                if not ended:
                    return used
                begin, used = used, _last_envelope(line, used)
                reason = error.reason if _may_be_json(line, begin) else NO_JSON
                self.rejected.append(Problem(line.offset + begin, reason, used - begin))
            used = _padded(line, used)
        return used

    def _one(self, text: memoryview, offset: int) -> int:
        try:
            self._parse(text, offset)
        except TrailingError as trailing:
            self._parse(text[: trailing.length], offset)
            return trailing.length
        return len(text)

    def _start(self, text: bytes, offset: int) -> None:
        depth = _depths(text).end
        if depth <= 0:
            self.rejected.append(Problem(offset, "invalid JSON", len(text)))
            return
        self._open, self._open_at, self._open_bytes, self._depth = [text], offset, len(text), depth

    def _continue(self, line: Line) -> None:
        """One more line of an open document; an envelope at a line's start shows that it was torn."""
        text = line.bytes
        torn = _ENVELOPE.match(text) is not None and not self._awaits_element()
        if torn or self._open_bytes + len(text) > MOST_BYTES:
            what = ("unfinished JSON", self._open_bytes) if torn else (TOO_LONG, 0, Kind.TOO_LONG)
            self.rejected.append(Problem(self._open_at, *what))
            self._salvage(b"".join(self._open))
            self._close()
            self._line(line)
            return
        self._open.append(text)
        self._open_bytes += len(text)
        depths = _depths(text)
        if self._depth + depths.lowest > 0:
            self._depth += depths.end
            return
        whole = Line.of(self._open_at, b"".join(self._open))
        self._close()
        self._line(whole)

    def _awaits_element(self) -> bool:
        """Whether an array is open in which another document may stand next."""
        is_array = self._depth == 1 and self._open[0].startswith(b"[")
        return is_array and self._open[-1].rstrip(_BLANK).endswith((b",", b"["))

    def _close(self) -> None:
        self._open, self._open_bytes, self._depth = [], 0, 0


def _padded(line: Line, start: int) -> int:
    """Where the padding at `start` ends: white space, NULs of a power cut, byte order marks."""
    padding = _PADDING.match(line.text, start, line.end)
    return padding.end() if padding else start


def _may_be_json(line: Line, start: int) -> bool:
    """Whether an object or a list may begin there."""
    return line.text.find(b"{", start, line.end) >= 0 or line.text.find(b"[", start, line.end) >= 0


def _last_envelope(line: Line, start: int) -> int:
    """Where to go on in a line broken at `start`: at its last envelope, for a torn line swallows the next.

    Without one, at the first bare group behind what loggers write before JSON.
    """
    is_json = line.text[start : start + 1] in (b"{", b"[")
    found = None if is_json else _BARE_GROUP.search(line.text, start + 1, line.end)
    for envelope in _ENVELOPE.finditer(line.text, start + 1, line.end):
        found = envelope
    return found.start() if found else line.end


class _Depths(NamedTuple):
    """How many more brackets are open than before: where fewest are, and at the end."""

    lowest: int
    end: int


def _depths(text: bytes) -> _Depths:
    """The depths of one line of JSON; a string never crosses a line."""
    brackets = _STRING.sub(b"", text).translate(None, _NO_BRACKETS)
    depths = list(accumulate(1 if bracket in b"{[" else -1 for bracket in brackets))
    return _Depths(min(depths, default=0), depths[-1] if depths else 0)
