"""What the bytes of a line show before any JSON is parsed: padding, envelopes, and how deep brackets nest."""

import re
from itertools import accumulate
from typing import NamedTuple

from tracetui.formats.framing.lines import Line

BLANK = b" \t\r\n\0"
ENVELOPE = re.compile(rb'\{"resource(?:Spans|Logs|Metrics)"')
WRAPPER = re.compile(
    rb'\{\s*+"(?:resource_?(?:[sS]pans|[lL]ogs)|batches|trace|result|traceEvents|data|hits)"\s*+:'
)
"""What begins so is a document around lists, and an element of none of them."""

_PADDING = re.compile(rb"(?:[ \t\r\n\0]|\xef\xbb\xbf)*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_WHOLE_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{[]}"))


def padded(line: Line, start: int) -> int:
    """Where the padding at `start` ends: white space, NULs of a power cut, byte order marks."""
    padding = _PADDING.match(line.text, start, line.end)
    return padding.end() if padding else start


def may_be_json(line: Line, start: int) -> bool:
    """Whether an object or a list may begin there."""
    return line.text.find(b"{", start, line.end) >= 0 or line.text.find(b"[", start, line.end) >= 0


def ends_in_text(line: bytes) -> bool:
    """Whether a line of JSON ends before a text in it does."""
    return _STRING.sub(b"", line.replace(b"\n", b"")) != _WHOLE_STRING.sub(b"", line.replace(b"\n", b""))


class Depths(NamedTuple):
    """How many more brackets are open than before: where fewest are, and at the end."""

    lowest: int
    end: int


def depths(text: bytes) -> Depths:
    """The depths of one line of JSON; a string never crosses a line."""
    brackets = _STRING.sub(b"", text).translate(None, _NO_BRACKETS)
    depth = list(accumulate(1 if bracket in b"{[" else -1 for bracket in brackets))
    return Depths(min(depth, default=0), depth[-1] if depth else 0)
