"""Spans as comma-separated values (RFC 4180), a row each: all from columns, no span is decoded.

Names are as they were written, whatever they begin with: in a spreadsheet, import them as text.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np

from tracetui.export.subject import AT_ONCE, Subject, outcome
from tracetui.export.tracks import lanes_of_all
from tracetui.model.role import Role

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
)
"""`end_ns` is empty while a span has not ended; `own_ns` is of a test without hooks, else its self time."""


def table(subject: Subject) -> Iterator[str]:
    """The lines, in display order, some hundred at a time."""
    subject.note("span", "without attributes, events and links", len(subject.rows))
    findings, snapshot, lanes = subject.findings, subject.snapshot, lanes_of_all(subject.findings)
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    rows = subject.rows[np.argsort(findings.tree.position[subject.rows], kind="stable")]
    for number, row in enumerate(subject.counted(rows)):
        lane = lanes.lanes[int(lanes.of[row])]
        parent = int(snapshot.parent_row[row])
        writer.writerow(
            (
                lanes.processes[lane.process],
                lane.name,
                int(findings.tree.depth[row]),
                Role(int(snapshot.role[row])).label,
                outcome(snapshot, row),
                findings.title(row),
                snapshot.name(row),
                snapshot.service(row),
                int(snapshot.start_ns[row]),
                int(snapshot.end_ns[row]) or "",
                int(findings.times.total[row]),
                int(findings.times.own[row]),
                snapshot.trace_id(row),
                snapshot.span_id_text(row),
                snapshot.span_id_text(parent) if parent >= 0 else "",
            )
        )
        if number % AT_ONCE == AT_ONCE - 1:
            yield lines.getvalue()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue()
