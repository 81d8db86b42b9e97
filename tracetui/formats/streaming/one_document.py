"""The one document of a source that is read element by element, while it lasts."""

import re
from collections.abc import Callable, Iterator

from tracetui.formats.framing.parsing import UNFINISHED, Stream
from tracetui.formats.framing.surface import ENVELOPE
from tracetui.formats.streaming.streamable import is_streamable
from tracetui.model.batch import Problem, Problems

STREAM_BYTES = 4 * 1024 * 1024
"""A document that is not whole after so many bytes is read element by element."""

_ENVELOPE_LINE = re.compile(rb"\n(?=%b)" % ENVELOPE.pattern)
_ENVELOPES = tuple(b'{"resource%b"' % what for what in (b"Spans", b"Logs", b"Metrics"))


class OneDocument:
    """Feeds the current document to its stream, which `make` makes for an offset; there may be none.

    A line that begins with an envelope, where none may stand in the document, is a record of its own: then
    the document was torn, which is told in `rejected`.
    """

    def __init__(self, make: Callable[[int], Stream], rejected: Problems) -> None:
        self._make = make
        self._rejected = rejected
        self._begins_line = False
        self._stream: Stream | None = None
        self._look_at = STREAM_BYTES
        self.was_on = False
        """Whether there ever was one."""

    @property
    def is_on(self) -> bool:
        """Whether the next bytes belong to it."""
        return self._stream is not None

    @property
    def pending(self) -> int:
        """Bytes held because their element is not complete yet."""
        return self._stream.pending if self._stream else 0

    def is_due(self, held: int) -> bool:
        """Whether it is time to look, of a document held so far, if it is to be streamed."""
        if held <= STREAM_BYTES:
            self._look_at = STREAM_BYTES
        if held <= self._look_at:
            return False
        self._look_at *= 2
        return True

    def begin(self, text: bytes, offset: int) -> int:
        """Begins with `text`; how many bytes of it are the document's own."""
        self._stream, self.was_on = self._make(offset), True
        return self._feed(text)

    def feed(self, text: bytes) -> int:
        """The next bytes; how many of them are the document's own. Where it ends, none is on afterwards.

        The beginning of what may be an envelope is not taken: it has to come again with what follows.
        """
        used = 0
        for begin in self._envelopes(text):
            used += self._feed(text[used:begin])
            if self._stream and used == begin and not self._stream.awaits_element:
                self._tear(self._stream)
            if not self._stream:
                return used
        return used + self._feed(text[used : self._undecided(text)])

    def feed_last(self, text: bytes) -> None:
        """The same, where nothing follows."""
        self._feed(text)

    def _feed(self, text: bytes) -> int:
        used = self._stream.feed(text) if self._stream else 0
        self._begins_line = text.endswith(b"\n") if text else self._begins_line
        if used is None:
            return len(text)
        self._stream = None
        return used

    def _envelopes(self, text: bytes) -> Iterator[int]:
        """Where lines begin with an envelope."""
        if self._begins_line and ENVELOPE.match(text):
            yield 0
        for end in _ENVELOPE_LINE.finditer(text):
            yield end.end()

    def _undecided(self, text: bytes) -> int:
        """Where the last line begins, if it may become an envelope; else the end."""
        begin = text.rfind(b"\n") + 1
        last = text[begin:] if begin or self._begins_line else b""
        may_be = last and any(envelope.startswith(last) for envelope in _ENVELOPES)
        return begin if may_be else len(text)

    def _tear(self, stream: Stream) -> None:
        """Another record begins before the end of this one: takes what is complete."""
        self._stream = None
        if not stream.finish():
            self._rejected.append(Problem(stream.offset, UNFINISHED, stream.length))

    @property
    def is_behind(self) -> bool:
        """Whether there is something in it that was not shown yet."""
        return self._stream is not None and self._stream.is_behind

    def settle(self) -> None:
        """No more bytes for now: shows what there is."""
        if self._stream:
            self._stream.settle()

    def finish(self) -> tuple[int, int] | None:
        """No more bytes ever; returns its place and length, if anything of it is lost."""
        stream, self._stream = self._stream, None
        return (stream.offset, stream.length) if stream and not stream.finish() else None

    def salvage(self, text: bytes, offset: int, *, counted: bool = False) -> bool:
        """Take the complete elements of a document without an end, `counted` as lost; returns whether that is
        all.
        """
        if not is_streamable(text, 0, len(text)):
            return False
        stream = self._make(offset)
        stream.is_counted = counted
        stream.feed(text)
        return stream.finish()
