"""Recordings of small runs for loads: the only way that these tests make them."""

from pathlib import Path
from typing import Any

from tests.builders import MS, T0, Json, S, case, line, span
from tracetui.fleet.ingest.loading import Loaded, ingest
from tracetui.fleet.store import open_sink, open_store

DAY_NS = 86_400 * S
MIDNIGHT = T0 // DAY_NS * DAY_NS + DAY_NS
"""The first midnight after runs begin, UTC."""

Row = dict[str, Any]


def spans_of(number: int, tests: int, start: int = T0) -> list[Json]:
    """Run `number`: a suite and its tests of 10 ms each, every tenth of which failed, by their ends."""
    trace = f"{number:032x}"
    suite = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    top = span("depot", suite, trace=trace, start=start, end=start + (tests + 1) * 10 * MS)
    made = []
    for place in range(tests):
        begin = start + place * 10 * MS
        outcome = "failed" if place % 10 == 9 else "passed"
        name = f"tests/test_{place % 3}.py::test_{place}"
        made.append(case(name, outcome, trace=trace, parent=top, start=begin, end=begin + 10 * MS))
    return [*made, top]


def write_run(path: Path, number: int, tests: int = 10, start: int = T0, lines: int | None = None) -> Path:
    """A file with a line for each span of a run, or with its first `lines` only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    resource = {"service.name": "depot", "cicd.pipeline.run.id": f"run-{number}"}
    made = [line(each, resource=resource) for each in spans_of(number, tests, start)]
    path.write_bytes(b"".join(made[:lines]))
    return path


def load(url: str, *paths: Path, spans: bool = False) -> Loaded:
    """Loads recordings as the command does."""
    sink = open_sink(url)
    try:
        return ingest([str(path) for path in paths], sink, spans=spans)
    finally:
        sink.close()


def rows(url: str) -> list[Row]:
    """All facts of a store."""
    with open_store(url) as store:
        return [dict(row) for row in store.rows(store.between(None, None)).to_pylist()]


def sums(url: str) -> dict[str, tuple[int, int, int]]:
    """By run, how many facts there are, how many different ones, and what its tests took."""
    found: dict[str, list[Row]] = {}
    for row in rows(url):
        found.setdefault(row["run"], []).append(row)
    return {
        run: (
            len(some),
            len({(row["trace"], row["span"]) for row in some}),
            sum(row["own_ns"] for row in some if row["role"] == "test"),
        )
        for run, some in found.items()
    }


def whole(tests: int = 10) -> tuple[int, int, int]:
    """What `sums` says of one run that is there once."""
    return tests + 1, tests + 1, tests * 10 * MS
