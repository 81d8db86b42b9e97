"""Which parts of a large document are read one by one, and whether a document has any such part."""

import re
from functools import lru_cache

import numpy as np

from tracetui.formats.streaming.brackets import Brackets
from tracetui.formats.streaming.elements import Elements

_WRAPPER = r"(?:\.(?:data|trace|result|traces|hits))"
_WRAPPERS = rf"{_WRAPPER}*"
_IN_LIST = r"(?:\[\])?"
_GROUPS = "resourceSpans|resource_spans|batches"
_LISTS = f"traceEvents|{_GROUPS}|spans"
SCOPES = {
    "scopeSpans": "scope",
    "scope_spans": "scope",
    "instrumentationLibrarySpans": "instrumentationLibrary",
    "ilSpans": "il",
}
"""Lists of what the scopes of a group wrote, and how a scope is called in each."""

_SCOPES = "|".join(SCOPES)
_GROUP = rf"{_IN_LIST}{_WRAPPERS}(?:\.data\[\])?\.(?:{_GROUPS})\[\]"
_ENTERED = re.compile(
    rf"{_WRAPPERS}[\[{{]|\[\]{_WRAPPER}+[\[{{]|{_IN_LIST}\.data\[\]\{{"
    rf"|{_IN_LIST}{_WRAPPERS}(?:\.data\[\])?\.(?:{_LISTS})\[|\[\]\.(?:{_SCOPES})\["
)
_IF_LARGE = re.compile(
    rf"{_GROUP}\{{|(?:{_GROUP}|{_IN_LIST})\.(?:{_SCOPES})(?:\[|\[\]\{{|\[\]\.spans\[)|{_WRAPPERS}\[\]\["
)
_HEAD = re.compile(rb"\s*+(?:\[\s*+[\[{]|\{)")
_EVENT = re.compile(rb'"ph"\s*+:')
_TELLING = 1 << 16
_LIST = re.compile(rf'"(?:{_LISTS}|data|traces|hits)"\s*+:\s*+\['.encode())


class Paths:
    """The paths that match `pattern`."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._matches = lru_cache(maxsize=1024)(pattern.fullmatch)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._matches(path) is not None


ENTERED, IF_LARGE = Paths(_ENTERED), Paths(_IF_LARGE)
"""What is read one by one: lists of events, spans and groups in their wrappers; if large, spans in
groups, and lists in lists.
"""
IF_TORN = frozenset(("[]{",))
"""What is read one by one if its end never comes: a document in a list of documents."""


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
    walk = Elements(probe, ENTERED, 0)
    for at in range(begin, end, _TELLING):
        ended = walk.feed(text[at : min(end, at + _TELLING)]) is not None
        if probe.found or walk.is_in_list or ended:
            break
    return probe.found or walk.is_in_list


def has_events(text: bytes) -> bool:
    """Whether a document that has no end holds trace events, as far as its beginning tells."""
    return _EVENT.search(text, 0, _TELLING) is not None and is_streamable(text, 0, len(text))


def document_end(text: bytes) -> int | None:
    """Where the document that `text` begins with ends; None where it does not."""
    places, levels = Brackets().scan(text)
    over = np.flatnonzero(levels <= 0)
    return int(places[over[0]]) + 1 if len(over) else None
