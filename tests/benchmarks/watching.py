"""What one more reading of a run under way costs: `python -m tests.benchmarks.watching [SPANS ...]`.

A run of so many spans (10,000, 100,000 and 1,000,000 unless told) grows by 60 at a time, what 150 spans a
second bring in 0.4 s. Told is the median processor time, in ms, of reading them and of studying with them all
there is, as `watch` does; and of the same study made anew, which is what each reading cost before 2026-11-29.
`--parts` tells what each part of a study took.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.live_run import SPANS_A_TEST, LiveRun, fill
from tracetui.analysis.study.findings import PARTS, Findings, study
from tracetui.analysis.study.study import Study
from tracetui.ingest import Ingest

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 9
SPANS = 60
RATE = 150


class Meter:
    """Processor times by name, in ms."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Takes the time of what is done inside."""
        begin = time.process_time()
        yield
        self.times.setdefault(name, []).append(1000 * (time.process_time() - begin))

    def median(self, name: str) -> float:
        """Of all times of one name."""
        return statistics.median(self.times[name])


def main() -> None:
    """Measure, and print a table."""
    sizes = [int(word) for word in sys.argv[1:] if word.isdecimal()] or SIZES
    sys.stdout.write("| spans | reading | study | study made anew | anew / grown |\n|--:|--:|--:|--:|--:|\n")
    for size in sizes:
        meter = measured(size)
        grown, anew = meter.median("study"), meter.median("anew")
        told = f"{meter.median('read'):.1f} | {grown:.1f} | {anew:.1f} | {anew / grown:.1f}"
        sys.stdout.write(f"| {size:,} | {told} |\n")
        if "--parts" in sys.argv:
            for name in ("snapshot", "findings", *PARTS):
                sys.stdout.write(f"{name:>12} {meter.median(name):8.2f} ms\n")
        sys.stdout.flush()


def measured(size: int) -> Meter:
    """What readings cost after so many spans."""
    with tempfile.TemporaryDirectory() as directory:
        now = time.time_ns()
        run = LiveRun(Path(directory), start_ns=now - size * 1_000_000_000 // RATE)
        fill(run, size, now - size * 1_000_000_000 // RATE, now)
        ingest, meter, grow = Ingest([directory], follow=True), Meter(), Study()
        try:
            _read(ingest)
            _understood(grow(ingest.table.snapshot(), time.time_ns()), Meter())
            for _ in range(ROUNDS):
                _round(run, ingest, grow, meter)
        finally:
            ingest.close()
            run.close()
        return meter


def _round(run: LiveRun, ingest: Ingest, grow: Study, meter: Meter) -> None:
    for _ in range(SPANS // SPANS_A_TEST):
        run.step(time.time_ns())
    with meter("read"):
        _read(ingest)
    now_ns = time.time_ns()
    with meter("study"):
        with meter("snapshot"):
            snapshot = ingest.table.snapshot()
        with meter("findings"):
            findings = grow(snapshot, now_ns)
        _understood(findings, meter)
    with meter("anew"):
        _understood(study(snapshot, now_ns), Meter())


def _read(ingest: Ingest) -> None:
    ingest.sweep()
    while ingest.step():
        pass


def _understood(findings: Findings, meter: Meter) -> None:
    for name in PARTS:
        with meter(name):
            getattr(findings, name)


if __name__ == "__main__":
    main()
