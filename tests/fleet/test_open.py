"""`tracetui fleet open`: what the screen is told of a store, and what is said where there is nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.running import tracetui
from tests.fleet.lakes import declare, fact, write
from tests.fleet.runs import load, spans_of, write_run
from tracetui.cli.fleet import fleet
from tracetui.cli.fleet.opening import StoreAnswers
from tracetui.errors import InputError
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import open_sink
from tracetui.model.role import Outcome
from tracetui.ui.fleet.answers import FleetAnswers

TEST = "tests/test_0.py::test_9"
"""The one that failed."""


@pytest.fixture
def answers(tmp_path: Path) -> FleetAnswers:
    """Of a lake with two runs."""
    url = f"lake://{tmp_path}/lake"
    load(url, *(write_run(tmp_path / f"run-{number}.jsonl", number) for number in (1, 2)))
    return StoreAnswers(url, Window())


def test_tests_and_runs_are_those_of_the_store(answers: FleetAnswers, tmp_path: Path) -> None:
    """A ranking as `fleet slowest` has it; the runs of a test with the file of each."""
    ranking = answers.ranking()
    assert len(ranking.tests) == 10
    test = next(each for each in ranking.tests if each.name == TEST)
    assert (test.runs, test.count, test.failed, test.total_ns) == (2, 2, 2, 20_000_000)
    one = answers.one(TEST)
    assert {run.run for run in one.runs} == {"run-1", "run-2"}
    assert {run.outcome for run in one.runs} == {Outcome.FAILED}
    run = next(run for run in one.runs if run.run == "run-2")
    recording = answers.recording(run)
    assert list(recording.paths) == [str(tmp_path / "run-2.jsonl")]
    assert recording.at == (f"{2:032x}", spans_of(2, 10)[9]["spanId"])
    assert [trend.n for trend in answers.one("tests/test_0.py::test_0").history.rows] == [2]


def test_a_recording_that_was_deleted_is_gone(answers: FleetAnswers, tmp_path: Path) -> None:
    """It is said where it was."""
    run = answers.one(TEST).runs[0]
    Path(run.source).unlink()
    with pytest.raises(InputError, match=f"is gone; it was {tmp_path}/run-"):
        answers.recording(run)
    with pytest.raises(InputError, match="came from a Collector"):
        answers.recording(run._replace(source=""))


def test_an_engine_that_fails_is_said_in_a_line(answers: FleetAnswers, tmp_path: Path) -> None:
    """Files of a lake that go while it is open, or are no longer what they were."""
    for file in (tmp_path / "lake" / "facts").rglob("*.parquet"):
        file.write_bytes(b"no Parquet")
    for ask in (answers.ranking, lambda: answers.one(TEST)):
        with pytest.raises(InputError, match=r"^lake:///.*/lake: the store does not answer: [^\n]+$"):
            ask()


def test_the_other_files_of_a_run_are_opened_too(tmp_path: Path) -> None:
    """Each process writes its own; of an archive's members the archive is opened, and once."""
    lake, there, beside = tmp_path / "lake", tmp_path / "one.zip", tmp_path / "two.jsonl"
    there.touch()
    beside.touch()
    sources = (f"{there}!a", f"{there}!b", str(beside), str(tmp_path / "gone"))
    rows = [fact(f"t{place}", run="r", source=source) for place, source in enumerate(sources)]
    write(lake / "facts/date=2026-10-01/x.parquet", [*rows, fact("t0", run="s", source="elsewhere")])
    declare(lake, "x", "facts/date=2026-10-01/x.parquet")
    answers = StoreAnswers(f"lake://{lake}", Window())
    run = next(run for run in answers.one("t0").runs if run.run == "r")
    assert list(answers.recording(run).paths) == [str(there), str(beside)]


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    """And how to load it."""
    url = f"duckdb://{tmp_path}/empty.db"
    open_sink(url).create()
    with pytest.raises(InputError, match="the store is empty; load recordings with"):
        StoreAnswers(url, Window()).require_runs()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--store", "lake://lake", "--branch", "none"], "no run is in this window"),
        (["--store", "nowhere:///x"], "nowhere"),
        (["--store", "lake://missing"], "missing"),
    ],
)
def test_where_there_is_nothing_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    """A window without runs, a URL that is none, a lake that is not there."""
    monkeypatch.chdir(tmp_path)
    load("lake://lake", write_run(tmp_path / "run.jsonl", 1))
    ran = CliRunner().invoke(fleet, ["open", *words])
    assert isinstance(ran.exception, InputError)
    assert said in str(ran.exception)
    assert "\n" not in str(ran.exception)


def test_without_a_terminal_the_slowest_are_printed(answers: FleetAnswers, tmp_path: Path) -> None:
    """As `tracetui open` prints pages; a window without runs has the exit code of wrong use."""
    assert answers.ranking().tests
    store = f"lake://{tmp_path}/lake"
    assert b"10 tests took 200ms" in tracetui("fleet", "open", "--store", store).stdout
    ran = tracetui("fleet", "open", "--store", store, "--suite", "none")
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (2, b"", 1)
