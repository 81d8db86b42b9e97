"""What keys cost on large screens, here and elsewhere: `python -m tests.benchmarks.screens [ROWS|NAME ...]`.

Each screen is a process on a terminal of 200 by 50 that shows so many spans (10,000, 100,000 and 1,000,000
unless told). Told are the seconds until its rows are there, from a key press to the last byte of what it
paints (median and 95th percentile, of keys pressed one at a time), and the processor time of a key. A
screen that is not there after `PATIENCE_S` seconds has a dash. `--live` also writes 2,000 spans a second
into the run while keys are pressed. The peer sonar-tui is left out where it is not installed.
"""

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from fcntl import ioctl
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ
from typing import NamedTuple

from tests.benchmarks import one_run
from tests.cli.running import environment

PATIENCE_S = 300
QUIET_S = 0.02
"""Who has not painted for so long has painted all."""
KEYS, KEYS_LIVE = 60, 300
"""While a run grows, for so long that it is studied anew several times."""
PAGE_DOWN, DOWN, PAGE_UP = "\x1b[6~", "\x1b[B", "\x1b[5~"
SIZE = pack("HHHH", 50, 200, 0, 0)
TICKS = os.sysconf("SC_CLK_TCK")
PEERS = ("datatable", "tree", "sonar")
SPANS_A_SECOND = 2_000


class Cost(NamedTuple):
    """Seconds: until the rows were there, from key to paint at p50 and p95, of processor a frame."""

    ready: float
    p50: float
    p95: float
    frame: float


class Screen:
    """A process on a terminal."""

    def __init__(self, command: Sequence[object]) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, TIOCSWINSZ, SIZE)
        self._process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(COLORTERM="truecolor"),
            start_new_session=True,
        )
        os.close(slave)
        self._began = time.monotonic()
        self._seen = b""

    def ready(self, word: bytes) -> float | None:
        """Seconds until `word` stood on the screen; None if it never did."""
        while word not in self._seen[-200_000:]:
            if time.monotonic() - self._began > PATIENCE_S or self._process.poll() is not None:
                return None
            self._seen += self._read(0.5)
        self.settle()
        return time.monotonic() - self._began

    def settle(self) -> None:
        """Until nothing has been painted for half a second, or for ten seconds at most."""
        limit = time.monotonic() + 10
        while self._read(0.5) and time.monotonic() < limit:
            pass

    def press(self, key: str) -> float:
        """Seconds from a key to the last byte of what it made the screen paint."""
        self._drain()
        begin = time.monotonic()
        os.write(self._master, key.encode())
        last = begin
        while self._read(1.0 if last == begin else QUIET_S):
            last = time.monotonic()
        return last - begin

    def processor(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _drain(self) -> None:
        while self._read(0):
            pass

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        with suppress(OSError):
            return os.read(self._master, 1 << 20)
        return b""


def main() -> None:
    """Measure, and print a table."""
    live = "--live" in sys.argv
    sizes = [int(word) for word in sys.argv[1:] if word.isdecimal()] or [10_000, 100_000, 1_000_000]
    there = ["tracetui", *(name for name in PEERS if name != "sonar" or find_spec("sonar"))]
    names = [name for name in there if name in sys.argv] or there
    sys.stdout.write("| rows | screen | ready | key p50 | key p95 | processor a key |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for rows in sizes:
        for name in [*names, *(["tracetui, live"] if live else [])]:
            cost = measured(name, rows)
            told = "- | - | - | -" if cost is None else _told(cost)
            sys.stdout.write(f"| {rows:,} | {name} | {told} |\n")
            sys.stdout.flush()


def _told(cost: Cost) -> str:
    return (
        f"{cost.ready:.1f} s | {cost.p50 * 1e3:.0f} ms | {cost.p95 * 1e3:.0f} ms | {cost.frame * 1e3:.1f} ms"
    )


def measured(name: str, rows: int) -> Cost | None:
    """What a screen costs with so many rows; None if they never came."""
    with tempfile.TemporaryDirectory() as directory:
        if name not in PEERS:
            one_run.write(Path(directory, "run.traces.jsonl"), rows)
        live = name.endswith("live")
        ours = ("-m", "tracetui", "watch" if live else "open", directory)
        command = ("-m", "tests.benchmarks.screen_peers", name, rows) if name in PEERS else ours
        screen = Screen(command)
        try:
            ready = screen.ready(b"READY" if name in PEERS else f"{rows:,}".replace(",", " ").encode())
            if ready is None:
                return None
            if name not in PEERS:
                screen.press("2")
                screen.settle()
            with arriving(Path(directory), rows) if live else nullcontext():
                return Cost(ready, *_keys(screen, KEYS_LIVE if live else KEYS))
        finally:
            screen.close()


def _keys(screen: Screen, count: int) -> tuple[float, float, float]:
    keys = list(islice(cycle((PAGE_DOWN, DOWN, PAGE_DOWN, DOWN, DOWN, PAGE_UP)), count))
    for key in keys[:6]:
        screen.press(key)
    before, took = screen.processor(), []
    for key in keys:
        took.append(screen.press(key))
        time.sleep(0.05)
    frame = (screen.processor() - before) / len(keys)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1], frame


@contextmanager
def arriving(directory: Path, rows: int) -> Iterator[None]:
    """While it lasts, 2,000 spans a second are written, which go on where the run of so many ended."""
    stop = threading.Event()

    def write() -> None:
        tests = one_run.more(rows)
        with Path(directory, "more.traces.jsonl").open("ab", buffering=0) as file:
            while not stop.wait(0.1):
                spans = [span for test in islice(tests, SPANS_A_SECOND // 40) for span in test]
                file.write(one_run.document(spans))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


if __name__ == "__main__":
    main()
