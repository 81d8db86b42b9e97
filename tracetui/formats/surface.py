"""What the bytes of a line tell before any JSON is parsed: padding, envelopes, and how deep brackets nest."""

import re
from itertools import accumulate
from typing import NamedTuple

from tracetui.formats.lines import Line

BLANK = b" \t\r\n\0"
ENVELOPE = re.compile(rb'\{"resource(?:Spans|Logs|Metrics)"')

_PADDING = re.compile(rb"(?:[ \t\r\n\0]|\xef\xbb\xbf)*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{[]}"))
_BARE_GROUP = re.compile(rb'\{"resource":')


def padded(line: Line, start: int) -> int:
    """Where the padding at `start` ends: white space, NULs of a power cut, byte order marks."""
    padding = _PADDING.match(line.text, start, line.end)
    return padding.end() if padding else start


def may_be_json(line: Line, start: int) -> bool:
    """Whether an object or a list may begin there."""
    return line.text.find(b"{", start, line.end) >= 0 or line.text.find(b"[", start, line.end) >= 0


def last_envelope(line: Line, start: int) -> int:
    """Where to go on in a line broken at `start`: at its last envelope, for a torn line swallows the next.

    Without one, at the first bare group behind what loggers write before JSON.
    """
    is_json = line.text[start : start + 1] in (b"{", b"[")
    found = None if is_json else _BARE_GROUP.search(line.text, start + 1, line.end)
    for envelope in ENVELOPE.finditer(line.text, start + 1, line.end):
        found = envelope
    return found.start() if found else line.end


class Depths(NamedTuple):
    """How many more brackets are open than before: where fewest are, and at the end."""

    lowest: int
    end: int


def depths(text: bytes) -> Depths:
    """The depths of one line of JSON; a string never crosses a line."""
    brackets = _STRING.sub(b"", text).translate(None, _NO_BRACKETS)
    found = list(accumulate(1 if bracket in b"{[" else -1 for bracket in brackets))
    return Depths(min(found, default=0), found[-1] if found else 0)
