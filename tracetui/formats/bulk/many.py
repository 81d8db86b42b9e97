"""Decodes the spans of one text in bulk: shapes are learned as they appear."""

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.draft import Draft
from tracetui.formats.bulk.facts import Judge
from tracetui.formats.bulk.gather import MOST_SLICE, Places
from tracetui.formats.bulk.match import Spans, match
from tracetui.formats.bulk.shape import MOST_LITERAL, Shape, learn
from tracetui.formats.columns import scope_name
from tracetui.model.columns import SpanColumns
from tracetui.model.interned import Interned

LEAST = 32
"""Fewer spans are decoded faster one by one."""

PADDING = b" " * (MOST_LITERAL + MOST_SLICE)
"""What has to follow a text: places near its end are looked at in windows of one width."""

_MOST_AT_ONCE = 4096
_MOST_SCOPES = 32
_MOST_SHAPES = 64
_MOST_LESSONS = 256
_MOST_TEXTS = 100_000
"""Of so many names, titles, lanes and traces everything is forgotten: what comes next is learned again."""
_BRACE = ord("{")


class Many:
    """The shapes of one source."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        """Whoever got columns keeps the texts that these are of."""
        self._shapes: list[tuple[Shape, dict[str, Judge]]] = []
        self._lessons = 0
        self._texts: Interned[str] = Interned()
        self._traces: Interned[str] = Interned()

    def add(
        self, text: bytes, begin: Places, end: Places, resource: bytes, scope: bytes, offset: Places
    ) -> tuple[list[SpanColumns], NDArray[np.intp]]:
        """Take spans at `begin` to `end` of `text`, which ends in `PADDING`, and at `offset` of the source.

        Returns columns, and which were left out. The text must be JSON, and each span one value of it.
        """
        if max(len(self._texts.values), len(self._traces.values)) > _MOST_TEXTS:
            self._forget()
        taken: list[SpanColumns] = []
        left: list[NDArray[np.intp]] = []
        for at in range(0, len(begin), _MOST_AT_ONCE):
            some = slice(at, at + _MOST_AT_ONCE)
            spans = _spans(text, begin[some], end[some])
            draft = Draft(spans, self._texts, self._traces)
            self._fill(draft, spans, scope_name(scope))
            taken += draft.columns(resource, scope, offset[some])
            left.append(at + np.flatnonzero(~draft.done))
        return taken, np.concatenate(left)

    def _fill(self, draft: Draft, spans: Spans, scope: str) -> None:
        for shape, judges in self._shapes:
            if not len(spans):
                return
            matched = match(shape, spans)
            if matched:
                draft.add(matched, self._judge(judges, scope))
                spans = _without(spans, matched.spans)
        self._learn(draft, spans, scope)

    def _learn(self, draft: Draft, spans: Spans, scope: str) -> None:
        """Learn from spans without a known shape, as long as others resemble them."""
        while len(spans) >= LEAST // 4 and self._lessons < _MOST_LESSONS and len(self._shapes) < _MOST_SHAPES:
            self._lessons += 1
            common = np.bincount(spans.braces_count).argmax()
            teacher = int(np.flatnonzero(spans.braces_count == common)[0])
            shape = learn(spans.text[int(spans.begin[teacher]) : int(spans.end[teacher])])
            matched = match(shape, spans) if shape else None
            if shape and matched:
                self._shapes.append((shape, {}))
                draft.add(matched, self._judge(self._shapes[-1][1], scope))
                spans = _without(spans, matched.spans)
            else:
                spans = spans.those(spans.braces_count != common)

    def _judge(self, judges: dict[str, Judge], scope: str) -> Judge:
        if scope not in judges and len(judges) >= _MOST_SCOPES:
            judges.clear()
        return judges.setdefault(scope, Judge(scope, self._texts))


def _spans(text: bytes, begin: Places, end: Places) -> Spans:
    start = int(begin[0])
    braces = start + np.flatnonzero(np.frombuffer(text, np.uint8)[start : int(end[-1])] == _BRACE)
    first = np.searchsorted(braces, begin)
    count = np.searchsorted(braces, end) - first
    return Spans(text, braces, np.arange(len(begin)), begin, end, first, count)


def _without(spans: Spans, others: Spans) -> Spans:
    left = np.ones(int(spans.row[-1]) + 1, np.bool_)
    left[others.row] = False
    return spans.those(left[spans.row])
