"""When tests became slower, over the runs of a fleet."""

from pathlib import Path

import numpy as np
import pytest

from tests.fleet.lake import DAY_NS, FIRST_NS, Plan, fleet, write_lake
from tests.fleet.lakes import fact
from tests.fleet.test_questions import of_facts
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.history import history
from tracetui.fleet.store import open_store

PLAN = Plan(tests=40, regressed=4, flaky=2, runs_a_day=4, factor=1.5, variants=("linux",))


def test_planted_changes_are_found_where_they_are(tmp_path: Path) -> None:
    """All of them, near the day, by about as much; no other test changed."""
    with open_store(f"lake://{write_lake(tmp_path, fleet(PLAN))}") as store:
        answer = history(Question(store, Window()))
        (only,) = history(Question(store, Window()), PLAN.names("regressed")[0]).rows
    changed = {row["test"]: row for row in answer.rows if row["changes"]}
    assert set(changed) == set(PLAN.names("regressed"))
    for row in changed.values():
        (change,) = row["changes"]
        assert abs(change["start_ns"] - (FIRST_NS + PLAN.from_day * DAY_NS)) < DAY_NS
        assert row["since_ns"] == change["start_ns"]
    ratio = np.median([row["ratio"] for row in changed.values()])
    assert ratio == pytest.approx(PLAN.factor, rel=0.06)
    assert len(only["points"]) == only["n"] == PLAN.days * PLAN.runs_a_day
    assert [point["start_ns"] for point in only["points"]] == sorted(
        (point["start_ns"] for point in only["points"]), reverse=True
    )
    assert "points" not in answer.rows[0]


def test_a_part_of_a_name(tmp_path: Path) -> None:
    """Every test that has it, whatever its case; a whole name means that one alone."""
    rows = [fact(name, run="1") for name in ("Alpha", "alphabet", "beta")]
    with of_facts(tmp_path, rows) as store:
        question = Question(store, Window())
        assert {row["test"] for row in history(question, "ALPHA").rows} == {"Alpha", "alphabet"}
        assert {row["test"] for row in history(question, "Alpha").rows} == {"Alpha"}
        nothing = history(question, "gamma")
    assert not nothing.rows
    assert "no test is called gamma" in nothing.remarks


def test_few_runs_and_many_tests_are_said(tmp_path: Path) -> None:
    """Too few to tell; and that only those that take most time are followed."""
    rows = [fact(f"t{number}", run="1", own_ns=number + 1) for number in range(6)]
    with of_facts(tmp_path, rows) as store:
        answer = history(Question(store, Window()), followed=4)
    assert {row["test"] for row in answer.rows} == {"t2", "t3", "t4", "t5"}
    assert answer.head["needs"] == 8
    assert answer.said == "4 tests, too few runs to tell"
    assert any("the 4 tests that take most time" in remark for remark in answer.remarks)


def test_runs_are_told_apart(tmp_path: Path) -> None:
    """By variant and attempt: each has values of its own."""
    rows = [
        fact(
            "t",
            run="1",
            attempt=attempt,
            variant=variant,
            own_ns=100 * attempt,
            at=f"2026-10-01T0{attempt}:00:00",
        )
        for attempt in (1, 2)
        for variant in ("a", "b")
    ]
    with of_facts(tmp_path, rows) as store:
        found = history(Question(store, Window()), "t").rows
    assert [(row["variant"], row["n"], row["last_ns"]) for row in found] == [("a", 2, 200), ("b", 2, 200)]
    assert [point["run"] for point in found[0]["points"]] == ["1/2", "1"]
