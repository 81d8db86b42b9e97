"""`tracetui report`: the newest run, to standard output or a file."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.builders import T0, S, case, line, span
from tests.cli.running import answer, tracetui
from tracetui.cli.hand_over.report import FORMATS
from tracetui.report.formats import formats


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs, an hour apart: in the newer one a test failed."""
    directory = tmp_path / "spans"
    directory.mkdir()
    for number, word in enumerate(("passed", "failed")):
        trace, start = f"{number + 1:032x}", T0 + number * 3600 * S
        about = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
        about["test.suite.run.status"] = "success" if word == "passed" else "failure"
        suite = span("depot", about, trace=trace, start=start, end=start + 2 * S)
        test = case("a.py::test_b", word, trace=trace, start=start, end=start + S, parent=suite)
        (directory / f"{number}.jsonl").write_bytes(line(suite, test))
    return directory


def test_every_format_is_an_option() -> None:
    """Help knows them without loading any."""
    assert tuple(formats.FORMATS) == FORMATS


def test_of_several_runs_the_newest_counts(runs: Path) -> None:
    """One line says so; `--run` chooses another, or all."""
    ran = tracetui("report", runs, "--format", "junit")
    assert ran.stderr == b"tracetui: junit: the newest of 2 runs (--run all for all)\n"
    (case_,) = ET.fromstring(ran.stdout).iter("testcase")
    assert case_.find("failure") is not None
    for run, number in (("1", 1), ("2", 1), ("all", 2)):
        ran = tracetui("report", runs, "--format", "junit", "--run", run)
        assert ran.stderr == b""
        assert ET.fromstring(ran.stdout).get("tests") == str(number)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_has_what_standard_output_has(form: str, runs: Path, tmp_path: Path) -> None:
    """Byte for byte."""
    printed = tracetui("report", runs, "--run", "newest", "--format", form)
    ran = tracetui("report", runs, "--run", "newest", "--format", form, "-o", tmp_path / "out")
    assert (printed.returncode, ran.returncode, ran.stdout) == (0, 0, b"")
    assert (tmp_path / "out").read_bytes() == printed.stdout


def test_the_document(runs: Path) -> None:
    """A row for each test, its attempts in it."""
    document = answer("report", runs, "--run", "newest")
    assert document["schema"] == "tracetui.report/1"
    (row,) = document["rows"]
    told = {key: row[key] for key in ("role", "name", "suite", "file", "outcome", "is_flaky")}
    expected = {"role": "test", "name": "a.py::test_b", "suite": "depot", "file": "a.py"}
    assert told == expected | {"outcome": "failed", "is_flaky": False}
    assert [attempt["own_ns"] for attempt in row["attempts"]] == [S]


def test_a_filter_reports_only_what_it_means(runs: Path) -> None:
    """A test that does not match is not in it."""
    ran = tracetui("report", runs, "--run", "all", "--format", "ctrf", "--filter", "outcome:passed role:test")
    assert json.loads(ran.stdout)["results"]["summary"]["tests"] == 1
