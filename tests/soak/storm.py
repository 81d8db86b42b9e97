"""What happens in a directory that is watched: one long run, and around it everything else."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.live_run import SPANS_A_TEST, LiveRun

HOUR_NS = 3_600_000_000_000
BEAT_S = 4.0
MOST_LATE_S = 5.0
OPEN = 9
"""A suite, four workers and their tests are under way."""


class Storm:
    """Writes `rate` spans a second into the long run as time goes by; all else comes in turn, one a second.

    `small` is a disk of a few megabytes, where there may be one.
    """

    def __init__(self, directory: Path, rate: float, small: Path | None) -> None:
        self.long = LiveRun(directory, "long")
        self._directory = directory
        self._small = LiveRun(small, "small") if small else None
        self._rate = rate
        self._begun = time.monotonic()
        self._done = 0
        self._next_beat = self._next_piece = 0.0
        self._pieces = self._all_pieces()
        self._killed: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._others = 0

    @property
    def tests(self) -> int:
        """Of the long run, ended and running."""
        return self.long.told // SPANS_A_TEST + 4

    @property
    def spans(self) -> int:
        """Of the long run."""
        return self.long.told + OPEN

    @property
    def all_spans(self) -> int:
        """At least so many were written by all runs, and not rewritten; a process tells none of its own."""
        return self.spans + self._others + (self._small.told if self._small else 0)

    def step(self) -> None:
        """What is due now; of what a machine that slept has missed no more than is due in a few seconds."""
        gone = time.monotonic() - self._begun
        self._done = max(self._done, int((gone - MOST_LATE_S) * self._rate))
        while self._done < gone * self._rate:
            self.long.step(time.time_ns())
            self._done += SPANS_A_TEST
        if gone >= self._next_beat:
            self._next_beat = gone + BEAT_S
            self.long.beat()
        if gone >= self._next_piece:
            self._next_piece = gone + 1.0
            next(self._pieces)()

    def end(self) -> None:
        """Only the long run is left, and it is under way."""
        if self._killed:
            self._killed.kill()
            self._killed.wait()
        if self._small:
            self._small.close()

    def _all_pieces(self) -> Iterator[Callable[[], None]]:
        while True:
            yield self.long.rotate
            yield self._short
            yield self._rewritten
            yield self._crowd_small
            yield self._start_what_is_killed
            yield lambda: self._short(HOUR_NS)
            yield self._deleted_and_made_again
            yield lambda: self._short(-HOUR_NS)
            yield self._kill

    def _named(self, kind: str) -> str:
        self._number += 1
        return f"{kind}{self._number}"

    def _short(self, off_ns: int = 0) -> None:
        """A run of some tests that comes and goes, by a clock that may be off; then its files are deleted."""
        now = time.time_ns() + off_ns
        run = LiveRun(self._directory, self._named("short"), now - 10**9)
        for _ in range(10):
            run.step(now)
        run.close(now)
        self._others += run.told
        if self._number % 2:
            for path in run.paths:
                path.unlink()

    def _rewritten(self) -> None:
        """A file that is cut, and has other spans afterwards."""
        run = LiveRun(self._directory, "cut", time.time_ns(), self._named("cut"))
        for path in run.paths:
            os.truncate(path, 0)
        for _ in range(5):
            run.step(time.time_ns())
        run.close()

    def _deleted_and_made_again(self) -> None:
        """A directory that goes and comes."""
        below = self._directory / "below"
        shutil.rmtree(below, ignore_errors=True)
        run = LiveRun(below, self._named("below"))
        run.step(time.time_ns())
        run.close()
        self._others += run.told

    def _crowd_small(self) -> None:
        """A third of a megabyte on the small disk, which holds no more than two files of each worker."""
        if self._small:
            for _ in range(80):
                self._small.step(time.time_ns())
            self._small.rotate()
            self._small.beat()

    def _start_what_is_killed(self) -> None:
        command = (sys.executable, "-m", "tests.benchmarks.live_run", self._directory / "killed", "60")
        self._killed = subprocess.Popen([*map(str, command), "--rate", "20"])

    def _kill(self) -> None:
        if self._killed:
            self._killed.send_signal(signal.SIGKILL)
            self._killed.wait()
            self._killed = None
