"""Spans related to a span: the same test again, what a link points to, what a whole run shares."""

from collections.abc import Iterable, Mapping

import numpy as np

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows
from tracetui.model.span import Span, value_text
from tracetui.store.snapshot import Snapshot


def occurrences(findings: Findings, row: int) -> Rows:
    """The rows of the same test (or of the same role and title), by start, including itself."""
    snapshot = findings.snapshot
    alike = (snapshot.title_id == snapshot.title_id[row]) & (snapshot.role == snapshot.role[row])
    rows = np.flatnonzero(alike).astype(np.int32)
    return rows[np.argsort(snapshot.start_ns[rows], kind="stable")]


def row_of(snapshot: Snapshot, trace_id: str, span_id: str) -> int:
    """The row of a span with these ids as text; -1 if it is not in the recording."""
    try:
        number = int(span_id, 16)
    except ValueError:
        number = next((key for key, text in snapshot.opaque_ids.items() if text == span_id), -1)
    if not 0 <= number < 1 << 64:
        return -1
    rows = np.flatnonzero(snapshot.span_id == np.uint64(number)).tolist()
    return next((row for row in rows if snapshot.trace_id(row) == trace_id), -1)


def shared(spans: Iterable[Span]) -> Mapping[str, str]:
    """The attributes that all of `spans` have with the same value, as text; none for fewer than three
    spans.
    """
    several = list(spans)
    if len(several) < 3:
        return {}
    first, *others = ({key: value_text(value) for key, value in span.attributes.items()} for span in several)
    return {key: text for key, text in first.items() if all(other.get(key) == text for other in others)}
