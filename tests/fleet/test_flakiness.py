"""Flaky is what passes and fails at the same code; broken, and failing on one variant, is not."""

from pathlib import Path
from typing import Any

import pytest

from tests.fleet.lake import Plan, fleet, write_lake
from tests.fleet.lakes import fact
from tests.fleet.test_questions import of_facts
from tracetui.analysis.statistics.discoveries import wilson
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.answer import Answer
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.flaky import flaky
from tracetui.fleet.store import open_store


def asked(lake: Path, rows: list[Any]) -> Answer:
    """What a store of a few facts says."""
    with of_facts(lake, rows) as store:
        return flaky(Question(store, Window()))


def at(number: int, outcome: str, **more: Any) -> Any:
    """A run of the test `t`, one an hour, at a revision of its own."""
    told = {"run": f"run{number}", "revision": f"revision{number}", "outcome": outcome, "total_ns": 7} | more
    return fact("t", at=f"2026-10-01T{number:02}:00:00", **told)


def test_planted_tests_are_found(tmp_path: Path) -> None:
    """All flaky ones and no other; broken tests and those that fail on one variant are told apart."""
    plan = Plan(tests=60)
    table = fleet(plan)
    with open_store(f"lake://{write_lake(tmp_path, table)}") as store:
        answer = flaky(Question(store, Window()))
    assert {row["test"] for row in answer.rows} == set(plan.names("flaky"))
    broken = answer.head["broken"]
    assert isinstance(broken, list)
    assert {each["test"] for each in broken} == {*plan.names("broken"), *plan.names("only_on_one")}
    alone = [each for each in broken if each["test"] in plan.names("only_on_one")]
    assert {each["variant"] for each in alone} == {plan.variants[-1]}
    assert all(each["passes_elsewhere"] and not each["ever_passed"] for each in alone)
    tests = [each for each in table.to_pylist() if each["role"] == "test"]
    for row in answer.rows:
        cells: dict[Any, list[bool]] = {}
        for each in tests:
            if each["test"] == row["test"]:
                cells.setdefault((each["variant"], each["revision"]), []).append(each["outcome"] == "failed")
        mixed = [fails for fails in cells.values() if any(fails) and not all(fails)]
        good = sum(len(fails) for fails in cells.values() if not any(fails))
        assert row["failed"] == sum(map(sum, mixed))
        assert row["count"] == sum(map(len, mixed)) + good
        assert (row["low"], row["high"]) == wilson(row["failed"], row["count"])
        assert len(row["evidence"]) == len(mixed)


def test_evidence(tmp_path: Path) -> None:
    """Which runs contradict each other, at which revision; one revision makes a suspect only."""
    rows = [
        at(1, "passed", revision="abc"),
        at(2, "failed", revision="abc"),
        at(3, "passed"),
        at(4, "passed"),
    ]
    (row,) = asked(tmp_path, rows).rows
    (evidence,) = row["evidence"]
    assert (row["verdict"], row["count"], row["failed"], row["cost_ns"]) == ("suspect", 4, 1, 7)
    assert (evidence["revision"], evidence["failed_run"], evidence["passed_run"]) == ("abc", "run2", "run1")


@pytest.mark.parametrize("differs", ["variant", "task", "suite", "revision"])
def test_elsewhere_is_no_contradiction(tmp_path: Path, differs: str) -> None:
    """A failure on another machine, in another job or at another revision may have a reason."""
    rows = [at(1, "passed", revision="abc"), at(2, "failed", **({"revision": "abc"} | {differs: "other"}))]
    assert not asked(tmp_path, rows).rows


def test_without_a_revision_attempts_of_a_run_tell(tmp_path: Path) -> None:
    """They ran the same code; other runs may not have."""
    rows = [
        at(1, "failed", revision="", run="7"),
        at(2, "passed", revision="", run="7", attempt=2),
        at(3, "failed", revision="", run="8"),
    ]
    (row,) = asked(tmp_path, rows).rows
    (evidence,) = row["evidence"]
    assert (evidence["run"], evidence["revision"], row["failed"], row["unclear"]) == ("7", "", 1, 1)


def test_a_rerun_that_passed(tmp_path: Path) -> None:
    """One fact stands for all attempts: it failed as often as it was rerun."""
    (row,) = asked(tmp_path, [at(1, "passed", reruns=2), at(2, "passed")]).rows
    assert (row["failed"], row["count"]) == (2, 4)
    assert row["evidence"][0]["reruns"] == 2


@pytest.mark.parametrize(
    ("outcomes", "times"),
    [("pff", 2), ("pfp", 0), ("ff", 2), ("pf", 1), ("ps", 0)],
)
def test_broken(tmp_path: Path, outcomes: str, times: int) -> None:
    """What failed each time since it last passed, if ever it did."""
    words = {"p": "passed", "f": "failed", "s": "skipped"}
    answer = asked(tmp_path, [at(number, words[each]) for number, each in enumerate(outcomes)])
    broken = answer.head["broken"]
    assert isinstance(broken, list)
    assert [each["times"] for each in broken] == [times] * bool(times)
    assert [each["ever_passed"] for each in broken] == ["p" in outcomes] * bool(times)
    assert not answer.rows


def test_a_flaky_test_is_broken_only_beyond_chance(tmp_path: Path) -> None:
    """One more failure of a test that fails in half of its runs says nothing; a dozen do."""
    flips = [at(n, "failed" if n % 2 else "passed", revision=f"r{n // 2}") for n in range(10)]
    for last, broken in ((1, 0), (12, 1)):
        more = [at(10 + n, "failed", revision=f"new{n}") for n in range(last)]
        answer = asked(tmp_path / str(last), [*flips, *more])
        assert [row["verdict"] for row in answer.rows] == ["flaky"]
        assert len(answer.head["broken"]) == broken  # type: ignore[arg-type]
