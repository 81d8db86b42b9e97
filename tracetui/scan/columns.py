"""The attribute columns that filters need: each key is searched once, then only in what is new."""

from collections.abc import Callable, Iterable

from tracetui.analysis.query.filters.attributes import AttributeColumn
from tracetui.scan.attributes import AttributeScan
from tracetui.scan.chunks import ReadAt
from tracetui.scan.scan import Scan
from tracetui.store.snapshot import Snapshot

MOST_KEYS = 16
"""So many columns are kept; the one that was asked for longest ago goes first."""

Progress = Callable[[int, int], bool]
"""Told how many bytes of how many were looked at; whether to go on."""


class AttributeColumns:
    """Belongs to one thread at a time."""

    def __init__(self, read_at: ReadAt) -> None:
        self._read_at = read_at
        self._scans: dict[str, AttributeScan] = {}

    def of(
        self, snapshot: Snapshot, keys: Iterable[str], progress: Progress
    ) -> dict[str, AttributeColumn] | None:
        """The columns of `keys` over a snapshot; None if `progress` cancels it."""
        columns: dict[str, AttributeColumn] = {}
        for key in sorted(keys):
            scan = self._scans.pop(key, None) or AttributeScan(self._read_at, key)
            self._scans[key] = scan
            if len(self._scans) > MOST_KEYS:
                del self._scans[next(iter(self._scans))]
            if not finish(scan, snapshot, progress):
                return None
            columns[key] = scan.column
        return columns


def finish(scan: Scan, snapshot: Snapshot, progress: Progress) -> bool:
    """Bring a scan up to a snapshot; False if `progress` cancels it."""
    scan.update(snapshot)
    while scan.step():
        if not progress(scan.done_bytes, scan.total_bytes):
            return False
    return True
