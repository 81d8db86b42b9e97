"""What `tracetui watch` takes, mode by mode: `python -m tests.benchmarks.viewing [--before SPANS]`.

A run under way writes `--rate` spans a second, after those that have ended before; the viewer is on a screen
of 150 by 44, and shows each mode for `--seconds`. Told are its share of a core, by the scheduler's account
(`/proc/PID/schedstat`), and that of the thread of its screen, the seconds from written to visible, and its
memory by then; at last what it takes at rest, once the run is over.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.live_run import LiveRun, fill, pace
from tests.soak.storm import OPEN
from tests.soak.watched import SIZE, Watched
from tests.ui.terminal import is_up, terminal

MODES = {"1": "Run", "2": "Waterfall", "3": "Lanes", "4": "Slowest", "5": "Failures", "6": "Health"}
SETTLE_S = 3.0
"""A mode that is shown anew draws all it has."""
HEAD = """| mode | of a core | the screen's thread | written to visible, p50 | p95 | memory |
|---|--:|--:|--:|--:|--:|
"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", type=int, default=0)
    parser.add_argument("--rate", type=float, default=150.0)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--modes", default="".join(MODES))
    options = parser.parse_args()
    sys.stdout.write(HEAD)
    with tempfile.TemporaryDirectory() as name:
        for line in measured(Path(name), options):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def measured(directory: Path, options: argparse.Namespace) -> Iterator[str]:
    """The lines of the table."""
    now = time.time_ns()
    begin = now - round(options.before / options.rate * 1e9)
    run = LiveRun(directory, start_ns=begin)
    fill(run, options.before, begin, now)
    with terminal("-m", "tracetui", "watch", directory, size=SIZE) as shown:
        shown.until(is_up)
        watched = Watched(shown)
        for key in options.modes:
            shown.type(key)
            _through(run, watched, options.rate, SETTLE_S)
            watched.delays.clear()
            before = spent_ns(shown.process.pid)
            _through(run, watched, options.rate, options.seconds)
            yield _line(MODES[key], watched, before, spent_ns(shown.process.pid), options.seconds)
        run.close()
        watched.look(SETTLE_S)
        before = spent_ns(shown.process.pid)
        watched.look(options.seconds)
        yield _line("at rest", watched, before, spent_ns(shown.process.pid), options.seconds)
        shown.type("q")
        shown.end()


def _through(run: LiveRun, watched: Watched, rate: float, seconds: float) -> None:
    watched.wrote(run.told + OPEN)
    for _ in pace(run, rate, seconds, watched.look):
        watched.wrote(run.told + OPEN)


def _line(
    mode: str, watched: Watched, before: tuple[int, int], after: tuple[int, int], seconds: float
) -> str:
    whole, screen = (f"{(b - a) / seconds / 1e9:.1%}" for a, b in zip(before, after, strict=True))
    delays = watched.delays
    p50 = f"{statistics.median(delays):.2f} s" if delays else "-"
    p95 = f"{statistics.quantiles(delays, n=20)[-1]:.2f} s" if len(delays) > 1 else "-"
    return f"| {mode} | {whole} | {screen} | {p50} | {p95} | {watched.resident / 1e6:.0f} MB |"


def spent_ns(pid: int) -> tuple[int, int]:
    """Processor time of a process and of its main thread, in ns, by the scheduler's account."""
    tasks = Path("/proc", str(pid), "task")
    spent = {int(task.name): int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()}
    return sum(spent.values()), spent[pid]


if __name__ == "__main__":
    main()
