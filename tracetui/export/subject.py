"""The subject of an export: rows of a revision, how to read a span in full, and what could not be carried."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.query.filters.lens import Lens
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.errors import InputError
from tracetui.model.role import Outcome, Role
from tracetui.model.span import Attributes, Span
from tracetui.store.snapshot import Snapshot

SpanOf = Callable[[Snapshot, int], Span]
"""The span of a row in full; raises `InputError` where its bytes are gone."""

AT_ONCE = 1000
"""So many spans are done between two words of how far it is."""


class Subject(Struct, frozen=True, eq=False):
    """The `rows` of some findings, ascending; `advance` is called with the number of finished spans.

    `findings` are those of the chosen run, or of all runs; `choice` is that choice (see `RunFacts`). `notes`
    fill while a format is written: what it could not carry, and how often.
    """

    findings: Findings
    rows: Rows
    span_of: SpanOf
    choice: int = ALL
    advance: Callable[[int], None] = lambda _: None
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def snapshot(self) -> Snapshot:
        """The spans as they are shown: corrected for clocks that were off."""
        return self.findings.snapshot

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """By row, whether it is exported."""
        marks = np.zeros(len(self.snapshot), np.bool_)
        marks[self.rows] = True
        return marks

    def counted(self, rows: Rows) -> Iterator[int]:
        """Yield `rows` one by one and report progress."""
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE].tolist()
            yield from some
            self.advance(len(some))

    def note_open(self) -> None:
        """Note the number of unfinished spans, for a format in which every span has an end."""
        still = int(np.count_nonzero(self.snapshot.end_ns[self.rows] == 0))
        self.note("span", "without an end: it ends at the last sign of life", still)

    def note_twins(self) -> None:
        """Note the number of spans that share their ids, for a format that identifies spans by id alone.

        Some tracers let client and server share one id, and old resmokes reused ids.
        """
        ids = np.stack([self.snapshot.trace_index.astype(np.uint64), self.snapshot.span_id], axis=1)[
            self.rows
        ]
        twins = len(ids) - len(np.unique(ids, axis=0)) if len(ids) else 0
        self.note("span", "with the ids of another: readers may take it for that", twins)

    def note(self, what: str, why: str, count: int) -> None:
        """Note that `count` of something could not be carried, or not unchanged."""
        if count:
            self.notes[what, why] += count

    def said(self) -> str:
        """What could not be carried, in one line; empty if everything was."""
        return "; ".join(f"{units.many(count, what)} {why}" for (what, why), count in self.notes.items())


def subject(findings: Findings, lens: Lens | None, span_of: SpanOf) -> Subject:
    """All of some findings; if a run was chosen only that; with a filter, what matches it in its trees.

    A match keeps everything below it and above it: a span without its tree is no trace. Raises `InputError`
    if nothing matches.
    """
    wanted = np.ones(len(findings.snapshot), np.bool_) if findings.shown is None else findings.shown
    if lens is not None:
        wanted = wanted & (lens.visible | (nearest(lens.matched, findings.tree.parent) >= 0))
    everything = findings if findings.choice >= 0 else findings.chosen(ALL)
    _ = everything.snapshot.span_id  # All at once: one by one they would take half of the time.
    rows = np.flatnonzero(wanted).astype(np.int32)
    if not len(rows):
        why = "no spans in it" if lens is None else "no span matches the filter"
        raise InputError(f"{why}: there is nothing to export")
    return Subject(everything, rows, span_of, findings.choice)


def outcome(snapshot: Snapshot, row: int) -> str:
    """The outcome of a span as a word; empty if unknown."""
    ended = Outcome(int(snapshot.outcome[row]))
    return "" if ended is Outcome.UNKNOWN else ended.label


def cut_off(snapshot: Snapshot, row: int, span: Span) -> Attributes:
    """Attributes that mark an unfinished test: given an end, it would seem to have passed."""
    is_test = snapshot.role[row] == Role.TEST
    if snapshot.end_ns[row] or not is_test or "pytest.outcome" in span.attributes:
        return {}
    return {"pytest.outcome": outcome(snapshot, row) or "cut_off"}
