"""Tracers of pytest side by side: `python -m tests.benchmarks.tracers [--only NAME] [--pairs N]`.

Each has a virtual environment of its own, runs the same suites, and sends its spans to a receiver on loopback
or writes them to its files. All recordings are read by `tracetui`, which knows all of these dialects.

*Spans* are those of the run, its workers, tests and phases. Expected of each tracer are those that it means
to write, as often as pytest did what they stand for (see `CLAIMS`); fixtures and hooks are not counted, and
more than was expected counts for nothing. *Outcomes* are right where the last span of a test says what pytest
said of it at last: passed, failed or error (which count as one), skipped, xfailed, xpassed. Both are counted
over two runs: one with each outcome there is, one with two workers of which one aborts in a test.

*After kill -9*: the 901st of 1,000 tests of 10 ms hangs; half a second later all processes are killed.
Counted are the tests that had passed and are known to have; *named* is whether the one that hung is known by
its name. *Overhead* is as in `tests.benchmarks.overhead`; without the tracer is the same environment with its
plugin blocked.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.overhead import TESTS, clean_environment
from tests.benchmarks.receiver import receiver
from tests.benchmarks.sample_suites import Reference, reference, write_suite
from tracetui.tracing.overhead import Overhead, paired

HERE = Path(__file__).parents[2]
COMMON = ("pytest-xdist==3.8.0", "pytest-timeout==2.4.0", "pytest-rerunfailures==16.7")
HANGS = 900
Claims = Callable[[Counter[str]], dict[str, int]]


def _phases(begun: Counter[str]) -> int:
    return begun["setup"] + begun["call"] + begun["teardown"]


def _run_and_workers(begun: Counter[str]) -> dict[str, int]:
    return {"suite": 1, "worker": begun["worker"]}


CLAIMS: dict[str, Claims] = {
    # A span for each attempt at a test, and for each of its phases.
    "attempts": lambda begun: {
        **_run_and_workers(begun),
        "test": begun["setup"],
        "phase": _phases(begun),
    },
    # One for each test, however often it is tried, and for each of its phases.
    "tests and phases": lambda begun: {
        **_run_and_workers(begun),
        "test": begun["test"],
        "phase": _phases(begun),
    },
    "tests": lambda begun: {"suite": 1, "test": begun["test"]},
    "calls": lambda begun: {"suite": 1, "test": begun["call"]},
}


@dataclass(frozen=True)
class Tracer:
    """A tracer: how it is installed, blocked, and told where to send its spans (`{to}`); what it claims."""

    name: str
    requires: tuple[str, ...]
    blocked: tuple[str, ...]
    options: tuple[str, ...]
    environment: Mapping[str, str]
    claims: str


_ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "{to}", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}

TRACERS = (
    Tracer("tracetui", (str(HERE),), ("tracetui",), ("--tracetui={to}",), {}, "attempts"),
    Tracer(
        "pytest-opentelemetry 1.1.0",
        ("pytest-opentelemetry==1.1.0", "pytest==9.2.0"),
        ("pytest_opentelemetry",),
        ("--export-traces",),
        {**_ENDPOINT, "OTEL_TRACES_EXPORTER": "otlp_proto_http"},
        "tests and phases",
    ),
    Tracer(
        "pytest-otel 2.5.1",
        ("pytest-otel==2.5.1", "pytest==9.1.1"),
        ("pytest_otel",),
        ("--otel-endpoint={to}", "--otel-exporter-protocol=http/protobuf"),
        {},
        "calls",
    ),
    Tracer(
        "dagger-pytest-otel 0.3.1",
        ("dagger-pytest-otel==0.3.1", "pytest==9.2.0"),
        ("dagger_pytest_otel",),
        (),
        _ENDPOINT,
        "tests",
    ),
    Tracer(
        "logfire 5.4.0",
        ("logfire==5.4.0", "pytest==9.2.0"),
        ("pytest_logfire", "logfire"),
        ("--logfire", "--logfire-trace-phases"),
        {**_ENDPOINT, "LOGFIRE_CONSOLE": "false", "LOGFIRE_SEND_TO_LOGFIRE": "false"},
        "tests and phases",
    ),
)


class Bench:
    """One tracer with its environment, and a directory to work in."""

    def __init__(self, tracer: Tracer, directory: Path) -> None:
        self.tracer = tracer
        self.directory = directory / tracer.name.replace(" ", "-")
        self.python = str(self.directory / "environment" / "bin" / "python")
        if not Path(self.python).exists():
            subprocess.run([sys.executable, "-m", "venv", self.directory / "environment"], check=True)
            install = [self.python, "-m", "pip", "install", "-q", *COMMON, *tracer.requires]
            subprocess.run(install, check=True)

    @contextlib.contextmanager
    def recording(self, name: str) -> Iterator[tuple[Path, str]]:
        """Where a recording is going to be, and what the tracer is told of it."""
        path = self.directory / f"{name}-{time.time_ns()}"
        if self.tracer.name == "tracetui":
            yield path, str(path)
            return
        path = path.with_suffix(".binpb")
        with receiver(path) as address:
            yield path, address

    def command(self, to: str) -> list[str]:
        """Pytest, traced."""
        options = [option.replace("{to}", to) for option in self.tracer.options]
        return [self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]

    def blocked(self) -> list[str]:
        """Pytest, without the tracer."""
        words = [word for name in self.tracer.blocked for word in ("-p", f"no:{name}")]
        return [self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]

    def environment(self, to: str, **more: str) -> dict[str, str]:
        """Its environment variables."""
        own = {name: value.replace("{to}", to) for name, value in self.tracer.environment.items()}
        return clean_environment({**own, **more})

    def traced(self, suite: str, *options: str) -> tuple[Reference, list[dict[str, Any]]]:
        """Run a suite; what happened, and the rows of the recording."""
        where = self.directory / f"{suite}-suite"
        write_suite(where, suite)
        events = self.directory / f"{suite}-{time.time_ns()}.events"
        with self.recording(suite) as (path, to):
            command = [*self.command(to), *options]
            environment = self.environment(to, EVENTS=str(events))
            subprocess.run(command, cwd=where, env=environment, capture_output=True, check=False, timeout=300)
        return reference(events), rows(path)

    def killed(self) -> tuple[Reference, list[dict[str, Any]]]:
        """Run the suite that hangs, and kill it."""
        where = self.directory / "hang-suite"
        write_suite(where, "hang")
        events = self.directory / f"hang-{time.time_ns()}.events"
        with self.recording("hang") as (path, to):
            process = subprocess.Popen(
                self.command(to),
                cwd=where,
                env=self.environment(to, EVENTS=str(events), HANGS=str(HANGS)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            wanted = f'["call", "test_hang.py::test_ten_ms[{HANGS}]"]'
            while process.poll() is None and not (events.exists() and wanted in events.read_text()):
                time.sleep(0.05)
            time.sleep(0.5)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            time.sleep(0.5)
        return reference(events), rows(path)

    def overhead(self, pairs: int) -> Overhead:
        """What it costs."""
        where = self.directory / "ten-ms-suite"
        write_suite(where, "ten_ms", told=False)
        with self.recording("ten-ms") as (_, to):
            return paired(self.blocked(), self.command(to), where, self.environment(to), pairs)


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the waterfall of a recording, as `tracetui` reads it; none where nothing was recorded."""
    if not path.exists():
        return []
    command = [sys.executable, "-m", "tracetui", "waterfall", "--format", "json", "-n", "0", str(path)]
    read = subprocess.run(command, capture_output=True, check=True, env=clean_environment())
    found: list[dict[str, Any]] = json.loads(read.stdout)["rows"]
    return found


def spans(tracer: Tracer, happened: Reference, found: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Spans that are there of those expected."""
    roles = Counter(row["role"] for row in found)
    expected = CLAIMS[tracer.claims](happened.begun)
    return sum(min(roles[role], count) for role, count in expected.items()), sum(expected.values())


def outcomes(happened: Reference, found: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """For each test what pytest said, and what its last span says; empty where no span is its."""
    tests = [row for row in found if row["role"] == "test"]
    told = {}
    for nodeid, said in happened.outcomes.items():
        own = _of(nodeid, tests)
        told[nodeid] = (said, own[-1]["outcome"] if own else "")
    return told


def _of(nodeid: str, tests: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    names = [{row["name"], row["title"]} for row in tests]
    whole = [row for row, own in zip(tests, names, strict=True) if nodeid in own]
    # One tracer leaves the path out.
    short = nodeid.rpartition("::")[2]
    return whole or [row for row, own in zip(tests, names, strict=True) if short in own]


def is_right(said: str, told: str) -> bool:
    """Whether a span says what pytest said."""
    return said == told or {said, told} == {"failed", "error"}


def row_of(bench: Bench, pairs: int, *, verbose: bool) -> list[str]:
    """The row of the table for one tracer."""
    written = wanted = right = total = 0
    for suite, options in (("outcomes", ()), ("crash", ("-n", "2"))):
        happened, found = bench.traced(suite, *options)
        there, expected = spans(bench.tracer, happened, found)
        told = outcomes(happened, found)
        written, wanted = written + there, wanted + expected
        right, total = right + sum(is_right(*each) for each in told.values()), total + len(told)
        if verbose:
            roles = Counter(row["role"] for row in found)
            wrong = {name: each for name, each in told.items() if not is_right(*each)}
            sys.stderr.write(
                f"{bench.tracer.name} {suite}: {dict(happened.begun)} {dict(roles)}\n  {wrong}\n"
            )
    happened, found = bench.killed()
    told = outcomes(happened, found)
    known = sum(is_right(*each) for each in told.values())
    hanging = [name for name in happened.names if name not in happened.outcomes]
    is_named = all(_of(name, [row for row in found if row["role"] == "test"]) for name in hanging)
    cells = [
        f"{written} of {wanted}",
        f"{right} of {total}",
        f"{known} of {len(told)}",
        "yes" if is_named else "no",
    ]
    if pairs:
        cost = bench.overhead(pairs)
        cells += [f"{cost.wall.median:+.1%}", f"{1000 * cost.cpu.median / TESTS:.2f} ms"]
    return [bench.tracer.name, *cells]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="tracers whose name has this in it")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs for the overhead; 0 for none")
    parser.add_argument(
        "--keep", type=Path, help="where environments and recordings are kept for the next time"
    )
    parser.add_argument("--verbose", action="store_true", help="tell what is wrong")
    arguments = parser.parse_args()
    directory = (arguments.keep or Path(tempfile.mkdtemp(prefix="tracetui-tracers-"))).absolute()
    heads = [
        "tracer",
        "spans written",
        "outcomes right",
        "after `kill -9`: finished tests known",
        "running test named",
    ]
    heads += ["overhead", "processor time a test"] if arguments.pairs else []
    table = [heads, ["---"] * len(heads)]
    table += [
        row_of(Bench(tracer, directory), arguments.pairs, verbose=arguments.verbose)
        for tracer in TRACERS
        if arguments.only in tracer.name
    ]
    sys.stdout.write("".join(f"| {' | '.join(cells)} |\n" for cells in table))


if __name__ == "__main__":
    main()
