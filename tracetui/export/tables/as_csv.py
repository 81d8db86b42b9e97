"""Spans as comma-separated values (RFC 4180), a row each: everything from columns, no span is decoded.

Names are as written, whatever they begin with: in a spreadsheet, import them as text. Only control
characters are spelled out (`#x1B`), as a terminal would obey them.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from tracetui.export.subject import AT_ONCE, Subject
from tracetui.export.tables.flat import Flat
from tracetui.text import comma_separated

COLUMNS = (
    "process",
    "lane",
    "depth",
    "role",
    "outcome",
    "title",
    "name",
    "service",
    "start_ns",
    "end_ns",
    "total_ns",
    "own_ns",
    "trace_id",
    "span_id",
    "parent_span_id",
    "test",
    "suite",
    "run",
    "attempt",
    "task",
    "revision",
    "branch",
)
"""`end_ns` is empty while a span has not ended; the rest of what is no id or time is told in `flat`."""


def table(subject: Subject) -> Iterator[str]:
    """The lines, in display order, some hundreds at a time."""
    subject.note("span", "without attributes, events and links", len(subject.rows))
    findings, snapshot, flat = subject.findings, subject.snapshot, Flat(subject.findings)
    lines: list[Iterable[object]] = [COLUMNS]
    rows = subject.rows[np.argsort(findings.tree.position[subject.rows], kind="stable")]
    for number, row in enumerate(subject.counted(rows)):
        parent = int(snapshot.parent_row[row])
        fields = {
            "name": snapshot.name(row),
            "service": snapshot.service(row),
            "start_ns": int(snapshot.start_ns[row]),
            "end_ns": int(snapshot.end_ns[row]) or "",
            "total_ns": int(findings.times.total[row]),
            "trace_id": snapshot.trace_id(row),
            "span_id": snapshot.span_id_text(row),
            "parent_span_id": snapshot.span_id_text(parent) if parent >= 0 else "",
        }
        told = flat.of(row) | fields
        lines.append([told.get(column, "") for column in COLUMNS])
        if number % AT_ONCE == AT_ONCE - 1:
            yield comma_separated(lines)
            lines.clear()
    yield comma_separated(lines)
