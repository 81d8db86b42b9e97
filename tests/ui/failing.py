"""A run in which things fail in every way that the failures screen knows."""

from pathlib import Path
from typing import Any

from tests.builders import MS, T0, Json, S, case, exception, key_values, line, log_line, span

TRACEBACK = """Traceback (most recent call last):
  File "tests/test_yard.py", line 7, in test_tracks
    assert tracks(3) == 4
           ^^^^^^^^^
  File "/venv/lib/python3.11/site-packages/yard/rails.py", line 12, in tracks
    raise ValueError(f"no {number} tracks")
  File "/venv/lib/python3.11/site-packages/yard/base.py", line 3, in check
    return None  # never
ValueError: no 3 tracks
"""
JAVASCRIPT = """Error: [3] != [4] are not equal
doassert@src/mongo/shell/assert.js:18:14
@jstests/core/abs.js:7:1
"""


def failing_run() -> bytes:
    """Two tests that failed alike, one that failed otherwise and passed when it was run again, a hook that
    failed under a passing test, and archives."""
    suite = span(
        "yard", {"tracetui.span.role": "suite", "test.suite.name": "yard"}, end=T0 + 60 * S, status=1
    )
    spans: list[Json] = [suite]
    for place, number in enumerate((3, 12)):
        spans += _failed(f"tests/test_yard.py::test_tracks[{number}]", suite, T0 + place * S, number)
    again = {"code.file.path": "jstests/core/abs.js", "code.line.number": 1}
    spans += [
        _with(case("jstests/core/abs.js", "failed", start=T0 + 3 * S, end=T0 + 4 * S, parent=suite), again)
        | {"events": [exception("Error", "[3] != [4] are not equal", at=T0 + 3 * S, stacktrace=JAVASCRIPT)]},
        case("jstests/core/abs.js", start=T0 + 5 * S, end=T0 + 6 * S, parent=suite),
    ]
    fine = case("tests/test_yard.py::test_fine", start=T0 + 7 * S, end=T0 + 8 * S, parent=suite)
    hook = span(
        "ValidateCollections",
        {"tracetui.span.role": "hook", "pytest.outcome": "failed"},
        start=T0 + 7 * S,
        end=T0 + 8 * S,
        parent=fine,
        status=2,
        message="collections differ",
    )
    return line(*spans, fine, hook) + log_line(*_output(spans[1]))


def write_failing_run(directory: Path) -> Path:
    """`failing_run` in a file; its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "run.traces.jsonl"
    path.write_bytes(failing_run())
    return path


def _failed(name: str, suite: Json, start: int, number: int) -> list[Json]:
    test = case(name, "failed", "gw0", start=start, end=start + S, parent=suite)
    told = {"code.file.path": "tests/test_yard.py", "code.line.number": 5, "tracetui.owner": "@yard/rails"}
    phase = {"tracetui.span.role": "phase", "pytest.outcome": "failed"}
    thrown = exception("ValueError", f"no {number} tracks", at=start + MS, stacktrace=TRACEBACK)
    call = span("call", phase, start=start, end=start + 400 * MS, parent=test, status=2) | {
        "events": [thrown]
    }
    kept = {
        "tracetui.span.role": "archiver",
        "tracetui.archive.path": "archives/test_tracks-0.tgz",
        "tracetui.archive.size_bytes": 1_400_000,
        "tracetui.archive.left_out": ["core.12: too large"],
    }
    archive = span("archive tmp_path", kept, start=start + 500 * MS, end=start + S, parent=test, status=1)
    return [_with(test, told) | {"events": [thrown]}, call, archive]


def _with(made: Json, attributes: dict[str, Any]) -> Json:
    return made | {"attributes": [*made["attributes"], *key_values(attributes)]}


def _output(test: Json) -> list[Json]:
    return [
        {
            "timeUnixNano": str(T0 + S),
            "traceId": test["traceId"],
            "spanId": test["spanId"],
            "eventName": "tracetui.captured",
            "body": {"stringValue": f"{stream} of the test\nits last line\n"},
            "attributes": key_values({"tracetui.captured": stream, "pytest.when": "call"}),
        }
        for stream in ("stdout", "log")
    ]
