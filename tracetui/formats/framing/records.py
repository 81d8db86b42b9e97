"""Takes records, each from where it begins in a text, and finds the next one after a broken one."""

import re
from contextlib import suppress

from tracetui.errors import DecodeError
from tracetui.formats.framing.lines import Line
from tracetui.formats.framing.parsing import IncompleteError, Parse, TrailingError
from tracetui.formats.framing.surface import ENVELOPE
from tracetui.formats.streaming import one_document
from tracetui.formats.streaming.one_document import OneDocument
from tracetui.formats.streaming.streamable import is_streamable
from tracetui.formats.streaming.torn import is_json

_FIRST_KEY = re.compile(rb'[\[{]\s*+"[^"\\\n]{1,40}+"\s*+:')
_BARE_GROUP = re.compile(rb'\{"resource":')

_MOST_RESTARTS = 16
"""Each is tried to the end of its line: so many may not make reading quadratic."""


class Records:
    """Gives documents to `parse`, and large ones to `stream`."""

    def __init__(self, parse: Parse, stream: OneDocument) -> None:
        self._parse = parse
        self._stream = stream

    def take(self, text: memoryview, offset: int, *, swells: bool = False) -> int:
        """Take the document that `text` begins with; returns its length. One that `swells` can be streamed.

        Raises `IncompleteError` if it goes on after `text`, `DecodeError` if it is none.
        """
        if swells:
            return self._stream.begin(bytes(text), offset)
        if len(text) <= one_document.STREAM_BYTES:
            return self._take(text, offset)
        with suppress(IncompleteError, DecodeError):
            return self._take(text[: one_document.STREAM_BYTES], offset)
        whole = bytes(text)
        if is_streamable(whole, 0, len(whole)):
            return self._stream.begin(whole, offset)
        return self._take(memoryview(whole), offset)

    def _take(self, text: memoryview, offset: int) -> int:
        try:
            self._parse(text, offset)
        except TrailingError as trailing:
            self._parse(text[: trailing.length], offset)
            return trailing.length
        return len(text)

    def take_next(self, line: Line, begin: int) -> tuple[int, int]:
        """Where a complete record begins after one that is broken at `begin`, and up to where it was taken.

        One whose rest may still come is not taken. The line's end if there is none.
        """
        view, last = memoryview(line.text)[: line.end], line.end
        for at in restarts(line, begin):
            try:
                return at, at + self.take(view[at:], line.offset + at)
            except IncompleteError:
                last = at if ENVELOPE.match(line.text, at) else line.end
            except DecodeError:
                last = line.end
        return last, last


def first_key(text: bytes, start: int = 0, end: int | None = None) -> bytes:
    """The beginning of the object at `start`, up to its first value; empty if there is none."""
    head = _FIRST_KEY.match(text, start, len(text) if end is None else end)
    return head[0] if head else b""


def restarts(line: Line, start: int) -> list[int]:
    """Where a record may begin again in a line broken at `start`: at envelopes, and at similar beginnings.

    Also after loggers' prefixes before JSON, and at bare groups. Of very many places the first ones and the
    last.
    """
    text, end = line.text, line.end
    patterns = [ENVELOPE]
    begins: list[re.Match[bytes] | None] = []
    head = first_key(text, start, end)
    if text[start : start + 1] not in (b"{", b"["):
        patterns.append(_BARE_GROUP)
    elif not head:  # Torn in its first key.
        begins.append(_FIRST_KEY.search(text, start + 1, end))
    elif not is_json(text[start:end]):
        patterns.append(re.compile(re.escape(head)))
    for pattern in patterns:
        begins += pattern.finditer(text, start + 1, end)
    places = sorted({match.start() for match in begins if match})
    return places if len(places) <= _MOST_RESTARTS else [*places[: _MOST_RESTARTS - 1], places[-1]]
