"""Scans blocks before they are read, in other threads: the kernel needs nothing of the interpreter meanwhile.

What comes of a block depends on those before it only in how its lines are taken, and that is decided when it
is fed: the result is the same as with one thread.
"""

from collections import deque
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tracetui.formats.framing.lines import Line
from tracetui.formats.scanned.known import Counted, Counter
from tracetui.kernel.scan import Scan

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class _Ahead(NamedTuple):
    """A block, and the whole lines in it that are being scanned."""

    text: bytes
    begin: int
    end: int
    counter: Counter
    scan: "Future[Scan | None]"


class Lookahead:
    """The blocks of one source that come next, at most `jobs` of them; a scanner for each, in turns."""

    def __init__(self, make: Callable[[], Counter], jobs: int) -> None:
        self._make = make
        self._jobs = jobs
        self._counters: list[Counter] = []
        self._begun = 0
        self._ahead: deque[_Ahead] = deque()
        self._ends_line = True

    def begin(self, text: bytes) -> None:
        """Begin to scan the block that comes after those begun before."""
        begin = 0 if self._ends_line else text.find(b"\n") + 1
        end = text.rfind(b"\n") + 1
        self._ends_line = end == len(text)
        counter = self._next()
        scan = _threads(self._jobs).submit(counter.scanner.scan, text, begin, max(begin, end))
        self._ahead.append(_Ahead(text, begin, end, counter, scan))

    def take(self, lines: Line) -> Counted | None:
        """The scan of lines of the block that is being fed; None unless it is of just these."""
        ahead = self._ahead[0] if self._ahead else None
        if not ahead or ahead.text is not lines.text or (ahead.begin, ahead.end) != (lines.begin, lines.end):
            return None
        return self._first()

    def end(self, text: bytes) -> None:
        """Note that all of a block was fed."""
        if self._ahead and self._ahead[0].text is text:
            self._first()
        if not self._ahead:
            self._ends_line = text.endswith(b"\n")

    def _first(self) -> Counted | None:
        """Every scan is taken, so that its scanner's numbers are known."""
        ahead = self._ahead.popleft()
        return ahead.counter.counted(ahead.scan.result())

    def _next(self) -> Counter:
        """The scanner whose last block was taken: no more blocks are begun than there are scanners."""
        self._begun += 1
        if len(self._counters) < self._jobs:
            self._counters.append(self._make())
        return self._counters[(self._begun - 1) % self._jobs]


@cache
def _threads(jobs: int) -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(jobs, "tracetui-scan")
