"""`tracetui what-if`: a page and a document of a run that is simulated otherwise."""

from pathlib import Path

import pytest

from tests.builders import HOSTILE_NAMES, MS, T0, S, case, line, span
from tests.cli.running import EVERGREEN, answer, tracetui

CONTRACT = ("recorded_ns", "predicted_ns", "low_ns", "high_ns", "outside")


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    """Twelve tests of 1 s on two workers, 1 ms between them, and on the first a last one of 6 s: 12 s."""
    made = [span("s", {"tracetui.span.role": "suite", "pytest.outcome": "passed"}, end=T0 + 20 * S)]
    for number in range(12):
        start = T0 + (number // 2) * (S + MS)
        name = f"test_a.py::test_{number:02}" if number < 11 else "test_b.py::test_long"
        took = S if number < 11 else 7 * S - 6 * MS
        told = case(name, worker=f"gw{number % 2}", start=start, end=start + took, parent=made[0])
        told["attributes"] += span("", {"tracetui.cpu_ns": 10 * MS, "tracetui.test.index": number})[
            "attributes"
        ]
        made.append(told)
    directory = tmp_path / "spans"
    directory.mkdir()
    (directory / "run.traces.jsonl").write_bytes(line(*made))
    return directory


def test_the_document_has_what_was_recorded_and_what_is_predicted(spans: Path) -> None:
    """18 s of work: 12 s as it ran; on one worker 18; without the long test 11 tests on two workers."""
    told = answer("what-if", spans, "--workers", 1)
    assert told["schema"] == "tracetui.what-if/1"
    assert {key: told[key] for key in CONTRACT}["outside"] is None
    assert told["recorded_ns"] == 12 * S - MS
    assert told["predicted_ns"] == pytest.approx(18 * S, rel=0.04)
    assert told["low_ns"] < told["predicted_ns"] < told["high_ns"]
    assert told["recorded_workers"] == 2
    without = answer("what-if", spans, "--without", "test_long")
    assert without["changes"] == ["without test_long"]
    assert without["predicted_ns"] == pytest.approx(6 * S, rel=0.1)
    assert without["saved_ns"] == without["replayed_ns"] - without["predicted_ns"]


def test_the_page_tells_the_same(spans: Path) -> None:
    """Recorded, predicted with its range, and what is saved."""
    page = tracetui("what-if", spans, "--workers", 4, "--dist", "worksteal", "--width", 90).stdout.decode()
    assert "recorded         12.0s  on 2 workers, --dist load" in page
    assert "on 4 workers, --dist worksteal" in page
    assert "less (" in page
    assert "median of 25 simulated runs of 12 tests" in page
    assert "on a machine with as little other work as it had" in page


def test_other_work_on_the_machine_is_told(tmp_path: Path) -> None:
    """A test of 4 s waits 2 of them for a processor: none of that to twice as much; no advice is sure."""
    suite = span("s", {"tracetui.span.role": "suite", "pytest.outcome": "passed"}, end=T0 + 20 * S)
    suite["attributes"] += span("", {"tracetui.host.cores": 1, "tracetui.run_queue_ns": 2 * S})["attributes"]
    test = case("test_a.py::test_one", start=T0, end=T0 + 4 * S, parent=suite)
    test["attributes"] += span("", {"tracetui.cpu_ns": 2 * S})["attributes"]
    (tmp_path / "run.traces.jsonl").write_bytes(line(suite, test))
    found = answer("what-if", tmp_path, "--workers", 1)
    assert found["queued_share"] == 0.5
    assert found["low_ns"] < 2.5 * S < 5.5 * S < found["high_ns"]
    told = "its tests waited for a processor for 50% of their time: other work had it"
    assert found["busy"] == answer("advise", tmp_path)["doubt"] == told
    page = tracetui("what-if", tmp_path, "--workers", 1, "--width", 140).stdout.decode()
    assert f"{told}; the range allows for none of it, and for twice as much" in page


def test_without_a_question_there_is_a_table(spans: Path) -> None:
    """Workers by ways to hand out tests; the document has a row for each cell."""
    page = tracetui("what-if", spans, "--width", 100).stdout.decode().splitlines()
    titles = next(line for line in page if line.startswith("workers"))
    assert titles.split() == ["workers", "load", "worksteal", "loadfile", "loadscope"]
    told = answer("what-if", spans)
    assert {row["workers"] for row in told["rows"]} == {1, 2, 3, 4}
    assert len(told["rows"]) == 16
    assert all(row["outside"] is None for row in told["rows"])


def test_a_shared_queue_and_archiving_aside() -> None:
    """Of resmoke's: handed out from a queue, and archiving costs it something."""
    told = answer("what-if", EVERGREEN, "--archive-aside")
    assert (told["recorded_dist"], told["dist"]) == ("queue", "queue")
    assert told["changes"] == ["archiving beside the workers"]
    assert told["saved_ns"] > 0
    more = answer("what-if", EVERGREEN, "--workers", 8)
    assert "no processor time is recorded" in more["outside"]


def test_what_is_not_there_is_said(spans: Path) -> None:
    """One line, and the exit code of wrong use."""
    ran = tracetui("what-if", spans, "--without", "test_gone")
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("tracetui: no test is called test_gone: such as test_a.py::test_00")
    for option in ("--widen", "--drop-hook"):
        assert tracetui("what-if", spans, option, "x").returncode == 2
    assert tracetui("what-if", spans, "--workers", 0).returncode == 2


def test_a_recording_without_tests(tmp_path: Path) -> None:
    """Nothing to predict from."""
    (tmp_path / "run.jsonl").write_bytes(line(span("alone")))
    ran = tracetui("what-if", tmp_path)
    assert ran.returncode == 2
    assert "no test ran" in ran.stderr.decode()


def test_hostile_names(tmp_path: Path) -> None:
    """Foreign text is only text."""
    made = [
        case(name, worker="gw0", start=T0 + n * S, end=T0 + n * S + S) for n, name in enumerate(HOSTILE_NAMES)
    ]
    (tmp_path / "run.jsonl").write_bytes(line(*made))
    ran = tracetui("what-if", tmp_path, "--without", HOSTILE_NAMES[2])
    assert ran.returncode == 0, ran.stderr
    assert "\x1b[2J" not in ran.stdout.decode()
