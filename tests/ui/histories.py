"""Recordings of many runs: one test becomes slower, one fails, one is new."""

from pathlib import Path

import numpy as np

from tests.builders import MS, RESOURCE, T0, S, case, id_of, line, span

RUNS, AT, FAILED = 20, 12, 9


def run(number: int, tests: int = 12, branch: str = "") -> bytes:
    """A run of some steady tests, of `slow`, which takes twice as long from run 12 on, and of a fixture."""
    at, trace = T0 + number * 3600 * S, f"{number + 1:032x}"
    told = {
        "tracetui.span.role": "suite",
        "test.suite.name": "depot",
        "vcs.ref.head.revision": f"{number:x}" * 12,
    }
    top = span("depot", told, start=at, end=at + 900 * S, trace=trace)
    noise = np.random.default_rng(number).uniform(0.95, 1.05, tests + 1).tolist()
    took = {
        f"tests/test_yard.py::test_{place}": int((place + 1) * 30 * MS * noise[place])
        for place in range(tests)
    }
    took["tests/test_depot.py::test_slow"] = int((2 if number >= AT else 1) * S * noise[tests])
    if number >= RUNS - 3:
        took["tests/test_depot.py::test_new"] = 100 * MS
    tests_made = [
        case(
            name,
            "failed" if number == FAILED and name.endswith("_0") else "passed",
            start=at + S,
            end=at + S + ns,
            trace=trace,
            parent=top,
            id=id_of(name, at),
        )
        for name, ns in took.items()
    ]
    db = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "session", "tracetui.hook.when": "setup"}
    fixture = span("db setup", db, start=at, end=at + S // 2, trace=trace, parent=top)
    resource = {**RESOURCE, "vcs.ref.head.name": branch} if branch else RESOURCE
    return line(top, *tests_made, fixture, resource=resource)


def write_runs(directory: Path, runs: int = RUNS) -> Path:
    """Each run in a file of its own; returns the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(runs):
        (directory / f"{number:02}.jsonl").write_bytes(run(number))
    return directory
