"""What a run would have taken with other workers, predicted and measured.

`python -m tests.benchmarks.whatif [SUITE ...] [--workers 3,4] [--dist load] [--budget S] [--keep DIR]`

Each suite is recorded once, on two workers with `--dist load`. From that recording alone `tracetui what-if`'s
functions say how long it takes on other numbers of workers and with other ways to hand out tests; then it is
run so. Told are the wall times from the start of the first test to the end of the last, as spans have it.
Runs are real ones of pytest-xdist. With `--keep` recordings stay, and what is there is not run again.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.overhead import clean_environment
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.prediction import Prediction, predict
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.study.findings import study
from tracetui.ingest import load

RECORDED_ON = 2
WAITS = "import time\n\ndef spend(seconds):\n    time.sleep(seconds)\n"
COMPUTES = (
    "import time\n\ndef spend(seconds):\n    end = time.thread_time() + seconds\n"
    "    while time.thread_time() < end:\n        sum(range(2000))\n"
)
HALF = (
    "import time\nimport burn\n\ndef spend(seconds):\n"
    "    time.sleep(seconds / 2)\n    burn.spend(seconds / 2)\n"
)


class Suite(NamedTuple):
    """A suite that is made from a seed: tests per file, their median and spread, what it has of fixtures.

    `spread` is the standard deviation of the logarithm of what a test takes.
    """

    files: int
    tests: int
    seconds: float
    spread: float
    kind: str = "waits"
    module_fixture: float = 0.0
    session_fixture: float = 0.0


SUITES = {
    "even": Suite(12, 8, 0.2, 0.3),
    "spread": Suite(12, 8, 0.15, 0.9),
    "short": Suite(20, 15, 0.03, 0.7, module_fixture=0.1),
    "long tail": Suite(8, 8, 0.12, 1.3, session_fixture=0.4),
    "few files": Suite(5, 16, 0.15, 0.6, module_fixture=0.3),
    "computes": Suite(8, 8, 0.12, 0.6, "computes"),
    "half": Suite(8, 8, 0.2, 0.6, "half"),
}


class Case(NamedTuple):
    """One real run of a suite."""

    suite: str
    dist: str
    workers: int


class Result(NamedTuple):
    """What was predicted for a case and what was measured, in ns; `load` is the machine's at the time.

    `work` is by what factor its tests waited longer, beyond waiting for a processor, than when they were
    recorded: other work on the machine does that, which nobody can predict. Nothing where they only compute.
    """

    case: Case
    prediction: Prediction
    measured_ns: int
    work: float | None
    load: float

    @property
    def error(self) -> float:
        """By which share the prediction is off; negative: too optimistic."""
        return self.prediction.predicted_ns / self.measured_ns - 1

    @property
    def is_within(self) -> bool:
        """Whether what was measured lies in the range that was predicted."""
        return self.prediction.low_ns <= self.measured_ns <= self.prediction.high_ns


def write(suite: Suite, directory: Path, seed: int) -> None:
    """Puts a suite into a directory."""
    chance = random.Random(seed)
    directory.mkdir(parents=True, exist_ok=True)
    if suite.kind == "half":
        (directory / "burn.py").write_text(COMPUTES)
    spend = {"waits": WAITS, "computes": COMPUTES, "half": HALF}[suite.kind]
    (directory / "spending.py").write_text(spend)
    fixtures = []
    for scope, seconds in (("session", suite.session_fixture), ("module", suite.module_fixture)):
        if seconds:
            fixtures.append(f"@pytest.fixture(scope='{scope}', autouse=True)\n")
            fixtures.append(
                f"def of_{scope}():\n    spend({seconds})\n    yield\n    spend({seconds / 4})\n\n"
            )
    (directory / "conftest.py").write_text(
        "import pytest\nfrom spending import spend\n\n" + "".join(fixtures)
    )
    for number in range(suite.files):
        tests = max(1, round(suite.tests * chance.uniform(0.4, 1.6)))
        lines = ["from spending import spend\n"]
        for test in range(tests):
            seconds = min(40 * suite.seconds, suite.seconds * chance.lognormvariate(0, suite.spread))
            lines.append(f"def test_{test:02}():\n    spend({seconds:.4f})\n")
        (directory / f"test_{number:02}.py").write_text("\n".join(lines))
    (directory / "pytest.ini").write_text("[pytest]\npythonpath = .\n")


def run(directory: Path, spans: Path, dist: str, workers: int) -> None:
    """Runs a suite in real."""
    how = ["-n", str(workers), "--dist", dist] if workers else []
    subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"),
            *how,
            f"--tracetui={spans}",
        ],
        cwd=directory,
        env=clean_environment({"PYTHONDONTWRITEBYTECODE": "1"}),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def workload_of(spans: Path) -> Workload:
    """What a recording had to do."""
    return recorded(study(load([str(spans)]).table.snapshot(), time.time_ns()))


def results(
    names: Sequence[str], dists: Sequence[str], workers: Sequence[int], home: Path, budget_s: float, seed: int
) -> Iterator[Result]:
    """Runs what is not there yet, as long as the budget lasts, and compares."""
    began = time.monotonic()
    for name in names:
        directory = home / f"{name.replace(' ', '-')}-{seed}"
        write(SUITES[name], directory, seed)
        base = directory / "recorded"
        if not base.exists():
            run(directory, base, "load", RECORDED_ON)
        workload = workload_of(base)
        for count in workers:
            for dist in dists:
                spans = directory / f"{dist}-{count}"
                if not (spans / "load").exists():  # It is written last.
                    if time.monotonic() - began > budget_s:
                        continue
                    shutil.rmtree(spans, ignore_errors=True)
                    run(directory, spans, dist, count)
                    (spans / "load").write_text(f"{os.getloadavg()[0]:.1f}")
                measured = workload_of(spans)
                prediction = predict(workload, Policy(dist), count)
                at = float((spans / "load").read_text())
                work = None if SUITES[name].kind == "computes" else _waited(measured) / _waited(workload)
                yield Result(Case(name, dist, count), prediction, measured.recorded_ns, work, at)


def _waited(workload: Workload) -> int:
    """What all tests waited, but for a processor."""
    return sum(item.took_ns - item.queued_ns - max(0, item.computing_ns) for item in workload.items)


def told(found: Sequence[Result]) -> str:
    """The results as a table in Markdown, and what they add up to."""
    lines = [
        "| suite | dist | n | predicted | range | measured | error | tests waited | load |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        case, prediction = each.case, each.prediction
        lines.append(
            f"| {case.suite} | {case.dist} | {case.workers} | {prediction.predicted_ns / 1e9:.2f} s "
            f"| {prediction.low_ns / 1e9:.2f} to {prediction.high_ns / 1e9:.2f} s "
            f"| {each.measured_ns / 1e9:.2f} s | {each.error:+.1%} "
            f"| {'' if each.work is None else f'{each.work:.2f} x'} | {each.load:.1f} |"
        )
    if found:
        within = sum(each.is_within for each in found)
        lines.append("")
        lines.append(_sum("error", [each.error for each in found]))
        lines.append(f"{within} of {len(found)} within the range")
    return "\n".join(lines) + "\n"


def _sum(name: str, errors: Sequence[float]) -> str:
    off = [abs(error) for error in errors]
    return f"{name}: median {median(off):.1%}, worst {max(off):.1%}, n={len(off)} runs"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suites", nargs="*", default=[], metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--workers", default="2,3,4,6")
    parser.add_argument("--dist", default="load,worksteal,loadfile")
    parser.add_argument("--budget", type=float, default=600, help="seconds after which no run is begun")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    names = arguments.suites or list(SUITES)
    home = arguments.keep or Path(tempfile.mkdtemp(prefix="tracetui-whatif-"))
    counts = [int(count) for count in arguments.workers.split(",")]
    found = list(results(names, arguments.dist.split(","), counts, home, arguments.budget, arguments.seed))
    sys.stdout.write(told(found))


if __name__ == "__main__":
    main()
