"""`tracetui report`: the newest run, to standard output or a file."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.builders import T0, S, case, line, span
from tests.cli.running import answer, tracetui
from tracetui.cli.hand_over.report import FORMATS, RESULTS
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
    assert tuple(formats.FORMATS) == RESULTS
    assert set(RESULTS) < set(FORMATS)


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


@pytest.mark.parametrize("form", ["md", *RESULTS])
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


def test_markdown(runs: Path) -> None:
    """Verdict first; against a baseline what changed."""
    page = tracetui("report", runs, "--run", "1", "--format", "md").stdout.decode()
    assert page.startswith("## ✗ depot\n\n**the only test failed**\n")
    assert "Against the baseline" not in page
    page = tracetui(
        "report", runs, "--run", "1", "--format", "md", "--baseline", runs / "0.jsonl"
    ).stdout.decode()
    assert "### Against the baseline" in page
    assert "newly failing" in page


def test_one_page(runs: Path) -> None:
    """With what the directory tells of earlier runs, and what changed against a baseline."""
    page = tracetui("report", runs, "--format", "html", "--baseline", runs / "0.jsonl")
    assert page.returncode == 0
    assert page.stderr == b"tracetui: html: the newest of 2 runs (--run all for all)\n"
    shown = page.stdout.decode()
    assert shown.startswith("<!doctype html>")
    assert "the only test failed" in shown
    sections = re.findall(r'<section id="(\w+)">', shown)
    assert sections[-2:] == ["comparison", "history"]
    assert "1 newly failing" in shown
    one = tracetui("report", runs / "0.jsonl", "--format", "html", "--filter", "outcome:failed")
    assert one.returncode == 0
    assert "comparison" not in (alone := one.stdout.decode().partition("<main>")[2].partition("<script>")[0])
    assert "Nothing that matches the filter failed." in alone


def test_tickets(runs: Path, tmp_path: Path) -> None:
    """A file for each failed and each slow test, called the same in the next run."""
    options = ("report", runs, "--format", "md", "--split", tmp_path / "tickets")
    ran = tracetui(*options, "--run", "1")
    assert ran.stderr.decode() == f"tracetui: 2 tickets in {tmp_path / 'tickets'}\n"
    first = sorted(path.name for path in (tmp_path / "tickets").iterdir())
    assert [name.partition("-")[0] for name in first] == ["failed", "slow"]
    tracetui(*options, "--run", "1")
    assert sorted(path.name for path in (tmp_path / "tickets").iterdir()) == first
    ran = tracetui("report", runs, "--format", "csv", "--split", tmp_path / "more", "--run", "1")
    assert ran.returncode == 2
    assert b"--split DIR goes with --format md" in ran.stderr
    ran = tracetui("report", runs, "--format", "csv", "--baseline", runs)
    assert (ran.returncode, b"--baseline goes with --format html, md, github" in ran.stderr) == (2, True)


def test_github(runs: Path, tmp_path: Path) -> None:
    """The summary goes behind what is in the step's file, within GitHub's limit; annotations are printed."""
    step = tmp_path / "step.md"
    step.write_text("before\n")
    options = ("report", runs, "--run", "1", "--format", "github")
    ran = tracetui(*options, GITHUB_STEP_SUMMARY=str(step))
    assert step.read_text().startswith("before\n## ✗ depot\n")
    assert ran.stdout.startswith(b"::error ")
    assert ran.stdout.count(b"\n") == 1
    step.write_text("x" * 1000 * 1024)
    tracetui(*options, GITHUB_STEP_SUMMARY=str(step))
    assert step.stat().st_size <= 1024 * 1024
    printed = tracetui(*options).stdout.decode()
    assert printed.startswith("## ✗ depot\n")
    assert "\n::error " in printed
