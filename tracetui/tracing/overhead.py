"""What tracing costs your suite on your machine: `python -m tracetui.tracing.overhead [--pairs N] [OPTIONS]`.

Pytest is run with these options, without and with tracing in turns; told are medians over the pairs. The time
on the clock is what people feel, the processor time is what a busy machine changes least.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tracetui.tracing.words import counted

_A_TEST = b'{"key":"tracetui.span.role","value":{"stringValue":"test"}}'


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds on the clock, and of processor time in all its processes."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Overhead:
    """Of runs in pairs: how much longer they took (1.0 is twice as long), and seconds of processor."""

    wall: float
    spread: tuple[float, float]
    cpu: float
    without: Cost


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
        median(on.cpu - off.cpu for off, on in costs),
        Cost(median(off.wall for off, _ in costs), median(off.cpu for off, _ in costs)),
    )


def told(cost: Overhead, tests: int) -> str:
    """What a measurement comes to, for people."""
    low, high = cost.spread
    return (
        f"without tracing: {cost.without.wall:.2f} s, {cost.without.cpu:.2f} s of processor time\n"
        f"tracing: {cost.wall:+.1%} (half of the pairs: {low:+.1%} to {high:+.1%}), "
        f"{1000 * cost.cpu / max(tests, 1):.2f} ms of processor time a test\n"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tracetui.tracing.overhead")
    parser.add_argument("--pairs", type=int, default=5, help="how often each is run (default 5)")
    arguments, options = parser.parse_known_args()
    environment = {name: value for name, value in os.environ.items() if name != "TRACETUI_DIR"}
    pytest = [sys.executable, "-m", "pytest", *options]
    with tempfile.TemporaryDirectory(prefix="tracetui-overhead-") as spans:
        traced = [*pytest, f"--tracetui={spans}"]
        cost = paired([*pytest, "--no-tracetui"], traced, Path.cwd(), environment, arguments.pairs)
        files = Path(spans).glob("*.traces.jsonl")
        tests = sum(path.read_bytes().count(_A_TEST) for path in files) // (arguments.pairs + 1)
    sys.stdout.write(
        f"{counted(tests, 'test')}, {counted(arguments.pairs, 'pair')} of runs\n{told(cost, tests)}"
    )


if __name__ == "__main__":
    main()
