"""Finds a text in everything that spans say, as it is typed: names at once, the rest as it is scanned."""

import time
from collections.abc import Callable

from textual.dom import DOMNode

from tracetui.analysis.query.search import Finds, named
from tracetui.scan.chunks import ReadAt
from tracetui.scan.texts import TextScan
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading

LOOK_S = 0.25
"""How often what was found so far is shown."""


class Finder:
    """Belongs to the screen's thread; `show` gets what was found, None when searching has ended."""

    def __init__(self, node: DOMNode, read_at: ReadAt, show: Callable[[Finds | None], None]) -> None:
        self.needle = ""
        self._node = node
        self._read_at = read_at
        self._show = show
        self._newest: Reading | None = None
        self._scan: TextScan | None = None
        self._latest = LatestOnly(node, self._found, self._take)

    def see(self, reading: Reading) -> None:
        """Search a newer reading too."""
        self._newest = reading
        if self.needle:
            self._latest.ask((self.needle, reading), rested=True)

    def find(self, needle: str) -> None:
        """Search for another text; an empty one ends searching."""
        if needle == self.needle:
            return
        self.needle = needle
        if not needle:
            self._show(None)
        elif self._newest:
            self._latest.ask((needle, self._newest))

    def _found(self, question: tuple[str, Reading]) -> Finds | None:
        """All matches; None if another text is searched for by now."""
        needle, reading = question
        if needle != self.needle:
            return None
        rows = named(needle, reading.findings)
        visible = reading.visible
        scan = self._scan_for(needle)
        scan.update(reading.findings.snapshot)
        show_at = time.monotonic()
        while scan.step():
            if needle != self.needle:
                return None
            if time.monotonic() >= show_at:
                show_at = time.monotonic() + LOOK_S
                rows_found = rows if visible is None else rows & visible
                self._node.app.call_from_thread(
                    self._take, Finds(needle, rows_found, scan.done_bytes, scan.total_bytes)
                )
        rows = rows | scan.matched
        return Finds(needle, rows if visible is None else rows & visible)

    def _scan_for(self, needle: str) -> TextScan:
        if self._scan is None or self._scan.needle != needle:
            self._scan = TextScan(self._read_at, needle)
        return self._scan

    def _take(self, finds: Finds | None) -> None:
        if finds and finds.needle == self.needle:
            self._show(finds)
