"""The reading thread: sweeps, decodes and studies away from the screen, and hands over complete readings.

At most nine readings in four seconds, and never so many that reading and studying take more than a ninth of a
processor's time: the watched tests need it. While a large recording is read only the progress is handed over.
"""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tracetui.analysis.overview.baseline import Baseline
from tracetui.analysis.runs.runs import NEWEST
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.study.study import Study
from tracetui.errors import TracetuiError
from tracetui.ingest import Ingest
from tracetui.ingest.forecasts.quarter import Quarters
from tracetui.ingest.memory.allocator import give_back
from tracetui.sources.hints import Hint, hints
from tracetui.text import sanitize
from tracetui.ui.feed.clock import Clock, Shifted
from tracetui.ui.feed.reading import Reading

LEAST_PAUSE_S = 0.4
"""From the begin of one reading to that of the next."""
READ_EVERY_S = 0.5
"""In a longer pause what is written is read all the same, so that a file may go that its writer deletes."""
_PAUSES = 8
"""So many times as long as a study took, in time of the processor, there is none."""
_SWEEPS = 100
"""So many times as long as a look at all files took, in time of the processor, there is no other."""
_MOST_WHILE_BUSY = 500_000
"""Where so many spans are shown and there is more to read at once, no study comes before all is there.

What is shown, and what screens make of it, stays in memory while the next is made.
"""
_CATCHING_UP_S = 0.15
"""Once all was read, what has come since is handed over as one, unless reading it takes longer than this."""
_STALE_S = 10.0
"""A run under way is studied again after so long, though nothing but heartbeats has come."""
_TOLD_PAUSE_S = 1.0
"""How often it is told how far reading is, where nothing else is."""


Find = Callable[[Findings], Baseline | None]


class _Earlier:
    """Finds the runs before the shown one in a thread of its own: that may take long."""

    def __init__(self, find: Find | None, tell: Callable[[str], object]) -> None:
        self._find = find
        self._tell = tell
        self._run: int | None = None
        self._thread: threading.Thread | None = None
        self.baseline: Baseline | None = None

    def ask(self, findings: Findings) -> None:
        """Ask once for each run that is shown, as soon as it has tests."""
        runs = findings.runs
        if self._find is None or not len(runs) or not findings.summary.tests:
            return
        run = int(runs.key[runs.newest]) if findings.choice < 0 else findings.choice
        if run != self._run:
            self._run, self.baseline = run, None
            self._thread = threading.Thread(target=self._look, args=(findings, run), daemon=True)
            self._thread.start()

    def _look(self, findings: Findings, run: int) -> None:
        try:
            baseline = self._find(findings.chosen(run)) if self._find else None
        except TracetuiError as error:
            self._tell(sanitize(str(error)))
            return
        if run == self._run:
            self.baseline = baseline

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the answer; whether there is one."""
        while self._thread and self._thread.is_alive() and not stop.wait(READ_EVERY_S / 10):
            pass
        return self.baseline is not None and not stop.is_set()


class Feed:
    """Reads `ingest` until it ends, or while `follow` is watched; calls `publish` from its own thread.

    `choice` is the run that is studied (see `Findings`); any thread may set it.
    """

    def __init__(
        self,
        ingest: Ingest,
        follow: Path | None,
        clock: Clock,
        publish: Callable[[Reading], object],
        find: Find | None = None,
        tell: Callable[[str], object] = str,
    ) -> None:
        self._ingest = ingest
        self._clock = clock
        self._follow = follow
        self._followed = str(follow) if follow else ""
        self._publish = publish
        self._stop = threading.Event()
        self.choice = NEWEST
        self._quarters = Quarters(ingest.paths)
        self._earlier = _Earlier(find, tell)
        self._published: tuple[int, bool, Baseline | None] = (-1, False, None)
        self._last: Reading | None = None
        self._study = Study()
        self._not_before = self._no_sweep_before = 0.0
        self._took = 0.0
        self._begun = self._turn_begun = time.monotonic()

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stop.set()

    def run(self) -> None:
        """Read and publish; returns when there is nothing more to come."""
        self._begun = time.monotonic()
        for written in self._turns():
            self._read(written)
            if self._stop.is_set():
                return
            self._hand_over(busy=False)
            if self._follow and self._last is not None:
                self._quarters.note(self._last.findings)
            if self._last is not None:
                self._earlier.ask(self._last.findings)
            self._ingest.keep()  # Nobody waits for that.
            if not self._follow:
                give_back()
        if self._earlier.wait(self._stop):
            self._hand_over(busy=False)

    def _pause(self) -> None:
        """Wait until there may be another reading."""
        while (left_s := self._not_before - time.monotonic()) > READ_EVERY_S and not self._stop.is_set():
            self._stop.wait(READ_EVERY_S)
            self._read()
        self._stop.wait(max(0.0, left_s))

    def _read(self, written: Hint = None) -> None:
        """Read everything there is now; if that is much, some is handed over meanwhile.

        `written` are the files that have changed, where that is known.
        """
        begin = self._turn_begun = time.monotonic()
        self._sweep(written)
        while not self._stop.is_set() and self._ingest.step():
            if self._takes_long(begin) and time.monotonic() >= self._not_before and not self._ends_soon():
                self._hand_over(busy=True)

    def _sweep(self, written: Hint) -> None:
        """Look at what was `written`, and at everything if need be: of thousands of files not each time."""
        if written is not None and self._ingest.look(written):
            return
        if self._follow and time.monotonic() < self._no_sweep_before:
            return  # There will be other turns.
        worked = time.thread_time()
        self._ingest.sweep()
        self._no_sweep_before = time.monotonic() + _SWEEPS * (time.thread_time() - worked)

    def _takes_long(self, begin: float) -> bool:
        """Whether reading, which began at `begin`, is more than catching up with a live run."""
        caught_up = self._last is not None and not self._last.busy
        return not caught_up or time.monotonic() - begin > _CATCHING_UP_S

    def _turns(self) -> Iterator[Hint]:
        """Yields whenever it is time to read; hints come after a pause, and know what was written in it."""
        if self._follow:
            for written in hints(self._follow, self._stop, on_trouble=self._ingest.polls):
                yield written
                self._pause()
            return
        yield None
        while not (self._ingest.ended or self._stop.is_set()):
            self._pause()
            yield None
        yield None  # Once more, for only now is it known who wrote what.

    def _ends_soon(self) -> bool:
        """Whether everything is read before one more study would pay off."""
        read, total = self._ingest.table.health.bytes, self._ingest.total_bytes
        left_s = (total - read) / max(1.0, read) * (time.monotonic() - self._begun)
        return 0 <= left_s < 3 * self._took

    def _hand_over(self, *, busy: bool) -> None:
        revision = (self._ingest.table.revision, busy, self._earlier.baseline)
        if revision == self._published and not self._is_stale():
            return
        begin, worked = time.monotonic(), time.thread_time()
        shown = self._shown() if busy else None
        self._last = self._reading(shown or self._studied(), begin, busy=busy)
        self._publish(self._last)
        self._took = time.monotonic() - begin
        self._published = revision
        pause_s = _TOLD_PAUSE_S if shown else LEAST_PAUSE_S
        rest_s = _PAUSES * (time.thread_time() - worked)
        self._not_before = max(self._turn_begun + pause_s, time.monotonic() + rest_s)

    def _is_stale(self) -> bool:
        """Whether the last reading is old, and of a live run: it may have stalled since."""
        if self._last is None or not self._last.grows:
            return False
        return time.monotonic() - self._not_before > _STALE_S

    def _shown(self) -> Findings | None:
        """The last published findings, unless they must be computed again."""
        if self._last is None or len(self._last.findings.snapshot) < _MOST_WHILE_BUSY:
            return None
        findings = self._last.findings
        return findings if findings.choice == self.choice else self._worked_out(findings.chosen(self.choice))

    def _studied(self) -> Findings:
        now_ns = self._writers_clock().now_ns()
        self._study.baseline = self._earlier.baseline
        return self._worked_out(self._study(self._ingest.table.snapshot(), now_ns, self.choice))

    def _writers_clock(self) -> Clock:
        """The writers' clock, by which elapsed times are shown."""
        ahead_ns = self._ingest.ahead_ns
        return Shifted(self._clock, ahead_ns) if ahead_ns else self._clock

    @staticmethod
    def _worked_out(findings: Findings) -> Findings:
        findings.work_out()
        return findings

    def _reading(self, findings: Findings, at_s: float, *, busy: bool) -> Reading:
        read = self._ingest.table.health.bytes
        total = max(read, self._ingest.total_bytes)  # Which is known by the last look, and grows meanwhile.
        rate = read / max(0.1, at_s - self._begun)
        clock, newest = self._writers_clock(), partial(self._is_newest, findings.written.revision)
        return Reading(findings, read, total, busy, self._followed, clock, rate=rate, is_newest=newest)

    def _is_newest(self, revision: int) -> bool:
        return self._ingest.table.revision == revision
