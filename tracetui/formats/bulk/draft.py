"""Columns of spans under way."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.facts import UNREADABLE, Judge
from tracetui.formats.bulk.gather import Mask, Places
from tracetui.formats.bulk.match import Match
from tracetui.formats.bulk.tail import statuses
from tracetui.model.columns import SpanColumns
from tracetui.model.interned import Interned
from tracetui.model.role import Outcome


class Draft:
    """Columns of one resource and scope; each row is filled at most once, and `done` says whether it was."""

    def __init__(self, rows: int, texts: Interned[str], traces: Interned[str]) -> None:
        self.done = np.zeros(rows, np.bool_)
        self._texts = texts
        self._traces = traces
        self._columns: dict[str, NDArray[Any]] = {}

    def add(self, found: Match, judge: Judge) -> None:
        """The spans of a match, but those that cannot be read in bulk."""
        status, readable = statuses(found.spans.text, found.tail)
        verdicts = judge.judge(found, status)
        readable &= verdicts != UNREADABLE
        told: dict[str, NDArray[Any]] = {
            "start_ns": found.start_ns.astype(np.int64),
            "end_ns": found.end_ns.astype(np.int64),
            "trace": self._trace(found),
            "span_id": found.span_id,
            "parent_id": found.parent_id,
            "status": status,
            **judge.verdicts.columns(verdicts),
        }
        told["outcome"][told["end_ns"] == 0] = Outcome.RUNNING
        self._fill(found.spans.row, readable, told)

    def columns(self, resource: bytes, scope: bytes, offset: Places, length: Places) -> list[SpanColumns]:
        """What was filled; nothing where that was nothing."""
        rows = np.flatnonzero(self.done)
        if not len(rows):
            return []
        return [
            SpanColumns(
                **{name: column[rows] for name, column in self._columns.items()},
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

    def _fill(self, rows: Places, chosen: Mask, told: dict[str, NDArray[Any]]) -> None:
        whole = bool(chosen.all())
        rows = rows if whole else rows[chosen]
        for name, values in told.items():
            if name not in self._columns:
                self._columns[name] = np.zeros(len(self.done), values.dtype)
            self._columns[name][rows] = values if whole else values[chosen]
        self.done[rows] = True

    def _trace(self, found: Match) -> NDArray[np.int32]:
        """Spans of one trace mostly stand together: one look per stretch of them."""
        changes = (found.trace[1:] != found.trace[:-1]).any(axis=1)
        begins = np.flatnonzero(np.concatenate([[True], changes]))
        texts = (found.trace[begin].tobytes().decode("ascii") for begin in begins)
        return np.repeat(self._traces.numbers(texts), np.diff(begins, append=len(found.trace)))
