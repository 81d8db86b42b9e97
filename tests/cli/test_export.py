"""`tracetui export`: to standard output or a file, whole or not at all; what could not be carried is said."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.builders import HOSTILE_NAMES, MS, T0, S, case, line, span
from tests.cli.hurried import HURRY
from tests.cli.running import on_a_terminal, tracetui
from tests.tracing.recording import clean_environment, write_suite
from tracetui.cli.hand_over.export import TO
from tracetui.export.formats import FORMATS


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A test of 3 s and two of 1 s, which overlap."""
    names, starts, ends = ("long", "short", "other"), (0, 3 * S, 3 * S + MS), (3 * S, 4 * S, 4 * S + MS)
    spans = [
        case(f"test_a.py::test_{name}", worker="gw0", start=T0 + start, end=T0 + end)
        for name, start, end in zip(names, starts, ends, strict=True)
    ]
    path = tmp_path / "run.traces.jsonl"
    path.write_bytes(line(*spans))
    return path


def test_every_format_is_an_option() -> None:
    """Help knows them without loading any."""
    assert (*FORMATS, "parquet") == TO


@pytest.mark.parametrize("to", TO)
def test_a_file_has_what_standard_output_has(to: str, recording: Path, tmp_path: Path) -> None:
    """Byte for byte, and nothing else is left beside it."""
    before = set(tmp_path.iterdir())
    printed = tracetui("export", recording, "--to", to)
    ran = tracetui("export", recording, "--to", to, "-o", tmp_path / "out")
    assert (printed.returncode, ran.returncode, ran.stdout) == (0, 0, b"")
    assert (tmp_path / "out").read_bytes() == printed.stdout
    assert set(tmp_path.iterdir()) - before == {tmp_path / "out"}


def test_what_cannot_be_carried_is_one_line(recording: Path) -> None:
    """On standard error: the document is not disturbed."""
    ran = tracetui("export", recording, "--to", "perfetto")
    assert ran.stderr.decode().splitlines() == [
        "tracetui: perfetto: 1 span on additional tracks, where others ran on the lane"
    ]
    json.loads(ran.stdout)


def test_a_file_that_is_there_stays_until_the_new_one_is(recording: Path, tmp_path: Path) -> None:
    """A run that fails leaves it as it was, and no part of another."""
    out = tmp_path / "out.json"
    out.write_text("old")
    spans = [span("no test")]
    (tmp_path / "none.jsonl").write_bytes(line(*spans))
    ran = tracetui("export", tmp_path / "none.jsonl", "--to", "test-durations", "-o", out)
    assert ran.returncode == 2
    assert b"no test ran here" in ran.stderr
    assert out.read_text() == "old"
    assert tracetui("export", recording, "--to", "test-durations", "-o", out).returncode == 0
    assert json.loads(out.read_text())["test_a.py::test_long"] == 3.0
    assert not list(tmp_path.glob(".*"))


def test_a_pipe_is_written_to(recording: Path, tmp_path: Path) -> None:
    """It is not replaced by a file."""
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()), daemon=True)
    reader.start()
    assert tracetui("export", recording, "--to", "csv", "-o", tmp_path / "pipe").returncode == 0
    reader.join(60)
    assert read[0].startswith(b"process,lane,")
    assert (tmp_path / "pipe").is_fifo()


def test_pytest_split_reads_the_durations(recording: Path, tmp_path: Path) -> None:
    """Of three tests, the long one is a group for itself: pytest-split says so."""
    write_suite(tmp_path, test_a="\n".join(f"def test_{name}(): pass" for name in ("long", "short", "other")))
    out = tmp_path / ".test_durations"
    assert tracetui("export", recording, "--to", "test-durations", "-o", out).returncode == 0
    options = ["--splits=2", "--group=1", "--splitting-algorithm=least_duration"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", *options],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Running group 1/2 (estimated duration: 3.00s)" in ran.stdout
    assert "1 passed, 2 deselected" in ran.stdout


def test_a_filter_keeps_trees(tmp_path: Path) -> None:
    """What matches, what is below it and what is above it; nothing beside it."""
    suite = span("depot", {"tracetui.span.role": "suite", "test.suite.name": "depot"}, end=T0 + 9 * S)
    good, bad = (
        case(f"a.py::{word}", word, start=T0, end=T0 + S, parent=suite) for word in ("passed", "failed")
    )
    phases = [span(f"call {test['name']}", parent=test) for test in (good, bad)]
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(suite, good, bad, *phases))
    ran = tracetui("export", path, "--to", "otlp", "--filter", "role:test outcome:failed")
    names = [each["name"] for each in json.loads(ran.stdout)["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert names == ["depot", "a.py::failed", "call a.py::failed"]


def test_hostile_notes_are_harmless(tmp_path: Path) -> None:
    """Nothing on standard error but printable ASCII, whatever tests are called."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(*(case(name, worker="gw0", end=T0 + S) for name in HOSTILE_NAMES)))
    for to in TO:
        stderr = tracetui("export", path, "--to", to).stderr.decode()
        assert stderr.replace("\n", "").isprintable()


@pytest.mark.parametrize("to_a_file", [True, False])
def test_writing_is_shown_beside_nothing_else(recording: Path, tmp_path: Path, to_a_file: bool) -> None:
    """Its line is not among what is printed on the same terminal."""
    options = ["-o", tmp_path / "out"] if to_a_file else []
    code, seen = on_a_terminal("export", recording, "--to", "csv", *options, script=HURRY)
    assert code == 0
    assert (b"writing csv" in seen) is to_a_file


def test_ids_that_are_not_hexadecimal(tmp_path: Path) -> None:
    """OTLP has no others: the same id is the same hash, so that trees stay, and one line says how many."""
    up = span("up", trace="t-1", id="a")
    made = [up, span("down", trace="t-1", id="b", parent=up)]
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(*made))
    ran = tracetui("export", path, "--to", "otlp")
    told = json.loads(ran.stdout)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    by_name = {each["name"]: each for each in told}
    assert by_name["down"]["parentSpanId"] == by_name["up"]["spanId"]
    assert all(re.fullmatch("[0-9a-f]{16}", each["spanId"]) for each in told)
    assert all(re.fullmatch("[0-9a-f]{32}", each["traceId"]) for each in told)


def test_durations_are_those_of_the_newest_run(tmp_path: Path) -> None:
    """Unless another is chosen; a filter would leave tests out that pytest-split needs."""
    for number in (1, 2):
        trace, start = f"{number:032x}", T0 + number * 3600 * S
        about = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
        suite = span("depot", about, trace=trace, start=start, end=start + 9 * S)
        end = start + 3 * S // number
        test = case("a.py::test_b", trace=trace, start=start, end=end, parent=suite)
        (tmp_path / f"{number}.jsonl").write_bytes(line(suite, test))
    for options, seconds in (((), 1.5), (("--run", "2"), 3.0)):
        ran = tracetui("export", tmp_path, "--to", "test-durations", *options)
        assert json.loads(ran.stdout) == {"a.py::test_b": seconds}
    ran = tracetui("export", tmp_path, "--to", "test-durations", "--filter", "role:test")
    assert (ran.returncode, ran.stdout) == (2, b"")


def test_nothing_is_no_file(recording: Path, tmp_path: Path) -> None:
    """A filter that means nothing is one line, and no file that nobody can open."""
    ran = tracetui(
        "export", recording, "--to", "otlp", "--filter", "role:archiver", "-o", tmp_path / "out.jsonl"
    )
    assert ran.returncode == 2
    assert ran.stderr == b"tracetui: no span matches the filter: there is nothing to export\n"
    assert not (tmp_path / "out.jsonl").exists()
