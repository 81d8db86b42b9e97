"""`tracetui plan`: a page, a document and files that pytest, our plugin and pytest-split can use."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.builders import HOSTILE_NAMES, MS, T0, S, case, line
from tests.cli.running import EVERGREEN, answer, tracetui
from tests.tracing.recording import clean_environment, run_pytest, write_suite

NAMES = [f"test_a.py::test_{number}" for number in range(20)]
LONG = "test_z.py::test_long"


def recording(directory: Path, names: list[str] = NAMES) -> Path:
    """Twenty tests of 1 s and, at the end, one of 8 s, on two workers: 10 s and 18 s."""
    spans, clocks = [], [T0, T0]
    for name in [*names, LONG]:
        lane = clocks.index(min(clocks))
        end = clocks[lane] + (8 * S if name == LONG else S)
        spans.append(case(name, worker=f"gw{lane}", start=clocks[lane], end=end))
        clocks[lane] = end + MS
    directory.mkdir()
    (directory / "run.traces.jsonl").write_bytes(b"".join(map(line, spans)))
    return directory


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    return recording(tmp_path / "spans")


def test_the_page_says_what_it_brings(spans: Path) -> None:
    """28 s of work on two workers: 14 s at best, 18 s as it was recorded."""
    ran = tracetui("plan", spans, "--workers", "2", "--width", "100")
    page = ran.stdout.decode()
    assert ran.returncode == 0, ran.stderr
    assert "plan for 2 workers: longest first, " in page
    figures = {
        row[:16].strip(): row[16:].split()[0]
        for row in page.splitlines()
        if "imulat" in row or "best c" in row
    }
    assert figures["best case"] == "14.0s"
    assert float(figures["with the plan"].removesuffix("s")) < 15
    assert float(figures["without a plan"].removesuffix("s")) > 17
    assert re.search("recorded +18.0s", page)
    assert "pytest -n 2 --tracetui-plan plan.json" in page


def test_the_document_is_the_plan_and_the_plugin_applies_it(spans: Path, tmp_path: Path) -> None:
    """What `--out` writes is what JSON prints; a run with it begins with the long test."""
    document: dict[str, Any] = answer("plan", spans, "--workers", "2", "--out", tmp_path / "out")
    assert document == json.loads((tmp_path / "out" / "plan.json").read_bytes())
    assert document["schema"] == "tracetui.plan/1"
    assert sorted(document["order"]) == sorted([*NAMES, LONG])
    assert document["recorded_ns"] == 18 * S + 10 * MS
    assert document["floor_ns"] == 14 * S
    assert document["low_ns"] <= document["predicted_ns"] <= document["high_ns"]
    walls = [row["wall_ns"] for row in document["rows"]]
    assert all(less <= more for less, more in pairwise(walls))
    tests = {f"test_{number}": "pass" for number in range(20)}
    suite = "\n".join(f"def {name}(): {body}" for name, body in tests.items())
    write_suite(tmp_path, test_a=suite, test_z="def test_long(): pass")
    ran = run_pytest(tmp_path, "-n2", "-v", "--tracetui-plan=out/plan.json")
    assert f"tests in the order of out/plan.json, with --dist={document['dist']}" in ran.stdout
    assert "does not know" not in ran.stdout
    assert "21 passed" in ran.stdout


def test_forecasts_are_kept_and_checked(spans: Path) -> None:
    """What was predicted before the run that is there is held against it: 20 s, and it took 18 s."""
    (spans / ".gitignore").write_text("*\n")
    before: dict[str, Any] = answer("plan", spans, "--workers", "2")
    assert before["forecasts"] == {"n": 0, "error": None, "within": 0, "waiting": 1}
    log = spans / ".forecasts.jsonl"
    forecast = json.loads(log.read_text())
    earlier = {"made_ns": T0 - S, "predicted_ns": 20 * S, "low_ns": 19 * S, "high_ns": 21 * S, "plan": ""}
    log.write_text(json.dumps(forecast | earlier | {"dist": ""}) + "\n")
    forecasts = answer("plan", spans, "--workers", "2")["forecasts"]
    assert (forecasts["n"], forecasts["within"], forecasts["waiting"]) == (1, 0, 1)
    assert forecasts["error"] == pytest.approx(20 / 18.01 - 1)
    page = tracetui("plan", spans, "--workers", "2").stdout.decode()
    assert "my last forecast erred by 11.0%, 0 of 1 came within their range" in page


def test_shards_are_run_by_their_lists_and_by_the_plugin(spans: Path, tmp_path: Path) -> None:
    """pytest reads a list of its arguments from a file; both run the same tests, each test once."""
    document = answer("plan", spans, "--shards", "2", "--out", tmp_path / "out")
    shards = [shard["tests"] for shard in document["shards"]]
    assert sorted(shards[0] + shards[1]) == sorted([*NAMES, LONG])
    assert max(shard["predicted_ns"] for shard in document["shards"]) < 14.5 * S
    suite = "\n".join(f"def test_{number}(): pass" for number in range(20))
    write_suite(tmp_path, test_a=suite, test_z="def test_long(): pass")
    by_list = run_pytest(tmp_path, "@out/shard-1-of-2.txt", "-v").stdout
    by_plugin = run_pytest(tmp_path, "--tracetui-plan=out/plan.json", "--tracetui-shard=1/2", "-v").stdout
    for output in (by_list, by_plugin):
        assert [row.split()[0] for row in output.splitlines() if "PASSED" in row] == shards[0]


def test_pytest_split_reads_the_durations(spans: Path, tmp_path: Path) -> None:
    """Its `least_duration` groups have 14 s each, as it says itself."""
    assert tracetui("plan", spans, "--shards", "2", "--out", tmp_path).returncode == 0
    suite = "\n".join(f"def test_{number}(): pass" for number in range(20))
    write_suite(tmp_path, test_a=suite, test_z="def test_long(): pass")
    command = [sys.executable, "-m", "pytest", "-p", "pytest-split"]
    options = ["--splits=2", "--group=1", "--splitting-algorithm=least_duration"]
    ran = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Running group 1/2 (estimated duration: 14.00s)" in ran.stdout
    assert set(json.loads((tmp_path / ".test_durations").read_text())) == {*NAMES, LONG}


def test_hostile_names_survive(tmp_path: Path) -> None:
    """In the plan as they are; a list of arguments has only what pytest could have called a test."""
    names = [*HOSTILE_NAMES, "a.py::b\nc", "@x.py::y"]
    spans = recording(tmp_path / "spans", names)
    document = answer("plan", spans, "--shards", "1", "--out", tmp_path)
    assert set(document["shards"][0]["tests"]) == {*names, LONG}
    lines = (tmp_path / "shard-1-of-1.txt").read_text().splitlines()
    assert sorted(lines) == sorted([*HOSTILE_NAMES, "@x.py::y", LONG])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "write --workers N, or --shards K"),
        (["--workers", "2", "--shards", "2"], "write --workers N, or --shards K"),
        (["--workers", "0"], "0 is not in the range"),
        (["--workers", "2", "--dist", "each"], "'each' is not one of"),
        (["--workers", "2", "--run", "none"], "none"),
    ],
)
def test_wrong_use_is_one_line(spans: Path, arguments: list[str], reason: str) -> None:
    """Which says what to write."""
    ran = tracetui("plan", spans, *arguments)
    assert ran.returncode == 2
    assert reason in ran.stderr.decode()
    assert ran.stderr.count(b"\n") == 1


def test_a_run_without_tests_has_no_plan(tmp_path: Path) -> None:
    """And the line says what to do."""
    (tmp_path / "a.jsonl").write_bytes(line(case("x", start=T0, end=T0)).replace(b'"test"', b'"hook"'))
    ran = tracetui("plan", tmp_path, "--workers", "2")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"no test ran in this run: record one with" in ran.stderr


def test_a_recording_of_another_tool_has_an_order_and_no_command_of_pytest() -> None:
    """Resmoke's tests are taken from a queue: its order alone can change."""
    page = tracetui("plan", EVERGREEN, "--workers", "4").stdout.decode()
    assert "pytest -n" not in page
    assert "its tests are not pytest's: hand them out in the order of plan.json" in page
