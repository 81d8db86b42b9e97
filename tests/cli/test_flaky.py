"""`tracetui flaky` on real files, from the command line."""

from pathlib import Path

import pytest

from tests.builders import T0, S, case, line, span
from tests.cli.running import answer, tracetui

HOUR = 3600 * S


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Three runs of two tests at one revision, of which `t` failed once."""
    for number, outcome in enumerate(("passed", "failed", "passed")):
        at, trace = T0 + number * HOUR, f"{number + 1:032x}"
        told = {"tracetui.span.role": "suite", "vcs.ref.head.revision": "c0ffee00"}
        suite = span("s", told, start=at, end=at + 9 * S, trace=trace)
        tests = [
            case("t", outcome, start=at, end=at + S, parent=suite, trace=trace),
            case("u", start=at + S, end=at + 2 * S, parent=suite, trace=trace),
        ]
        resource = {"service.name": "depot", "vcs.ref.head.revision": "c0ffee00"}
        (tmp_path / f"run{number}.jsonl").write_bytes(line(suite, *tests, resource=resource))
    return tmp_path


def test_json(directory: Path) -> None:
    """One flaky test of two, with both sides of the evidence."""
    found = answer("flaky", directory)
    (row,) = found["rows"]
    assert (row["name"], row["runs"], row["failed"]) == ("t", 3, 1)
    assert {entry["revision"] for entry in row["evidence"]} == {"c0ffee00"}
    assert [entry["outcome"] for entry in row["evidence"]] == ["passed", "failed"]


def test_a_fix_on_the_command_line_or_in_the_project(directory: Path) -> None:
    """Both reset it; a fix without a revision is wrong use, said in one line."""
    assert answer("flaky", directory, "--fixed", "t@2026-12-31")["rows"] == []
    (directory / "pyproject.toml").write_text(
        '[tool.tracetui.fixed]\nt = "2026-12-31"\nu = ["c0ff", "eeee"]\n'
    )
    page = tracetui("flaky", directory, cwd=directory).stdout.decode()
    assert page.startswith("3 runs: no test is known to be flaky\n")
    assert "no run here has eeee: u is not reset" in page
    ran = tracetui("flaky", directory, "--fixed", "t")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode().count("\n") == 1
    assert b"expected TEST@REVISION" in ran.stderr


def test_one_run_alone(directory: Path) -> None:
    """Within one run nothing was rerun: nothing is known."""
    page = tracetui("flaky", directory, "--run", "1").stdout.decode()
    assert page.startswith("1 run: no test is known to be flaky\nno revision ran twice")
