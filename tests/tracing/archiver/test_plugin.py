"""The archiver in real pytest runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tracing.archiver.archives import members
from tests.tracing.recording import Record, run_pytest, spans_in, starts_in, with_role, write_suite
from tracetui.tracing.archiver.cores.core_pattern import core_dumps_allowed, system_core_pattern

SUITE = """
    import pytest

    @pytest.fixture
    def database(tmp_path):
        (tmp_path / "data").write_text("evidence")
        yield
        (tmp_path / "data").unlink()

    @pytest.fixture
    def leaky():
        yield
        raise OSError("in teardown")

    @pytest.fixture
    def broken(tmp_path):
        (tmp_path / "setup").write_text("evidence")
        raise ValueError("in setup")

    def test_good(database): pass

    def test_bad(database): assert 0

    def test_leaky(tmp_path, leaky): (tmp_path / "file").write_text("evidence")

    def test_broken(tmp_path, broken): pass

    @pytest.mark.xfail
    def test_as_expected(database): assert 0
"""


def archives(directory: Path) -> dict[str, list[str]]:
    """The members of all archives, by the span of the test they hang under."""
    spans = spans_in(directory / "spans")
    by_id = {span.id: span.name for span in [*spans, *starts_named(directory)]}
    found = {}
    for span in with_role(spans, "archiver"):
        assert span.name == "archive"
        path = directory / "spans" / span.attributes["tracetui.archive.path"]
        content = members(path)
        assert span.attributes["tracetui.archive.files"] == len(content) - 1
        assert span.attributes["tracetui.archive.size_bytes"] == path.stat().st_size
        found[by_id[str(span.parent)].rpartition("::")[2]] = sorted(content)
    return found


def starts_named(directory: Path) -> list[Record]:
    """Start records, with the span's name as theirs."""
    starts = starts_in(directory / "spans")
    return [
        Record({**start.raw, "name": start.attributes["tracetui.span.name"]}, start.resource)
        for start in starts
    ]


@pytest.mark.parametrize("workers", [[], ["-n", "2"], ["-o", "tracetui_context=isolate"]])
def test_what_fails_is_archived_before_it_is_torn_down(tmp_path: Path, workers: list[str]) -> None:
    """Call, setup and teardown, with tmp_path and globs, under the test, isolated or not."""
    write_suite(tmp_path, test_all=SUITE)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "server.log").write_text("x")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntracetui_archive =\n    tmp_path\n    logs/*.log\n")
    result = run_pytest(tmp_path, "--tracetui", *workers)
    assert result.returncode == 1
    assert re.search(r"tracetui: 3 archives \(\d+\.\d kB\) in spans/artifacts", result.stdout)
    both = ["MANIFEST.json", "logs/server.log"]
    assert archives(tmp_path) == {
        "test_bad": [*both, "tmp_path/data"],
        "test_leaky": [*both, "tmp_path/file"],
        "test_broken": [*both, "tmp_path/setup"],
    }
    left = [path.name for path in (tmp_path / "spans" / "artifacts").iterdir() if path.name.startswith(".")]
    assert sorted(left) == [".gitignore", ".lock"]


def test_limits_hold_for_all_workers_together(tmp_path: Path) -> None:
    """Two tests are archived of six; the others have a span that says why not, and the end says how many."""
    write_suite(
        tmp_path, test_six="import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test(n): assert 0"
    )
    options = ["--tracetui-archive=*.py", "--tracetui-archive-limit=tests=2", "-n", "2"]
    result = run_pytest(tmp_path, "--tracetui", *options)
    spans = with_role(spans_in(tmp_path / "spans"), "archiver")
    assert len([span for span in spans if "tracetui.archive.path" in span.attributes]) == 2
    refused = [span.attributes for span in spans if "tracetui.archive.path" not in span.attributes]
    assert {tuple(attributes["tracetui.archive.left_out"]) for attributes in refused} == {
        ("everything: 2 tests of this run are archived already",)
    }
    assert len(refused) == 4
    assert "4 failed tests are not archived: the limits of this run are reached" in result.stdout
    assert len(list((tmp_path / "spans" / "artifacts").glob("*.zst"))) == 2


def test_what_a_crashed_worker_was_at_is_archived(tmp_path: Path) -> None:
    """By the controller, under the test's own span."""
    suite = """
        import os
        def test_crash(tmp_path):
            (tmp_path / "last").write_text("words")
            os.kill(os.getpid(), 9)
    """
    write_suite(tmp_path, test_crash=suite)
    run_pytest(tmp_path, "--tracetui", "--tracetui-archive=tmp_path", "-n", "1", "--max-worker-restart=0")
    assert archives(tmp_path) == {"test_crash": ["MANIFEST.json", "tmp_path/last"]}


@pytest.mark.skipif(bool(system_core_pattern().why), reason="core dumps go elsewhere on this system")
def test_the_core_dump_of_a_child_is_archived(tmp_path: Path) -> None:
    """Of a process that a failed test started: with its name, pid and signal on the span."""
    suite = """
        import os, subprocess, sys
        def test_child(tmp_path):
            code = "import os; print(os.getpid(), flush=True); os.abort()"
            subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    """
    write_suite(tmp_path, test_core=suite)
    with core_dumps_allowed() as why:
        pass
    if why:
        pytest.skip(why)
    run_pytest(tmp_path, "--tracetui", "--tracetui-cores")
    assert archives(tmp_path) == {"test_child": ["MANIFEST.json", "core/1/core"]}
    (span,) = with_role(spans_in(tmp_path / "spans"), "archiver")
    assert span.attributes["process.signal"] == "SIGABRT"
    assert span.attributes["tracetui.archive.warning"] == "contains memory and secrets"


def test_a_project_may_name_tests(tmp_path: Path) -> None:
    """Only tests whose ids match are archived."""
    write_suite(tmp_path, test_two="def test_a(): assert 0\ndef test_b(): assert 0")
    ini = "[pytest]\ntracetui_archive = *.py\ntracetui_archive_tests = *::test_b\n"
    (tmp_path / "pytest.ini").write_text(ini)
    run_pytest(tmp_path, "--tracetui")
    assert archives(tmp_path) == {"test_b": ["MANIFEST.json", "test_two.py"]}


def test_nothing_is_archived_unless_asked_for(tmp_path: Path) -> None:
    """Without the options there is neither a span nor a directory."""
    write_suite(tmp_path, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui")
    assert with_role(spans_in(tmp_path / "spans"), "archiver") == []
    assert not (tmp_path / "spans" / "artifacts").exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--tracetui-archive=/etc/*", "'/etc/*' cannot be archived: write a glob relative to"),
        ("--tracetui-archive=../*", "'../*' cannot be archived: write a glob relative to"),
        (
            "--tracetui-archive-limit=hats=2",
            "'hats=2' is not a limit; write NAME=VALUE, NAME one of",
        ),
    ],
)
def test_options_that_make_no_sense_end_the_run(tmp_path: Path, option: str, message: str) -> None:
    """Before anything is run, with what to write instead."""
    write_suite(tmp_path, test_one="def test(): pass")
    result = run_pytest(tmp_path, "--tracetui", option)
    assert result.returncode == 4
    assert message in result.stderr


def test_archiving_that_goes_wrong_fails_nothing(tmp_path: Path) -> None:
    """Where no archive can be written the tests are judged as ever, and the fault is told."""
    write_suite(tmp_path, test_all="def test_a(): assert 0\ndef test_b(): pass")
    (tmp_path / "spans").mkdir()
    (tmp_path / "spans" / "artifacts").write_text("in the way")
    result = run_pytest(tmp_path, "--tracetui", "--tracetui-archive=*.py")
    assert "1 failed, 1 passed" in result.stdout
    assert "internal errors (" in result.stdout
    (span,) = with_role(spans_in(tmp_path / "spans"), "archiver")
    assert span.status == 2


def test_a_project_is_warned_of_secrets(tmp_path: Path) -> None:
    """With core dumps the end of the run says what is in them."""
    write_suite(tmp_path, test_all="def test_a(): assert 0")
    result = run_pytest(tmp_path, "--tracetui", "--tracetui-archive=*.py", "--tracetui-cores")
    assert "core dumps are archived too: they contain memory and secrets" in result.stdout
