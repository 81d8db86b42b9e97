"""XML of strangers, element by element as it comes, each with its place in the bytes.

Nothing in it can make the reader grow or reach out: a document type declaration, with which entities come, is
refused, and so is nesting deeper than `DEEPEST` or a tag longer than `MOST_HELD`. What is broken is reported,
and reading goes on at the next element that may begin a test or a suite.
"""

import re
from collections.abc import Sequence
from typing import Protocol
from xml.parsers import expat

from tracetui.formats.results.legal_text import UTF_8, LegalText, encoding_of

DEEPEST = 100
MOST_HELD = 4 << 20
MOST_BREAKS = 1000
"""So often reading goes on behind something broken."""

_NEXT = re.compile(rb"<(?:\?xml\s|/?testsuites?[\s>/]|testcase[\s>/])")
_LONGEST_MARK = 13
_HEAD_BYTES = 1024
"""So many bytes are held until they tell the encoding."""
_BEGINS = (b"<?xml", b"<testsuites")
_JUNK = (
    expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT],
    expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI],
)
"""What follows a document: another one, or nothing that matters."""

Attributes = dict[str, str]


class Elements(Protocol):
    """Hears of elements; `at` is the offset of their first byte, or that of their end's."""

    def start(self, name: str, attributes: Attributes, at: int) -> None:
        """An element begins."""

    def end(self, name: str, at: int) -> None:
        """An element ends."""

    def text(self, at: int) -> None:
        """Text begins."""

    def broken(self, at: int, reason: str) -> Sequence[str]:
        """Reading goes on behind `at`; returns the names of the elements that are still open then."""

    def refused(self, at: int, reason: str) -> None:
        """Nothing is read from there on."""

    def over(self, at: int) -> None:
        """A document is over, complete or not."""


class RefusedError(ValueError):
    """What no result file needs, and what could harm the reader."""


class XmlStream:
    """One source, fed in pieces; its `encoding` is known from the first piece on.

    What came since the last element or text is kept, to be read again if it turns out to be broken.
    """

    def __init__(self, sink: Elements) -> None:
        self._sink = sink
        self.encoding = UTF_8
        self._legal: LegalText | None = None
        self._parser: expat.XMLParserType | None = None
        self._open: Sequence[str] = ()
        self._head = b""
        self._held = b""
        self._recent = b""
        self._received = 0
        self._base = 0
        self._seen = 0
        self._muted = 0
        self._depth = 0
        self._breaks = 0
        self._is_over = False

    @property
    def pending(self) -> int:
        """Bytes of an element that is not complete yet, or of what tells the encoding."""
        open_ = self._received - self._seen if self._depth and not self._is_over else 0
        return open_ + len(self._head)

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        """The next bytes."""
        if self._legal is None:
            self._head += data
            if len(self._head) < _HEAD_BYTES and not is_last:
                return
            data, self._head = self._head, b""
            self.encoding = encoding_of(data)
            self._legal = LegalText(self.encoding)
        more = self._legal.feed(data, is_last=is_last)
        text, begin = self._held + more, self._received - len(self._held)
        self._received += len(more)
        self._held = b""
        while text and not self._is_over:
            text, begin = self._take(text, begin)

    def finish(self) -> None:
        """No more bytes ever."""
        if self._is_over:
            return
        self.feed(b"", is_last=True)
        if self._depth:
            self._sink.broken(self._received, "XML without its end")
        self._sink.over(self._received)
        self._is_over, self._parser = True, None

    def _take(self, text: bytes, begin: int) -> tuple[bytes, int]:
        """Parse a piece at offset `begin`; returns what is left of it, and where that begins."""
        if self._parser is None:
            return self._resume(text, begin)
        since, end = begin - len(self._recent), begin + len(text)
        recent, self._recent = self._recent + text, b""
        try:
            self._parser.Parse(text)
        except RefusedError as error:
            return self._refuse(self._seen, str(error))
        except expat.ExpatError as error:
            at = min(max(self._parser.ErrorByteIndex + self._base, self._seen + 1), end)
            return self._break(recent[at - since :], at, error)
        self._recent = recent[self._seen - since :]
        if end - self._seen > MOST_HELD:
            return self._refuse(self._seen, f"a tag longer than {MOST_HELD} bytes")
        return b"", end

    def _refuse(self, at: int, reason: str) -> tuple[bytes, int]:
        self._is_over, self._parser = True, None
        self._sink.refused(at, reason)
        return b"", at

    def _break(self, left: bytes, at: int, error: expat.ExpatError) -> tuple[bytes, int]:
        """Let go of a document that is broken at `at`: of the bytes from there on, some may be read."""
        self._parser = None
        self._breaks += 1
        if self._depth or error.code not in _JUNK:
            self._open = self._sink.broken(at, expat.ErrorString(error.code))
        self._depth = 0
        if self._breaks > MOST_BREAKS:
            return self._refuse(at, "too much of it is broken")
        return left, at

    def _resume(self, text: bytes, begin: int) -> tuple[bytes, int]:
        """Begin at the start, or behind something broken at the next element that may be read."""
        if not self._breaks:
            padding = text.find(b"<")
            if padding < 0:
                return b"", begin
            self._begin(begin + padding)
            return text[padding:], begin + padding
        found = _NEXT.search(text)
        if found is None:
            self._held = text[-_LONGEST_MARK:]
            return b"", begin
        if found[0].startswith(_BEGINS) or not self._open:
            self._sink.over(begin + found.start())
            self._open = ()
        self._begin(begin + found.start())
        return text[found.start() :], begin + found.start()

    def _begin(self, begin: int) -> None:
        """A parser for what begins there, inside of what is still open."""
        self._parser = parser = expat.ParserCreate(self.encoding)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = refuse_doctype
        before = "".join(f"<{name}>" for name in self._open).encode()
        self._base, self._seen = begin - len(before), begin
        self._depth, self._muted = 0, len(self._open)
        parser.Parse(before)

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RefusedError(f"elements nested deeper than {DEEPEST}")
        if self._muted:
            self._muted -= 1
            return
        self._sink.start(name.rpartition(":")[2], attributes, self._at())

    def _end(self, name: str) -> None:
        self._depth -= 1
        at = self._at()
        self._sink.end(name.rpartition(":")[2], at)
        if not self._depth:
            self._open = ()
            self._sink.over(at)

    def _text(self, _text: str) -> None:
        self._sink.text(self._at())

    def _at(self) -> int:
        assert self._parser is not None
        self._seen = self._base + self._parser.CurrentByteIndex
        return self._seen


def refuse_doctype(*_about: object) -> None:
    """Raises `RefusedError`: with a document type declaration come entities."""
    raise RefusedError("a document type declaration, which may define entities")
