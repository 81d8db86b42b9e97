"""Scans to their end."""

from tracetui.ingest import Ingest
from tracetui.model.span import Span
from tracetui.scan.attributes import AttributeScan
from tracetui.scan.scan import Scan
from tracetui.store.snapshot import Snapshot


def spans(ingest: Ingest, snapshot: Snapshot) -> list[Span]:
    """Every span, decoded."""
    return [ingest.span(snapshot, row) for row in range(min(len(snapshot), 200))]


def done(scan: Scan, snapshot: Snapshot, budget_s: float = 1.0) -> Scan:
    """The scan, at its end."""
    scan.update(snapshot)
    while scan.step(budget_s):
        pass
    assert scan.done_bytes == scan.total_bytes
    return scan


def told(ingest: Ingest, snapshot: Snapshot, key: str) -> list[str | None]:
    """What a scan says of a key, row by row."""
    scan = AttributeScan(ingest.read_at, key)
    done(scan, snapshot)
    column = scan.column
    return [column.values[number] if number >= 0 else None for number in column.ids.tolist()]
