"""What pytest captured, as log records with the test's ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from opentelemetry.proto_json.logs.v1.logs import LogsData

from tests.tracing.recording import Record, lines_of, records, run_pytest, spans_in, with_role, write_suite

SUITE = """
    import logging, sys
    import pytest
    @pytest.fixture
    def loud():
        print("in setup")
        yield
        print("in teardown")
    def test_good(loud): print("well")
    def test_bad(loud):
        print("x" * 100_000 + "the end")
        sys.stderr.write("on stderr")
        logging.getLogger("app").warning("logged")
        assert 0
"""


def logs_in(directory: Path) -> list[Record]:
    """The records, by the official decoder's leave."""
    lines = lines_of(directory, "logs/*.logs.jsonl")
    for line in lines:
        assert LogsData.from_dict(json.loads(line)).to_dict() == json.loads(line)
    return records(lines, "Logs", "logRecords")


def test_the_output_of_a_failure_is_kept(tmp_path: Path) -> None:
    """By stream and phase, the end of what is long, with trace and span id; of good tests nothing."""
    write_suite(tmp_path, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui")
    (bad,) = [test for test in with_role(spans_in(tmp_path / "spans"), "test") if test.status == 2]
    logs = logs_in(tmp_path / "spans")
    assert {(log.trace, log.id) for log in logs} == {(bad.trace, bad.id)}
    said = {
        (log.attributes["tracetui.captured"], log.attributes["pytest.when"]): log.raw["body"]["stringValue"]
        for log in logs
    }
    assert {key: text.strip() for key, text in said.items() if key != ("stdout", "call")} == {
        ("stdout", "setup"): "in setup",
        ("stderr", "call"): "on stderr",
        ("log", "call"): said["log", "call"].strip(),
        ("stdout", "teardown"): "in teardown",
    }
    assert "logged" in said["log", "call"]
    long = said["stdout", "call"]
    assert long.startswith("[cut from 100008 characters]")
    assert long.endswith("the end\n")
    assert len(long) < 66_000
    stderr = next(log for log in logs if log.attributes["tracetui.captured"] == "stderr")
    assert stderr.attributes["log.iostream"] == "stderr"


@pytest.mark.parametrize(("capture", "tests"), [("all", 2), ("none", 0), ("failures", 1)])
def test_whose_output_is_kept_is_an_option(tmp_path: Path, capture: str, tests: int) -> None:
    """Of all tests, of none, of failures."""
    write_suite(tmp_path, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui", "-o", f"tracetui_capture={capture}")
    logs = logs_in(tmp_path / "spans")
    assert len({log.id for log in logs}) == tests


@pytest.mark.parametrize("option", ["tracetui_capture", "tracetui_context"])
def test_a_word_that_means_nothing_is_refused(tmp_path: Path, option: str) -> None:
    """It is a wrong use, and says what to write."""
    write_suite(tmp_path, test_all=SUITE)
    result = run_pytest(tmp_path, "--tracetui", "-o", f"{option}=some")
    assert result.returncode == 4
    assert f"{option} = 'some': write one of" in result.stderr
