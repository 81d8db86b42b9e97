"""What is added up: the tests, hooks, archivers and costs of a fleet, against the same in Python."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fleet.answers import BAD, Fact, core_ns, grouped, nearest_rank, of_role, runs
from tests.fleet.lake import DAY_NS, FIRST_NS, Plan, fleet, write_lake
from tests.fleet.lakes import declare, fact, write
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.cost import cost
from tracetui.fleet.report.doctor import doctor
from tracetui.fleet.report.overheads import archive, hooks
from tracetui.fleet.report.slowest import slowest
from tracetui.fleet.report.stats import stats
from tracetui.fleet.store import Store, open_store
from tracetui.report.deciding.ledger import price

SMALL = Plan(tests=40, runs_a_day=3)
WEEK = Window(FIRST_NS + 2 * DAY_NS + 5, FIRST_NS + 9 * DAY_NS + 3)


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    """All facts of a fleet."""
    rows: list[Fact] = fleet(SMALL).to_pylist()
    return rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same as a lake."""
    lake = write_lake(tmp_path_factory.mktemp("lake"), fleet(SMALL))
    with open_store(f"lake://{lake}") as opened:
        yield opened


def inside(facts: list[Fact], window: Window) -> list[Fact]:
    """Those of a window."""
    return [
        each
        for each in facts
        if (window.since_ns or 0) <= each["start_ns"] < (window.until_ns or 2**63)
        and (not window.branches or each["branch"] in window.branches)
        and (not window.variants or each["variant"] in window.variants)
        and (not window.owners or each["owner"] in window.owners)
        and (not window.suites or each["suite"] in window.suites)
    ]


@pytest.mark.parametrize(
    "window",
    [
        Window(),
        WEEK,
        replace(WEEK, branches=("release",)),
        Window(variants=("macos",), owners=("team1", "")),
        Window(suites=("suite2",)),
    ],
)
def test_the_slowest_tests(store: Store, facts: list[Fact], window: Window) -> None:
    """Counts and sums are exact, quantiles within 1 %, shares are of all that took time."""
    answer = slowest(Question(store, window, price("0.04/h")))
    held = inside(facts, window)
    work = of_role(held, "test", "hook", "fixture", "archiver")
    whole = sum(each["own_ns"] for each in work)
    expected = grouped(of_role(held, "test"), "test")
    assert answer.head["runs"] == runs(held)
    assert {(row["test"],) for row in answer.rows} == set(expected)
    for row in answer.rows:
        rows = expected[row["test"],]
        took = [each["own_ns"] for each in rows]
        assert (row["runs"], row["count"]) == (runs(rows), len(rows))
        assert row["failed"] == sum(each["outcome"] in BAD for each in rows)
        assert (row["total_ns"], row["max_ns"]) == (sum(took), max(took))
        for name, percent in (("p50_ns", 50), ("p95_ns", 95)):
            assert row[name] == pytest.approx(nearest_rank(took, percent), rel=0.01)
        assert row["share"] == pytest.approx(sum(took) / whole, rel=1e-12)
        assert row["cost"] == pytest.approx(sum(map(core_ns, rows)) / 3.6e12 * 0.04, rel=1e-9)


@pytest.mark.parametrize(("by", "key"), [("total", "total_ns"), ("p95", "p95_ns"), ("cost", "cost")])
def test_orders(store: Store, by: str, key: str) -> None:
    """What the most of comes first."""
    rows = slowest(Question(store, Window(), price("1/h")), by).rows
    assert [row[key] for row in rows] == sorted((row[key] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("ask", "keys", "roles"),
    [(hooks, ("hook", "role"), ("hook", "fixture")), (archive, ("suite", "hook"), ("archiver",))],
)
def test_what_is_around_tests(
    store: Store, facts: list[Fact], ask: Any, keys: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    """Hooks, fixtures and archivers, and what tests bear of them."""
    answer = ask(Question(store, WEEK))
    held = inside(facts, WEEK)
    expected = grouped(of_role(held, *roles), *keys)
    assert {tuple(row[key] for key in keys) for row in answer.rows} == set(expected)
    for row in answer.rows:
        rows = expected[tuple(row[key] for key in keys)]
        assert (row["count"], row["runs"]) == (len(rows), runs(rows))
        assert row["total_ns"] == sum(each["own_ns"] for each in rows)
        assert row["p95_ns"] == pytest.approx(nearest_rank([each["own_ns"] for each in rows], 95), rel=0.01)
    tests = of_role(held, "test")
    assert answer.head["tests"]["hook_ns"] == sum(each["hook_ns"] for each in tests)
    assert answer.head["tests"]["total_ns"] == sum(each["total_ns"] for each in tests)


@pytest.mark.parametrize("by", ["suite", "owner", "variant", "test"])
def test_costs(store: Store, facts: list[Fact], by: str) -> None:
    """What tests are billed adds up to all that tests held, whoever is billed."""
    answer = cost(Question(store, WEEK, price("$0.04/h")), by)
    tests = of_role(inside(facts, WEEK), "test")
    expected = grouped(tests, by)
    assert {(row["name"],) for row in answer.rows} == set(expected)
    for row in answer.rows:
        assert row["core_ns"] == pytest.approx(sum(map(core_ns, expected[row["name"],])), rel=1e-12)
    whole = sum(map(core_ns, tests))
    assert sum(row["cost"] for row in answer.rows) == pytest.approx(whole / 3.6e12 * 0.04, rel=1e-9)
    assert sum(row["share"] for row in answer.rows) == pytest.approx(1)


def test_what_nobody_is_billed_for(store: Store, facts: list[Fact]) -> None:
    """The rest of what machines had; a suite within a suite is no second machine."""
    answer = cost(Question(store, WEEK))
    suites = [each for each in inside(facts, WEEK) if each["role"] == "suite"]
    machines = grouped(suites, "trace", "task", "variant", "run", "attempt")
    had = sum(
        (max(each["start_ns"] + each["total_ns"] for each in rows) - rows[0]["start_ns"]) * 8.0
        for rows in machines.values()
    )
    assert answer.head["machines"] == len(machines)
    assert answer.head["machines_core_ns"] == pytest.approx(had, rel=1e-12)
    assert answer.head["allocated"] == pytest.approx(answer.head["core_ns"] / had, rel=1e-9)


def test_who_tells_of_no_cores_counts_as_one(tmp_path: Path) -> None:
    """And that is said; the account cannot be closed then."""
    told = cost(Question(of_facts(tmp_path, [fact("a"), fact("b", cores=8.0, jobs=2.0)]), Window()), "test")
    assert {row["name"]: row["core_ns"] for row in told.rows} == {"a": 5, "b": 20}
    assert (told.head["unpriced"], told.head["allocated"]) == (1, None)
    assert any("did not tell of cores" in remark for remark in told.remarks)


def test_the_columns_of_evergreen(store: Store, facts: list[Fact]) -> None:
    """By day, project, variant, task, test and request."""
    keys = ("date", "repository", "variant", "task", "test", "request")
    expected = grouped(of_role(inside(facts, WEEK), "test"), *keys)
    rows = stats(Question(store, WEEK)).rows
    assert len(rows) == len(expected)
    for row in rows:
        names = ("project", "variant", "task", "test", "request_type")
        of_row = expected[(dt.date.fromisoformat(row["day"]), *(row[name] for name in names))]
        passed = [each["own_ns"] for each in of_row if each["outcome"] == "passed"]
        assert (row["num_pass"], row["num_fail"]) == (len(passed), len(of_row) - len(passed))
        assert row["total_pass_duration_ns"] == sum(passed)


def of_facts(lake: Path, rows: list[Any]) -> Store:
    """A store of a few facts."""
    write(lake / "facts" / "date=2026-10-01" / "all.parquet", rows)
    declare(lake, "all", "facts/date=2026-10-01/all.parquet")
    return open_store(f"lake://{lake}")


def test_a_sick_store(tmp_path: Path) -> None:
    """Each fault is counted, and none is in an answer."""
    rows = [
        fact("a", run="1", trace="t", span="1", owner="me", cores=4.0, jobs=2.0),
        fact("a", run="1", trace="t", span="1", owner="me", cores=4.0, jobs=2.0),
        fact("b", run="2", trace="t", span="2", own_ns=-4, total_ns=-4, outcome="unknown"),
    ]
    with of_facts(tmp_path, rows) as store:
        question = Question(store, Window())
        found = {row["check"]: (row["count"], row["of"]) for row in doctor(question).rows}
        assert [row["test"] for row in slowest(question).rows] == ["a"]
    assert found["duplicates"] == (1, 3)
    assert found["negative durations"] == (1, 3)
    assert found["tests of unknown outcome"] == (1, 3)
    assert found["runs that do not tell of cores"] == (1, 2)
    assert found["without an owner"] == (1, 3)
    assert found["without a revision"] == (3, 3)
    assert found["without a date"] == (0, 3)


def test_nothing_in_the_window(store: Store) -> None:
    """Every answer says so, and what there is."""
    question = Question(store, Window(until_ns=FIRST_NS))
    for ask in (slowest, hooks, archive, cost, stats, doctor):
        answer = ask(question)
        assert answer.remarks == [
            "no run is in this window; the store has 42 runs, 2026-09-21 00:00 to 2026-10-04 16:00 UTC"
        ]
        assert answer.head["runs"] == 0
        assert not answer.sections[0].rows


def test_an_empty_store(tmp_path: Path) -> None:
    """It says how to fill it."""
    (tmp_path / "manifests").mkdir()
    with open_store(f"lake://{tmp_path}") as store:
        (remark,) = slowest(Question(store, Window())).remarks
    assert remark.startswith("the store is empty; load recordings with: tracetui fleet ingest")
