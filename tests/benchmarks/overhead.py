"""What tracing costs a test run: `python -m tests.benchmarks.overhead [--pairs N] [-n WORKERS]`.

The suite has 1,000 tests that sleep for 10 ms. It is run without and with tracing in turns; told are medians
over the pairs. The wall time is what people feel, the processor time is what a busy machine changes least.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.sample_suites import write_suite

TESTS = 1000
_FOREIGN = ("OTEL_", "PYTEST_", "TRACE", "BAGGAGE", "PYTHONDONTWRITEBYTECODE", "LOGFIRE_", "CI")


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds on the clock, and of processor time in all its processes."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Overhead:
    """Of runs in pairs: how much longer they took (1.0 is twice as long), and milliseconds of processor."""

    wall: float
    spread: tuple[float, float]
    cpu_ms_per_test: float
    without: Cost


def clean_environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """The environment without what changes how a suite is run or traced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, **more}


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run to the end."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=directory, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def paired(
    without: Sequence[str],
    traced: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    pairs: int,
) -> Overhead:
    """Run both in turns, each first every other time."""
    costs: list[tuple[Cost, Cost]] = []
    for number in range(pairs + 1):
        order = (without, traced) if number % 2 else (traced, without)
        first, second = (run(command, directory, environment) for command in order)
        costs.append((first, second) if number % 2 else (second, first))
    # The first pair fills caches: of bytecode, of the disk.
    del costs[0]
    walls = [on.wall / off.wall - 1 for off, on in costs]
    low, _, high = quantiles(walls, n=4) if len(walls) > 1 else (walls[0],) * 3
    return Overhead(
        median(walls),
        (low, high),
        1000 * median(on.cpu - off.cpu for off, on in costs) / TESTS,
        Cost(median(off.wall for off, _ in costs), median(off.cpu for off, _ in costs)),
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("-n", dest="workers", type=int, default=0, help="workers of pytest-xdist")
    arguments = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="tracetui-overhead-"))
    write_suite(directory, "ten_ms", told=False)
    pytest = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *(["-n", str(arguments.workers)] if arguments.workers else []),
    ]
    cost = paired(
        [*pytest, "-p", "no:tracetui"],
        [*pytest, f"--tracetui={directory / 'spans'}"],
        directory,
        clean_environment(),
        arguments.pairs,
    )
    shutil.rmtree(directory)
    low, high = cost.spread
    sys.stdout.write(
        f"{TESTS} tests of 10 ms, {arguments.workers or 'no'} workers, {arguments.pairs} pairs\n"
        f"without tracing: {cost.without.wall:.2f} s, {cost.without.cpu:.2f} s of processor time\n"
        f"tracing: {cost.wall:+.1%} (half of the pairs: {low:+.1%} to {high:+.1%}), "
        f"{cost.cpu_ms_per_test:.2f} ms of processor time a test\n"
    )


if __name__ == "__main__":
    main()
