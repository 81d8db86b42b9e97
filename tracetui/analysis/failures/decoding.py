"""Decodes why things failed: each span once, away from the screen's thread."""

from collections.abc import Callable, Iterator

from tracetui.analysis.failures.causes import NEVER_ENDED, NO_EXCEPTION, SUITE_FAILED, Cause, suite_reason
from tracetui.analysis.failures.exceptions import thrown
from tracetui.analysis.failures.failures import evidence
from tracetui.analysis.study.findings import Findings
from tracetui.errors import InputError
from tracetui.model.role import Outcome, Role
from tracetui.model.span import Span
from tracetui.store.snapshot import Snapshot

SpanOf = Callable[[Snapshot, int], Span]


class Causes:
    """Caches what was decoded, as long as the spans it came from are the same."""

    def __init__(self, span_of: SpanOf) -> None:
        self._span_of = span_of
        self._known: dict[int, tuple[tuple[int, ...], Cause]] = {}

    def of(self, findings: Findings, row: int) -> Cause:
        """Why `row` failed."""
        rows = evidence(findings, row)
        snapshot = findings.snapshot
        key = tuple(int(value) for inner in rows for value in (inner, snapshot.offset[inner]))
        known = self._known.get(row)
        if known and known[0] == key:
            return known[1]
        spans = list(self._spans(snapshot, rows))
        cause = Cause(row, tuple(thrown(spans)), _said(snapshot, row, spans))
        self._known[row] = key, cause
        return cause

    def _spans(self, snapshot: Snapshot, rows: tuple[int, ...]) -> Iterator[Span]:
        for row in rows:
            try:
                yield self._span_of(snapshot, row)
            except InputError:
                continue  # The detail pane says so; others may still tell.


def _said(snapshot: Snapshot, row: int, spans: list[Span]) -> str:
    """What to say of a row whose `spans`, its own last if it can be read, have no exception."""
    if snapshot.outcome[row] == Outcome.CUT_OFF:
        return NEVER_ENDED
    if snapshot.role[row] == Role.SUITE:
        own = next((span for span in spans if span.span_id == snapshot.span_id_text(row)), None)
        return suite_reason(own) if own else SUITE_FAILED
    return NO_EXCEPTION
