"""A `watch` on a terminal: its screen as a person sees it, and what the process takes."""

import os
import re
import statistics
import time
from pathlib import Path

import pyte

from tests.ui.terminal import Terminal

SIZE = (150, 44)
TICKS = os.sysconf("SC_CLK_TCK")
_COUNTS = re.compile(r"([\d ]*\d) tests?\b.*?([\d ]*\d) spans")
_SPANS = re.compile(rb"((?:\d[\d ]*)?\d) spans")
_LEAST_COLUMNS = 80
"""A narrower header has no room for how many spans there are."""
_TAIL = 200
"""Bytes that are looked at once more with what comes next: a number may come in two pieces."""


class Watched:
    """Reads what a process writes on its terminal; `delays` are seconds from written to visible.

    As long as it is not `painted`, only counts are looked for: painting takes longer than a busy app writes.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.delays: list[float] = []
        self.painted = False
        self._tells = True
        self._tail = b""
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self._screen)
        self._process = Path("/proc", str(terminal.process.pid))
        self._written: list[tuple[int, float]] = []
        self._begun = time.monotonic(), self.processor_s

    def wrote(self, spans: int) -> None:
        """So many spans of the long run are written by now."""
        if self._tells and (not self._written or self._written[-1][0] != spans):
            self._written.append((spans, time.monotonic()))

    def look(self, seconds: float) -> None:
        """Reads for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if data := self.terminal.read(left):
                self._note(data)
                if self.painted:
                    self._stream.feed(data)

    def resize(self, columns: int, lines: int) -> None:
        """Another window."""
        self._tells = columns >= _LEAST_COLUMNS
        if not self._tells:
            self._written.clear()
        self._screen.resize(lines, columns)
        self.terminal.resize(columns, lines)

    @property
    def header(self) -> str:
        """The first line."""
        return self._screen.display[0]

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._screen.display)

    @property
    def counts(self) -> tuple[int, int] | None:
        """The tests and spans that the header tells of the long run; None where it tells of another."""
        found = _COUNTS.search(self.header)
        if not found or " long " not in self.header:
            return None
        tests, spans = (int(number.replace(" ", "")) for number in found.groups())
        return tests, spans

    def _note(self, data: bytes) -> None:
        text, now = self._tail + data, time.monotonic()
        self._tail = text[-_TAIL:]
        found = _SPANS.findall(text)
        shown = int(found[-1].replace(b" ", b"")) if found else 0
        if not shown or not self._written or shown > self._written[-1][0]:  # Of another run.
            return
        if 2 * shown < self._written[-1][0]:  # Another run is on the screen: nobody waits for this one.
            self._written.clear()
            return
        while self._written and self._written[0][0] <= shown:
            self.delays.append(now - self._written.pop(0)[1])

    @property
    def resident(self) -> int:
        """Bytes of memory (RSS)."""
        return int((self._process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def processor_s(self) -> float:
        """Seconds of processor time so far."""
        fields = (self._process / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def descriptors(self) -> list[str]:
        """What is open."""
        links = []
        for link in (self._process / "fd").iterdir():
            try:
                links.append(str(link.readlink()))
            except OSError:  # Closed meanwhile.
                continue
        return links

    @property
    def told(self) -> str:
        """What it took, in a line."""
        p50, p95 = statistics.median(self.delays), statistics.quantiles(self.delays, n=20)[-1]
        share = (self.processor_s - self._begun[1]) / (time.monotonic() - self._begun[0])
        return (
            f"{self.resident / 1e6:.0f} MB, {len(self.descriptors)} descriptors, {share:.1%} of a core, "
            f"written to visible {p50:.2f} s (p95 {p95:.2f})"
        )
