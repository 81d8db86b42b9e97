"""Columns of spans while they are being decoded."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.facts import UNREADABLE, Judge
from tracetui.formats.bulk.fields import NOWHERE, fields
from tracetui.formats.bulk.gather import Places
from tracetui.formats.bulk.integers import cpu, place
from tracetui.formats.bulk.match import Match, Spans
from tracetui.formats.bulk.shape import SIZES
from tracetui.formats.bulk.tail import statuses
from tracetui.model.columns import SpanColumns
from tracetui.model.interned import Interned
from tracetui.model.role import Outcome


class Draft:
    """Spans of one resource and scope on their way to columns: `done` says of each whether it is in them."""

    def __init__(self, spans: Spans, texts: Interned[str], traces: Interned[str]) -> None:
        self.done = np.zeros(len(spans), np.bool_)
        self._spans = spans
        self._texts = texts
        self._traces = traces
        self._found: list[tuple[Match, Judge]] = []

    def add(self, match: Match, judge: Judge) -> None:
        """Add spans that have a shape: no span twice."""
        self._found.append((match, judge))

    def columns(self, resource: bytes, scope: bytes, offset: Places) -> list[SpanColumns]:
        """The added spans that can be decoded in bulk; empty if there are none."""
        if not self._found:
            return []
        columns, place = self._told()
        rows = np.flatnonzero(self.done)
        if not len(rows):
            return []
        places = place[rows]
        length = self._spans.end - self._spans.begin
        return [
            SpanColumns(
                **{name: column[places] for name, column in columns.items()},
                resource=np.zeros(len(rows), np.int32),
                scope=np.ones(len(rows), np.int32),
                offset=offset[rows],
                length=length[rows].astype(np.int32),
                traces=self._traces,
                texts=self._texts,
                blobs=(resource, scope),
                opaque={},
            )
        ]

    def _told(self) -> tuple[dict[str, NDArray[Any]], NDArray[np.intp]]:
        """All columns, by span of the matches, and the place of each span in them; sets which are `done`."""
        text, rows = self._spans.text, np.concatenate([match.spans.row for match, _ in self._found])
        columns, readable = fields(text, self._places(), self._traces)
        begin, length = (np.concatenate([match.tail[part] for match, _ in self._found]) for part in (0, 1))
        columns["status"], plain = statuses(text, begin, length)
        columns["cpu"] = np.concatenate([cpu(match) for match, _ in self._found])
        columns["place"] = np.concatenate([place(match) for match, _ in self._found])
        readable &= plain
        judged = self._judged(columns["status"])
        readable &= judged.pop("readable")
        columns |= judged
        columns["outcome"][columns["end_ns"] == 0] = Outcome.RUNNING
        self.done[rows[readable]] = True
        places = np.zeros(len(self.done), np.intp)
        places[rows] = np.arange(len(rows))
        return columns, places

    def _places(self) -> dict[str, Places]:
        """The places of ids and times, by span of the matches."""
        return {
            name: np.concatenate(
                [match.fields.get(name, np.full(len(match.spans), NOWHERE)) for match, _ in self._found]
            )
            for name in SIZES
        }

    def _judged(self, status: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """The facts about the spans of the matches, and for which spans they are known."""
        parts, at = [], 0
        for match, judge in self._found:
            numbers = judge.judge(match, status[at : at + len(match.spans)])
            parts.append(judge.verdicts.columns(numbers) | {"readable": numbers != UNREADABLE})
            at += len(match.spans)
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
