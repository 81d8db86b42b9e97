"""What a question about all runs of a directory costs: from the index, and by reading every file.

`python -m tests.benchmarks.history [RUNS] [TESTS]`

Seconds of processor time of `history_of` and of the change points in what it gives, each in a process of its
own: the first time (all files are read, the index is made), again, after one more run, and without an index.
The last column is how many times as long reading every file takes.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.analysis.history.noise import Planted, durations
from tests.builders import T0, S, case, line, span

WAYS = ("made", "asked again", "after one more run", "read anew")


def main() -> None:
    """Measure, and print the table."""
    runs, tests = (int(word) for word in (*sys.argv[1:], "1000", "1000")[:2])
    with tempfile.TemporaryDirectory() as directory:
        spans = Path(directory, "spans")
        spans.mkdir()
        changes = {test: (Planted(runs * 2 // 3, 1.5),) for test in range(0, tests, 50)}
        took = durations(np.random.default_rng(5), tests, runs + 1, changes)
        for number in range(runs):
            write(spans, number, took[:, number])
        time.sleep(2.1)  # What was written just now would be read again.
        costs = {}
        for way in WAYS:
            if way == WAYS[2]:
                write(spans, runs, took[:, runs])
            costs[way] = measured(spans, way, directory)
        sys.stdout.write(
            "| | records, s | with change points, s | reading everything takes |\n|---|---:|---:|---:|\n"
        )
        for way, (records, trends) in costs.items():
            ratio = sum(costs[WAYS[3]]) / (records + trends)
            sys.stdout.write(f"| {way} | {records:.2f} | {records + trends:.2f} | {ratio:.1f} x |\n")


def measured(spans: Path, way: str, cache: str) -> tuple[float, float]:
    """Seconds for the records, and for the change points."""
    command = [sys.executable, "-m", "tests.benchmarks.history", "--one", str(spans), way]
    env = {**os.environ, "XDG_CACHE_HOME": cache}
    told = subprocess.run(command, check=True, env=env, capture_output=True, text=True).stdout.split()
    return float(told[0]), float(told[1])


def one(path: str, way: str) -> None:
    """The seconds of one way."""
    from tracetui.analysis.history.change_points import trends
    from tracetui.analysis.history.series import series
    from tracetui.ingest.history.index import history_of

    began = time.process_time()
    records = history_of([path], cache=way != WAYS[3])
    asked = time.process_time()
    found = trends(series(records))
    assert any(trend.changes for trend in found)
    sys.stdout.write(f"{asked - began:.3f} {time.process_time() - asked:.3f}\n")


def write(spans: Path, number: int, took: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    """A run, in a file of its own."""
    at, trace = T0 + number * 3600 * S, f"{number + 1:032x}"
    end = at + int(took.sum()) + 2 * S
    told = {"tracetui.span.role": "suite", "test.suite.name": "suite"}
    top = span("suite", told, start=at, end=end, trace=trace)
    lines, at = [line(top)], at + S
    for test, each in enumerate(took.astype(int).tolist()):
        name = f"tests/test_{test // 20}.py::test_{test}"
        lines.append(line(case(name, start=at, end=at + each, trace=trace, parent=top)))
        at += each
    (spans / f"run{number:05}.jsonl").write_bytes(b"".join(lines))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main()
