"""What tracing costs a test run: `python -m tests.benchmarks.overhead [--rounds N] [-n WORKERS]`.

The suite has 1,000 tests: of 10 ms (`ten_ms`), or that do nothing (`nothing`), which shows more of the cost
and less of the sleep. It is run untraced and traced in turns, in an environment of pytest (and xdist, with
`-n`) alone; told are medians over the rounds of what tracing adds. Processor time is what a busy machine
changes least, so costs are compared by that.

`--base CHECKOUT` runs another version of tracetui in the same rounds, and `--peer NAME` a tracer of
`tests.benchmarks.tracers`, beside its own untraced runs and in its own environment (`--keep DIR`). With
`--instructions`, valgrind counts what is executed outside of the kernel instead, which repeats to 1 %.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.sample_suites import write_suite
from tracetui.tracing.overhead import Cost, run

TESTS = 1000
HERE = Path(__file__).parents[2]
_FOREIGN = ("OTEL_", "PYTEST_", "TRACE", "BAGGAGE", "PYTHONDONTWRITEBYTECODE", "LOGFIRE_", "CI")
Measure = Callable[[Sequence[str], Path, Mapping[str, str]], Cost]


def clean_environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """The environment without what changes how a suite is run or traced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, **more}


@dataclass
class Way:
    """A way to trace: the run without it and the run with it, and what each round of them has cost."""

    name: str
    without: Sequence[str]
    traced: Sequence[str]
    environment: Mapping[str, str]
    costs: list[tuple[Cost, Cost]] = field(default_factory=list)

    def measure(self, measure: Measure, directory: Path) -> None:
        """One round."""
        off, on = (measure(command, directory, self.environment) for command in (self.without, self.traced))
        self.costs.append((off, on))

    @property
    def more(self) -> float:
        """What tracing adds to the processor time of a run."""
        return median(on.cpu - off.cpu for off, on in self.costs)

    @property
    def row(self) -> list[str]:
        """Name, how much longer it takes, and what that costs a test."""
        longer = median(on.wall / off.wall - 1 for off, on in self.costs)
        return [self.name, f"{longer:+.1%}", f"{self.more / TESTS * 1e6:.0f}"]


def ours(name: str, checkout: Path, spans: Path, workers: int) -> Way:
    """The tracetui of a checkout, in this environment without its other plugins."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    pytest += ["-p", "xdist", "-n", str(workers)] if workers else []
    traced = [*pytest, "-p", "tracetui.tracing.pytest", f"--tracetui={spans}"]
    alone = {"PYTHONPATH": str(checkout.resolve()), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return Way(name, pytest, traced, clean_environment(alone))


def instructions(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Cost:
    """A run under valgrind: a million instructions count as a second."""
    counted = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    steady = {**environment, "PYTHONHASHSEED": "0"}
    ran = subprocess.run(counted, cwd=directory, env=steady, capture_output=True, text=True, check=True)
    (number,) = re.findall(r"Collected : (\d+)", ran.stderr)
    return Cost(1.0, int(number) / 1e6)


def table(ways: Sequence[Way], unit: str) -> str:
    """The ways beside each other; the first is 1."""
    rows = [["", "longer by", f"{unit} a test", "ratio"]]
    rows += [[*way.row, f"{way.more / ways[0].more:.2f}"] for way in ways]
    return "".join(f"| {' | '.join(row)} |\n" for row in [rows[0], ["---", *["--:"] * 3], *rows[1:]])


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--suite", choices=("ten_ms", "nothing"), default="ten_ms")
    parser.add_argument("--base", type=Path, help="the checkout of another version, to compare with")
    parser.add_argument("--peer", help="a tracer whose name begins so, to compare with")
    parser.add_argument("--keep", type=Path, help="where the peer's environment is kept for the next time")
    parser.add_argument("--instructions", action="store_true", help="count instructions, by valgrind")
    parser.add_argument("-n", dest="workers", type=int, default=0, help="workers of pytest-xdist")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracetui-overhead-")))
        suite = directory / "suite"
        write_suite(suite, arguments.suite, told=False)
        ways = [ours("now", HERE, directory / "now", arguments.workers)]
        if arguments.base:
            ways.insert(0, ours("base", arguments.base, directory / "base", arguments.workers))
        if arguments.peer:
            ways.append(_peer(arguments.peer, arguments.keep or directory, stack))
        measure = instructions if arguments.instructions else run
        for number in range(arguments.rounds + 1):
            # Whoever is first in one round is last in the next.
            for way in ways[:: 1 if number % 2 else -1]:
                way.measure(measure, suite)
            sys.stderr.write(f"round {number}: {' '.join(way.row[2] for way in ways)}\n")
            if number == 0:
                # The first fills caches: of bytecode, of the disk.
                for way in ways:
                    way.costs.clear()
    sys.stdout.write(table(ways, "instructions" if arguments.instructions else "us"))


def _peer(name: str, keep: Path, stack: contextlib.ExitStack) -> Way:
    from tests.benchmarks.tracers import TRACERS, Bench  # It takes much from here.

    (tracer,) = (tracer for tracer in TRACERS if tracer.name.startswith(name))
    bench = Bench(tracer, keep.absolute())
    _, to = stack.enter_context(bench.recording("overhead"))
    return Way(tracer.name, bench.blocked(), bench.command(to), bench.environment(to))


if __name__ == "__main__":
    main()
