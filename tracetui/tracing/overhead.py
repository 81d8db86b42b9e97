"""Measures what tracing costs your suite on your machine: `python -m tracetui.tracing.overhead [--pairs N]
[OPTIONS]`.

Pytest is run with these options, without and with tracing in turns; a first pair only fills caches. Reported
are medians over the pairs with their quartiles: of wall time, which people notice, and of processor time,
which other load on the machine changes least.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tracetui.tracing.host.words import counted

_A_TEST = b'{"key":"tracetui.span.role","value":{"stringValue":"test"}}'


@dataclass(frozen=True)
class Cost:
    """The cost of one run: wall time in seconds, and processor time of all its processes."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, with its quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """Of at least one number."""
        if len(numbers) == 1:
            return cls(numbers[0], numbers[0], numbers[0])
        low, middle, high = quantiles(numbers, n=4, method="inclusive")
        return cls(middle, low, high)


@dataclass(frozen=True)
class Overhead:
    """The overhead over pairs of runs: as a share of wall time (1.0 is twice as long), and in seconds of
    processor time.
    """

    pairs: int
    without: Cost
    traced: Cost
    wall: Spread
    cpu: Spread


class NoTestsError(Exception):
    """Pytest ran no tests: a wrong option, nothing collected, or an internal error."""


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end; raises `NoTestsError` if pytest ran no tests."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise NoTestsError(f"exit code {process.returncode}: {shlex.join(command)}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def paired(
    without: Sequence[str],
    traced: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    pairs: int,
    tell: Callable[[str], object] = lambda _: None,
) -> Overhead:
    """Run both in turns, alternating which is first; `tell` is called after each pair."""
    costs: list[tuple[Cost, Cost]] = []
    for number in range(pairs + 1):
        order = (without, traced) if number % 2 else (traced, without)
        first, second = (run(command, directory, environment) for command in order)
        off, on = (first, second) if number % 2 else (second, first)
        which = f"pair {number} of {pairs}" if number else "before the first pair"
        tell(f"{which}: {off.wall:.2f} s without, {on.wall:.2f} s with tracing\n")
        costs.append((off, on))
    # The first fills caches: of bytecode, of the disk.
    del costs[0]
    return Overhead(
        pairs,
        _middle([off for off, _ in costs]),
        _middle([on for _, on in costs]),
        Spread.of([on.wall / off.wall - 1 for off, on in costs]),
        Spread.of([on.cpu - off.cpu for off, on in costs]),
    )


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


def told(cost: Overhead, tests: int) -> str:
    """The result of a measurement as a small table."""
    a_test = 1000 / max(tests, 1)
    wall, cpu = cost.wall, cost.cpu
    rows = (
        ("", "without", "with tracing", "more", "half of the pairs"),
        (
            "time on the clock",
            f"{cost.without.wall:.2f} s",
            f"{cost.traced.wall:.2f} s",
            f"{wall.median:+.1%}",
            f"{wall.low:+.1%} to {wall.high:+.1%}",
        ),
        (
            "processor time",
            f"{cost.without.cpu:.2f} s",
            f"{cost.traced.cpu:.2f} s",
            f"{a_test * cpu.median:+.2f} ms a test",
            f"{a_test * cpu.low:+.2f} to {a_test * cpu.high:+.2f} ms a test",
        ),
    )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(
        [f"{counted(tests, 'test')}, {counted(cost.pairs, 'pair')} of runs, medians", *lines, ""]
    )


def at_least_one(text: str) -> int:
    """A number of pairs, from text."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tracetui.tracing.overhead")
    parser.add_argument("--pairs", type=at_least_one, default=5, help="how often each is run (default 5)")
    arguments, options = parser.parse_known_args()
    environment = {name: value for name, value in os.environ.items() if name != "TRACETUI_DIR"}
    pytest = [sys.executable, "-m", "pytest", *options]
    with tempfile.TemporaryDirectory(prefix="tracetui-overhead-") as spans:
        traced = [*pytest, f"--tracetui={spans}"]
        try:
            cost = paired(
                [*pytest, "--no-tracetui"],
                traced,
                Path.cwd(),
                environment,
                arguments.pairs,
                lambda line: sys.stderr.write(line) and sys.stderr.flush(),
            )
        except NoTestsError as failed:
            parser.exit(1, f"pytest ran no tests, {failed}\n")
        files = Path(spans).glob("*.traces.jsonl")
        tests = sum(path.read_bytes().count(_A_TEST) for path in files) // (arguments.pairs + 1)
    sys.stdout.write(told(cost, tests))


if __name__ == "__main__":
    main()
