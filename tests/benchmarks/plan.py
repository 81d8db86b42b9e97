"""What a plan saves on a real project's suite, and how far off its prediction is.

`python -m tests.benchmarks.plan [PROJECT==VERSION] [--tests DIR] [--workers 4] [--rounds 3] [--keep DIR]`

The project's source distribution is unpacked, and its suite recorded once on xdist's workers, unordered. From
that recording `tracetui plan` makes a plan and predicts its wall time. Then unordered and planned runs take
turns. Told are wall times from the start of the first test to the end of the last, as spans have it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.overhead import clean_environment
from tests.benchmarks.whatif import workload_of


class Project(NamedTuple):
    """A project's suite: where it lies, and where what it imports was installed to."""

    suite: Path
    installed: Path


class Round(NamedTuple):
    """One run without and one with the plan, in ns; `load` is the machine's at its end."""

    unordered_ns: int
    planned_ns: int
    load: float


def unpacked(requirement: str, tests: str, home: Path) -> Project:
    """The project's tests from its source distribution, its packages installed beside them."""
    source, installed = home / "source", home / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    if not source.exists():
        downloads = home / "downloads"
        only = ["--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "download", *only, requirement, "-d", downloads], check=True)
        with tarfile.open(next(downloads.glob("*.tar.gz"))) as archive:
            archive.extractall(source, filter="data")
        subprocess.run([*pip, "install", "--target", installed, requirement], check=True)
    return Project(next(source.iterdir()) / tests, installed)


def run(project: Project, spans: Path, workers: int, plan: Path | None = None) -> int:
    """Runs the suite in real, as planned or unordered: its wall time in ns. Red tests are no matter here."""
    shutil.rmtree(spans, ignore_errors=True)
    how = ["-n", str(workers), *([f"--tracetui-plan={plan}"] if plan else [])]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *how]
    # From the folder's own place: suites like pexpect's run their helpers by relative paths.
    subprocess.run(
        [*command, f"--tracetui={spans}", "."],
        cwd=project.suite,
        env=clean_environment({"PYTHONPATH": str(project.installed)}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return workload_of(spans).recorded_ns


def planned(spans: Path, out: Path, workers: int) -> tuple[Path, int]:
    """The plan for a recording, and what it predicts in ns."""
    command = [sys.executable, "-m", "tracetui", "plan", str(spans), "--workers", str(workers)]
    said = subprocess.run([*command, "--out", str(out), "--format", "json"], check=True, capture_output=True)
    return out / "plan.json", json.loads(said.stdout)["predicted_ns"]


def told(rounds: list[Round], predicted_ns: int) -> str:
    """The rounds as a table in Markdown, and what they add up to."""
    lines = ["| unordered | planned | saved | predicted | error | load |", "|--:|--:|--:|--:|--:|--:|"]
    for each in rounds:
        saved, error = 1 - each.planned_ns / each.unordered_ns, predicted_ns / each.planned_ns - 1
        lines.append(
            f"| {each.unordered_ns / 1e9:.1f} s | {each.planned_ns / 1e9:.1f} s | {saved:.0%} "
            f"| {predicted_ns / 1e9:.1f} s | {error:+.1%} | {each.load:.1f} |"
        )
    saved = 1 - median(each.planned_ns for each in rounds) / median(each.unordered_ns for each in rounds)
    errors = [abs(predicted_ns / each.planned_ns - 1) for each in rounds]
    sums = f"saved {saved:.0%} (medians), off by {median(errors):.1%} (median), n={len(rounds)} rounds"
    return "\n".join([*lines, "", sums]) + "\n"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", nargs="?", default="pexpect==4.9.0", metavar="PROJECT==VERSION")
    parser.add_argument("--tests", default="tests", metavar="DIR", help="of the source distribution")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    home = arguments.keep or Path(tempfile.mkdtemp(prefix="tracetui-plan-"))
    project, workers = unpacked(arguments.project, arguments.tests, home), arguments.workers
    run(project, home / "recorded", workers)
    plan, predicted_ns = planned(home / "recorded", home / "plan", workers)
    rounds = [
        Round(
            run(project, home / "unordered", workers),
            run(project, home / "planned", workers, plan),
            os.getloadavg()[0],
        )
        for _ in range(arguments.rounds)
    ]
    sys.stdout.write(told(rounds, predicted_ns))


if __name__ == "__main__":
    main()
