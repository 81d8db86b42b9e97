"""The span of the collection: what is imported, for how long, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite
from tracetui.analysis.study.findings import study
from tracetui.ingest import load


def test_imports_are_below_the_collection(tmp_path: Path) -> None:
    """A span for each file; one that cannot be imported tells why, one that skips itself is not bad."""
    write_suite(
        tmp_path,
        test_slow="import time; time.sleep(0.1)\ndef test_one(): pass",
        test_broken="import no_such_module",
        test_away="import pytest; pytest.skip('away', allow_module_level=True)",
    )
    assert run_pytest(tmp_path, "--tracetui").returncode == 2
    spans = spans_in(tmp_path / "spans")
    (collection,) = [span for span in with_role(spans, "hook") if span.name == "collection"]
    files = {span.name: span for span in spans if span.parent == collection.id}
    assert collection.parent == with_role(spans, "suite")[0].id
    assert collection.attributes["tracetui.collection.tests"] == 1
    assert set(files) == {f"collect test_{name}.py" for name in ("slow", "broken", "away")}
    assert files["collect test_slow.py"].duration_ns >= 100_000_000
    broken = files["collect test_broken.py"]
    assert broken.status == 2
    assert "no_such_module" in broken.raw["status"]["message"]
    assert "no_such_module" in broken.exceptions[0]["exception.message"]
    assert broken.attributes["code.file.path"] == str(tmp_path / "test_broken.py")
    assert files["collect test_away.py"].status == 1


def test_workers_collect_and_the_controller_does_not(tmp_path: Path) -> None:
    """Under xdist the collection hangs below each worker."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    run_pytest(tmp_path, "--tracetui", "-n", "2")
    spans = spans_in(tmp_path / "spans")
    collections = [str(span.parent) for span in spans if span.name == "collection"]
    assert sorted(collections) == sorted(worker.id for worker in with_role(spans, "worker"))


MANY = """
    import pathlib, pytest
    read, live = pathlib.Path.read_text, pathlib.Path("spans/live")
    @pytest.mark.parametrize("n", range(7))
    def test_work(n): assert "testscollected" in "".join(map(read, live.iterdir()))
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["-k", "not 3"], 6), (["-x", "-n", "2"], 7), (["-n", "2", "--dist", "each"], 14)],
)
def test_a_suite_tells_how_many_tests_it_is_going_to_run(
    tmp_path: Path, arguments: list[str], expected: int
) -> None:
    """As soon as they are collected, so that each test finds it told: those left out do not count."""
    write_suite(tmp_path, test_many=MANY)
    result = run_pytest(tmp_path, "--tracetui", *arguments)
    assert result.returncode == 0, result.stdout
    (suite,) = with_role(spans_in(tmp_path / "spans"), "suite")
    assert suite.attributes["pytest.testscollected"] == expected


def test_a_killed_run_has_told_how_many_tests_it_was_going_to_run(tmp_path: Path) -> None:
    """The start records that it leaves are enough for the reader to say: one of three."""
    kill = "import os, signal\ndef test_a(): pass\ndef test_b(): os.kill(os.getpid(), 9)\ndef test_c(): pass"
    write_suite(tmp_path, test_kill=kill)
    run_pytest(tmp_path, "--tracetui")
    summary = study(load([str(tmp_path / "spans")]).table.snapshot(), 0).summary
    assert (summary.tests, summary.expected) == (2, 3)
