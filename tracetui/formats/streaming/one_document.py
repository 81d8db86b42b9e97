"""The one document of a source that is read element by element, while it lasts."""

from collections.abc import Callable

from tracetui.formats.framing.parsing import Stream
from tracetui.formats.streaming.streamable import is_streamable

STREAM_BYTES = 4 * 1024 * 1024
"""A document that is not whole after so many bytes is read element by element."""

_AT_ONCE = 1024 * 1024
"""Brackets take some 80 bytes each while they are looked at, and there may be one in each byte."""


class OneDocument:
    """Feeds the current document to its stream, which `make` makes for an offset; there may be none."""

    def __init__(self, make: Callable[[int], Stream]) -> None:
        self._make = make
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
        return self.feed(text)

    def feed(self, text: bytes) -> int:
        """The next bytes; how many of them are the document's own. Where it ends, none is on afterwards."""
        for at in range(0, len(text), _AT_ONCE):
            used = self._stream.feed(text[at : at + _AT_ONCE]) if self._stream else 0
            if used is not None:
                self._stream = None
                return at + used
        return len(text)

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
