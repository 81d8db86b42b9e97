"""Lines that are no records: a loss if they may have been records of spans, else a log's.

Programs write spans among other output. What is plainly such output is counted in one note; whatever
resembles a span, is torn or is no text counts as a lost record.
"""

import re

from tracetui.formats.streaming.torn import is_json
from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind

_OF_SPANS = re.compile(
    rb'"(?:resource_?[Ss]pans|scope_?[Ss]pans|traceEvents|batches|(?:start|end)TimeUnixNano|operationName'
    rb'|SpanContext|parent_?[Ss]pan_?I?[Dd]|stringValue|key)"\s*+:'
)
_ID = re.compile(rb'"[Ss]pan_?(?:I[Dd]|id)"\s*+:')
_TIME = re.compile(rb'"(?:[Ss]tart(?:_?[Tt]ime)?|[Dd]uration)"\s*+:')
_OBJECT = re.compile(rb'\s*+(?:\[\s*+)?\{\s*+"')
_NOTE = "no record of spans"
_NO_CONTROLS = bytes({*range(0x20, 0x100), *b"\0\t\n\r\f\b\x1b"})


class LeftOut:
    """What is left out of one source: `rejected`, and how many `others` there were since the last time."""

    def __init__(self, rejected: Problems) -> None:
        self.rejected = rejected
        self._first: Problem | None = None
        self._number = 0

    def add(self, offset: int, text: bytes, reason: str) -> None:
        """Bytes at `offset` that are no record, and why."""
        problem = Problem(offset, reason, len(text))
        if may_be_of_spans(text):
            self.rejected.append(problem)
        else:
            self._first = self._first or problem
            self._number += 1

    def others(self) -> Problems:
        """One note about all lines of a log since the last time; nothing where there were none."""
        problems = Problems()
        if self._first:
            problems.append(self._first._replace(reason=_NOTE, kind=Kind.OTHER_LINES, number=self._number))
        self._first, self._number = None, 0
        return problems


def may_be_of_spans(text: bytes) -> bool:
    """Whether bytes that are no record may have been one of spans: by its keys, by how it is torn."""
    if text.translate(None, _NO_CONTROLS) or _OF_SPANS.search(text):
        return True
    if _ID.search(text) and _TIME.search(text):
        return True
    if _OBJECT.match(text):
        return not is_json(text)
    closed = text.count(b"}") + text.count(b"]") - text.count(b"{") - text.count(b"[")
    return closed > 0 and text.rstrip().endswith((b"}", b"]"))
