"""Decoding why things failed: each span once, away from the screen's thread."""

from collections.abc import Callable, Iterator

from tracetui.analysis.causes import NEVER_ENDED, NO_EXCEPTION, Cause
from tracetui.analysis.exceptions import thrown
from tracetui.analysis.failures import evidence
from tracetui.analysis.findings import Findings
from tracetui.errors import InputError
from tracetui.model.role import Outcome
from tracetui.model.span import Span
from tracetui.store.snapshot import Snapshot

SpanOf = Callable[[Snapshot, int], Span]


class Causes:
    """Remembers what was decoded, as long as the spans that tell are the same."""

    def __init__(self, span_of: SpanOf) -> None:
        self._span_of = span_of
        self._known: dict[int, tuple[tuple[int, ...], Cause]] = {}

    def of(self, findings: Findings, row: int) -> Cause:
        """Why `row` failed."""
        rows = evidence(findings, row)
        snapshot = findings.snapshot
        key = tuple(int(value) for each in rows for value in (each, snapshot.offset[each]))
        known = self._known.get(row)
        if known and known[0] == key:
            return known[1]
        never_ended = snapshot.outcome[row] == Outcome.CUT_OFF
        said = NEVER_ENDED if never_ended else NO_EXCEPTION
        cause = Cause(row, tuple(thrown(self._spans(snapshot, rows))), said)
        self._known[row] = key, cause
        return cause

    def _spans(self, snapshot: Snapshot, rows: tuple[int, ...]) -> Iterator[Span]:
        for row in rows:
            try:
                yield self._span_of(snapshot, row)
            except InputError:
                continue  # The detail pane says so; others may still tell.
