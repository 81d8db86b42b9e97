"""Cuts a stream of bytes, split anywhere, into JSON documents: one a line, many lines long, or back to back.

Any split of the same bytes gives the same documents. A JSON object or array delimits itself, so a document is
taken as soon as it is complete, with or without a line end; an incomplete one waits. A line that is no JSON
costs itself and nothing after it.
"""

from collections.abc import Callable

from tracetui.errors import DecodeError
from tracetui.formats.framing.expansion_limit import SWELLS, swells
from tracetui.formats.framing.left_out import LeftOut
from tracetui.formats.framing.lines import MOST_BYTES, TOO_LONG, Line, Lines
from tracetui.formats.framing.parsing import UNFINISHED, Bulk, IncompleteError, Parse, Run, Stream
from tracetui.formats.framing.records import Records
from tracetui.formats.framing.surface import BLANK, ENVELOPE, WRAPPER, depths, may_be_json, padded
from tracetui.formats.framing.unfinished import Unfinished
from tracetui.formats.streaming import one_document
from tracetui.formats.streaming.one_document import OneDocument
from tracetui.formats.streaming.streamable import has_events, is_streamable
from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind

NO_JSON = "no JSON"

_TELLING = 32
"""So many bytes of a line tell whether an envelope begins it."""

_AT_ONCE = 16 * 1024 * 1024


class Documents:
    """Gives each complete document to `parse`, and large ones to a `stream`, which starts at an offset.

    Collects everything else in `rejected` and `torn`, and `left_out`, which tells logs from broken records.
    """

    def __init__(self, parse: Parse, bulk: Bulk, stream: Callable[[int], Stream], begin: int = 0) -> None:
        self._bulk = bulk
        self._lines = Lines()
        self._stream = OneDocument(stream, self._lines.rejected)
        self._records = Records(parse, self._stream)
        self._lines.pass_over(begin)
        self._open: Unfinished | None = None
        self._settled = True
        self._long_until = 0
        self.rejected = self._lines.rejected
        self.left_out = LeftOut(self.rejected)
        self.torn = Problems()

    @property
    def pending(self) -> int:
        """Bytes held because their document is not complete yet."""
        return self._lines.held + (self._open.length if self._open else self._stream.pending)

    @property
    def resumes_at(self) -> int | None:
        """Where whole lines end, if nothing that was before matters to what comes."""
        matters = self.pending or self._lines.is_skipping or self._stream.was_on or self._long_until
        return None if matters else self._lines.end

    def feed(self, data: bytes) -> None:
        """The next bytes of the stream."""
        self._settled = False
        for at in range(0, len(data), _AT_ONCE):
            self._feed(data[at : at + _AT_ONCE] if len(data) > _AT_ONCE else data)

    def _feed(self, data: bytes) -> None:
        if self._stream.is_on and not self._lines.held:
            used = self._stream.feed(data)
            self._lines.pass_over(used)
            data = data[used:]
        for lines in self._lines.feed(data):
            self._many(lines)
        self._stream_tail()

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes, to a line's end; False if a document may have begun before it."""
        if length > self._lines.held:
            to = self._lines.end - length
            if self._open or self._stream.was_on or to < self._long_until:
                return False
        self._lines.rewind(length)
        return True

    def settle(self) -> None:
        """No more bytes for now: take what is complete in an unterminated last line."""
        if self._settled:
            return
        self._settle_tail()
        self._stream_events()
        self._stream.settle()
        self._settled = not self._stream.is_behind

    @property
    def is_behind(self) -> bool:
        """Whether there is something that `settle` has not shown yet, to avoid showing too often."""
        return self._stream.is_behind

    def _stream_events(self) -> None:
        """Start streaming a document of events that has not ended: they are shown as they come."""
        tail = self._lines.tail()
        if self._stream.is_on or ENVELOPE.match(tail.text):
            return
        if self._open:
            if has_events(self._open.text):
                self._lines.take(self._stream_open(self._open, tail.text))
        elif has_events(tail.text[padded(tail, 0) :]):
            begin = padded(tail, 0)
            self._lines.take(begin + self._stream.begin(tail.text[begin:], tail.offset + begin))

    def _settle_tail(self) -> None:
        """Take what is complete in the unterminated last line."""
        tail = self._lines.tail()
        if not tail.text.rstrip(BLANK).endswith((b"}", b"]")):
            return
        if not self._open:
            self._lines.take(0 if swells(tail.text) else self._documents(tail, ended=False))
        elif not ENVELOPE.match(tail.text) and self._open.may_end_in(tail.text):
            self._settle_open(self._open, tail)

    def finish(self) -> None:
        """No more bytes ever: what is still incomplete is torn."""
        self._settle_tail()
        tail = self._lines.tail()
        self._lines.take(len(tail.text))
        if self._stream.is_on:
            self._stream.feed_last(tail.text)
        else:
            self._line(tail)
        if self._open and not self._stream.salvage(self._open.text, self._open.at):
            self._torn(self._open.at, self._open.length)
        self._open = None
        if lost := self._stream.finish():
            self._torn(*lost)

    def _torn(self, offset: int, length: int) -> None:
        self.torn.append(Problem(offset, f"no end: {length} bytes of unfinished JSON", length))

    def _settle_open(self, document: Unfinished, tail: Line) -> None:
        """Takes the open document if it ends within the unterminated last line."""
        whole = Line.of(document.at, document.text + tail.text)
        used = self._documents(whole, ended=False) - document.length
        if used > 0:
            self._open = None
            self._lines.take(used)

    def _many(self, lines: Line) -> None:
        """Take lines, and their part of a document that is streamed."""
        begin = lines.begin
        while begin < lines.end:
            if self._stream.is_on:
                begin += self._stream.feed(lines.text[begin : lines.end])
            else:
                begin = self._unlike(lines._replace(begin=begin))

    def _unlike(self, lines: Line) -> int:
        """Take lines in bulk where that is sure, the others one by one; returns where it ended, to stream
        what follows.
        """
        done = lines.begin
        for run in self._bulk.runs(lines):
            done = self._each(lines, done, run.begin)
            done = done if self._stream.is_on else self._run(lines, run)
            if self._stream.is_on:
                return done
        return self._each(lines, done, lines.end)

    def _run(self, lines: Line, run: Run) -> int:
        """Take lines in bulk, but those that an open document may hold; returns where it ended."""
        while self._open:
            self._line(lines._replace(begin=run.begin, end=run.first_end))
            if self._stream.is_on or run.first_end == run.end:
                return run.first_end
            run = run.without_first()
        self._bulk.take_run(lines, run)
        return run.end

    def _each(self, lines: Line, begin: int, end: int) -> int:
        """Take line by line; returns where it ended, to stream what follows."""
        for line in lines.split(begin, end):
            self._line(line)
            if self._stream.is_on:
                return line.end
        return end

    def _line(self, line: Line) -> None:
        if self._open:
            self._continue(self._open, line)
            return
        is_dense = swells(line.view)
        if self._is_large(line, is_dense=is_dense):
            self._documents(line, ended=True, is_dense=is_dense)
        elif is_dense:
            self.rejected.append(Problem(line.offset + line.begin, SWELLS, line.end - line.begin))
        elif may_be_json(line, line.begin):
            self._documents(line, ended=True)
        elif (used := padded(line, line.begin)) < line.end:  # Logs by the million are not parsed.
            self.left_out.add(line.offset + used, line.text[used : line.end], NO_JSON)

    def _is_large(self, line: Line, *, is_dense: bool) -> bool:
        """Whether a line, or most of it, must be streamed."""
        begin = padded(line, line.begin)
        is_large = is_dense or line.end - begin > one_document.STREAM_BYTES
        return is_large and is_streamable(line.text, begin, line.end)

    def _documents(self, line: Line, *, ended: bool, is_dense: bool = False) -> int:
        """Take the documents in a line; returns how many bytes were used. In a dense line, the first swells.

        An incomplete one opens a document, garbage is rejected: both only if the line has ended, since
        otherwise the missing bytes may still come.
        """
        text, used = line.text, padded(line, line.begin)
        view = memoryview(text)[: line.end]
        while used < line.end:
            try:
                used += self._records.take(view[used:], line.offset + used, swells=is_dense)
            except (IncompleteError, DecodeError) as error:
                if not ended:
                    return used
                used = self._broken(line, used, error)
            used, is_dense = padded(line, used), False
        return used

    def _broken(self, line: Line, begin: int, error: IncompleteError | DecodeError) -> int:
        """Open a document that does not end in its line, or leave out garbage; returns where to go on.

        A torn record swallows the next: what looks like its end may be that of another, of one within it.
        """
        is_wrapper = WRAPPER.match(line.text, begin, line.end) is not None
        is_open = isinstance(error, IncompleteError)
        again = line.end, line.end
        if is_wrapper or not is_open or not is_streamable(line.text, begin, line.end):
            again = self._records.take_next(line, begin)
        if is_open and again[0] == line.end:
            self._start(line.text[begin : line.end], line.offset + begin)
            return line.end
        text = line.text[begin : again[0]]
        if is_wrapper and (is_open or ENVELOPE.match(line.text, begin, line.end)):
            self._stream.salvage(text, line.offset + begin, counted=True)
        reason = error.reason if isinstance(error, DecodeError) else UNFINISHED
        self.left_out.add(line.offset + begin, text, reason if may_be_json(line, begin) else NO_JSON)
        return again[1]

    def _stream_tail(self) -> None:
        """Streams a large document that the unterminated last line begins or goes on with."""
        if not self._lines.held:
            return
        if self._stream.is_on:
            self._lines.take(self._stream.feed(self._lines.tail().text))
        if not self._stream.is_due(self._lines.held + (self._open.length if self._open else 0)):
            return
        tail = self._lines.tail()
        if not self._open:
            is_dense = swells(tail.text)
            if self._is_large(tail, is_dense=is_dense):
                self._lines.take(self._documents(tail, ended=False, is_dense=is_dense))
        elif len(tail.text) >= _TELLING and not ENVELOPE.match(tail.text):
            self._lines.take(self._stream_open(self._open, tail.text))

    def _stream_open(self, document: Unfinished, more: bytes) -> int:
        """Streams the open document, if it can be; how many bytes of `more` are its own."""
        text = document.text + more
        if not is_streamable(text, 0, len(text)):
            return 0
        self._open = None
        return self._stream.begin(text, document.at) - document.length

    def _start(self, text: bytes, offset: int) -> None:
        depth = depths(text).end
        if depth <= 0:
            self.rejected.append(Problem(offset, "invalid JSON", len(text)))
            return
        self._open = Unfinished(text, offset, depth)

    def _continue(self, document: Unfinished, line: Line) -> None:
        """Add a line to an open document; an envelope at a line's start shows that it was torn."""
        text = line.bytes
        self._long_until = line.offset + line.end
        is_envelope = ENVELOPE.match(text) is not None and not document.awaits_element
        torn = is_envelope or document.is_torn_by(text)
        if torn or document.length + len(text) > MOST_BYTES:
            what = (UNFINISHED, document.length) if torn else (TOO_LONG, 0, Kind.TOO_LONG)
            self.rejected.append(Problem(document.at, *what))
            self._stream.salvage(document.text, document.at, counted=True)
            self._open = None
            self._line(line)
        elif used := self._streamed(document, text):
            if used < len(text):
                self._line(line._replace(begin=line.begin + used))
        elif document.add(text):
            self._open = None
            self._line(Line.of(document.at, document.text))

    def _streamed(self, document: Unfinished, line: bytes) -> int:
        """Stream the open document once it is large; returns how many bytes of a line are its own."""
        return self._stream_open(document, line) if self._stream.is_due(document.length + len(line)) else 0
