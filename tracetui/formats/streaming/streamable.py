"""Which parts of a large document are read one by one, and whether a document has any such part."""

import re
from functools import lru_cache

import numpy as np

from tracetui.formats.streaming.brackets import Brackets
from tracetui.formats.streaming.elements import Elements

_WRAPPERS = r"(?:\.(?:data|trace|result|traces|hits))*"
_LISTS = "traceEvents|resourceSpans|batches|spans"
_ENTERED = re.compile(rf"{_WRAPPERS}[\[{{]|\.data\[\]\{{|{_WRAPPERS}(?:\.data\[\])?\.(?:{_LISTS})\[")
_HEAD = re.compile(rb"\s*+(?:\[\s*+[\[{]|\{)")
_LIST = re.compile(rb'"(?:' + _LISTS.encode() + rb'|data|traces|hits)"\s*+:\s*+\[')


class Entered:
    """The paths that `Elements` enters: lists of events, spans and groups, and what wraps them."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and _is_entered(path)


@lru_cache(maxsize=1024)
def _is_entered(path: str) -> bool:
    return _ENTERED.fullmatch(path) is not None


ENTERED = Entered()


class _Probe:
    """A sink that only sees whether a list was entered."""

    def __init__(self) -> None:
        self.found = False

    def value(self, path: str, _raw: bytes, _offset: int) -> None:
        """An element of a list, or something else."""
        self.found = self.found or path.endswith("[]")

    def end(self, _path: str) -> None:
        """Nothing."""

    def garbage(self, _offset: int, _length: int, *, too_long: bool = False) -> None:
        """Nothing."""


def is_streamable(text: bytes, begin: int, end: int) -> bool:
    """Whether the document that starts at `begin` has elements to read one by one, as far as `end`."""
    head = _HEAD.match(text, begin, end)
    if not head or head[0].lstrip().startswith(b"["):
        return head is not None
    if not _LIST.search(text, begin, end):
        return False
    probe = _Probe()
    Elements(probe, ENTERED, 0).feed(text[begin:end])
    return probe.found


def document_end(text: bytes) -> int | None:
    """Where the document that `text` begins with ends; None where it does not."""
    places, levels = Brackets().scan(text)
    over = np.flatnonzero(levels <= 0)
    return int(places[over[0]]) + 1 if len(over) else None
