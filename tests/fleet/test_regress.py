"""Two windows against each other: planted changes are found, and nothing else is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.fleet.answers import PASSING, Fact, grouped, mean_log, of_role
from tests.fleet.lake import DAY_NS, FIRST_NS, Plan, fleet, write_lake
from tests.fleet.lakes import fact
from tests.fleet.test_questions import of_facts
from tracetui.fleet.queries.window import Window
from tracetui.fleet.queries.windows import regress as query
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.regress import regress
from tracetui.fleet.store import Store, open_store

PLAN = Plan()
BASE = Window(FIRST_NS, FIRST_NS + 7 * DAY_NS)
NEW = Window(FIRST_NS + 7 * DAY_NS, FIRST_NS + 14 * DAY_NS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The lake of the plan."""
    with open_store(f"lake://{write_lake(tmp_path_factory.mktemp('lake'), fleet(PLAN))}") as opened:
        yield opened


def found(store: Store, base: Window = BASE, new: Window = NEW) -> dict[str, set[tuple[str, str | None]]]:
    """By verdict the tests that have it, and on which variant alone."""
    told: dict[str, set[tuple[str, str | None]]] = {}
    for row in regress(Question(store, new), base).rows:
        told.setdefault(row["verdict"], set()).add((row["test"], row["variant"]))
    return told


def test_planted_changes_are_found(store: Store) -> None:
    """Of ten slow tests all, and no other; how much slower is near the truth."""
    answer = regress(Question(store, NEW), BASE)
    slower = {row["test"]: row["ratio"] for row in answer.rows if row["verdict"] == "slower"}
    faster = [row for row in answer.rows if row["verdict"] == "faster"]
    planted = set(PLAN.names("regressed"))
    assert len(planted & set(slower)) >= 0.95 * len(planted)
    assert len(set(slower) - planted) + len(faster) <= 0.05 * (len(slower) + len(faster))
    assert np.median(list(slower.values())) == pytest.approx(PLAN.factor, rel=0.05)
    assert answer.head["needs"] is None
    assert (answer.head["base_runs"], answer.head["new_runs"]) == (14, 14)
    assert {row["statistic"] for row in answer.rows} == {"van_elteren"}
    assert answer.rows[0]["added_ns"] == max(row["added_ns"] for row in answer.rows)


def windows_alike(store: Store) -> Iterator[Any]:
    """Comparisons of days on which nothing changed."""
    for first in range(3):
        bounds = [FIRST_NS + (first + days) * DAY_NS for days in (0, 2, 4)]
        yield query(store.facts, Window(bounds[0], bounds[1]), Window(bounds[1], bounds[2]))


def test_nothing_is_found_where_nothing_changed(store: Store) -> None:
    """Neither before the change nor after it; with no test slowed down, tests of a run share its machine."""
    third = FIRST_NS + 3 * DAY_NS
    for begin in (FIRST_NS, FIRST_NS + 7 * DAY_NS):
        middle = begin + (third - FIRST_NS)
        told = found(store, Window(begin, middle), Window(middle, begin + 6 * DAY_NS))
        assert not told.get("slower", set()) | told.get("faster", set())


@pytest.mark.parametrize("seed", range(2))
def test_p_is_calibrated(tmp_path: Path, seed: int) -> None:
    """Where nothing changed 5 % of tests have p < 0.05: z has mean 0 and standard deviation 1."""
    calibrated(tmp_path, Plan(seed=seed, regressed=0, flaky=0, broken=0, only_on_one=0, hooks=1, tests=300))


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10, 16))
def test_p_is_calibrated_in_large_fleets(tmp_path: Path, seed: int) -> None:
    """The same of more tests, by bounds that are narrower."""
    plan = Plan(seed=seed, regressed=0, flaky=0, broken=0, only_on_one=0, tests=2000, runs_a_day=4)
    calibrated(tmp_path, plan, near=0.02)


def calibrated(lake: Path, plan: Plan, near: float = 0.03) -> None:
    """Holds the p of a fleet without changes against what chance gives."""
    with open_store(f"lake://{write_lake(lake, fleet(plan))}") as store:
        rows = regress(Question(store, NEW), BASE).rows
    p = np.array([row["p"] for row in rows])
    assert len(p) == plan.tests - 1
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=near)
    assert np.mean(p < 0.5) == pytest.approx(0.5, abs=2.5 * near)
    assert all(row["verdict"] in ("same", "undecided") for row in rows)


def test_a_change_on_one_variant_only(tmp_path: Path) -> None:
    """It is told of that variant, where over all variants it is too small."""
    plan = Plan(variants=("a", "b", "c", "d"), regressed=0, flaky=0, broken=0, only_on_one=0, tests=80)
    table = fleet(plan)
    slow = (
        (table["test"].to_numpy() == "tests/test_0.py::test_0")
        & (table["variant"].to_numpy() == "c")
        & (table["start_ns"].to_numpy() >= NEW.since_ns)
    )
    own = np.where(slow, table["own_ns"].to_numpy() * 1.3, table["own_ns"].to_numpy()).astype(np.int64)
    table = table.set_column(table.column_names.index("own_ns"), "own_ns", [own])
    with open_store(f"lake://{write_lake(tmp_path, table)}") as store:
        told = found(store)
    assert told.get("slower") == {("tests/test_0.py::test_0", "c")}
    assert not told.get("faster")


def test_a_slow_machine_is_no_change(tmp_path: Path) -> None:
    """All tests of the new runs take three times as long: that is said, and divided out."""
    table = fleet(Plan(regressed=0))
    own = table["own_ns"].to_numpy() * np.where(table["start_ns"].to_numpy() >= NEW.since_ns, 3, 1)
    table = table.set_column(table.column_names.index("own_ns"), "own_ns", [own])
    with open_store(f"lake://{write_lake(tmp_path, table)}") as store:
        answer = regress(Question(store, NEW), BASE)
    assert {row["verdict"] for row in answer.rows} <= {"same", "undecided"}
    assert answer.head["speed_ratio"] == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize(
    ("days", "statistic", "verdicts"), [(1, None, {"undecided"}), (3, "moderated_t", None)]
)
def test_few_runs(store: Store, days: int, statistic: str | None, verdicts: set[str] | None) -> None:
    """Fewer than five values on a side tell nothing, and what is needed is said; up to nine the t does."""
    base = Window(NEW.since_ns - days * DAY_NS, NEW.since_ns)  # type: ignore[operator]
    new = replace(NEW, until_ns=NEW.since_ns + days * DAY_NS, variants=("linux",))  # type: ignore[operator]
    answer = regress(Question(store, new), replace(base, variants=("linux",)))
    assert {row["statistic"] for row in answer.rows if row["test"] in PLAN.names("regressed")} == {statistic}
    assert verdicts is None or {row["verdict"] for row in answer.rows} == verdicts
    assert (answer.head["needs"] is None) == (statistic is not None)
    assert any("needs at least" in remark for remark in answer.remarks) == (statistic is None)


def test_the_sums_of_strata(store: Store) -> None:
    """Ranks, ties and logs of each stratum are what Python makes of its values."""
    rows = store.rows(query(store.facts, BASE, NEW)).to_pylist()
    facts: list[Fact] = [each for each in store.rows(store.facts).to_pylist() if each["reruns"] == 0]
    passed = [each for each in of_role(facts, "test") if each["outcome"] in PASSING]
    values = {
        key: mean_log(group) for key, group in grouped(passed, "test", "suite", "variant", "run").items()
    }
    new = {
        key
        for key, group in grouped(passed, "test", "suite", "variant", "run").items()
        if group[0]["start_ns"] >= NEW.since_ns
    }
    free = _freed(values)
    for row in rows[:40]:
        keys = [key for key in values if key[:3] == (row["test"], row["suite"], row["variant"])]
        late = [key for key in keys if key in new]
        assert (row["values"], row["new_values"]) == (len(keys), len(late))
        order = sorted(keys, key=lambda key: free[key])
        assert row["ranks"] == sum(2 * (order.index(key) + 1) for key in late)
        assert row["ties"] == 0
        assert row["new_log"] == pytest.approx(sum(free[key] for key in late), abs=1e-9)
        assert row["square"] == pytest.approx(sum(free[key] ** 2 for key in keys), abs=1e-9)
        base = sum(values[key] for key in keys if key not in new)
        assert row["base_raw"] == pytest.approx(base, rel=1e-12)


Keys = tuple[Any, ...]


def _freed(values: dict[Keys, float]) -> dict[Keys, float]:
    """Values beyond the mean of their stratum, and beyond that of their run (the winsorised mean)."""
    strata: dict[Keys, list[float]] = {}
    for key, value in values.items():
        strata.setdefault(key[:3], []).append(value)
    beyond = {key: value - sum(strata[key[:3]]) / len(strata[key[:3]]) for key, value in values.items()}
    runs: dict[Keys, list[float]] = {}
    for key, value in beyond.items():
        runs.setdefault(key[2:], []).append(value)
    speed = {run: _winsorised(told) for run, told in runs.items()}
    return {key: value - speed[key[2:]] for key, value in beyond.items()}


def _winsorised(values: Sequence[float]) -> float:
    rough = sum(values) / len(values)
    return rough + sum(min(0.5, max(-0.5, value - rough)) for value in values) / len(values)


def test_equal_durations_share_their_rank(tmp_path: Path) -> None:
    """Engines that number ties instead of ranking them would say that one side is slower."""
    rows = [
        fact("t", at=f"2026-10-01T{hour:02}:00:00", run=str(hour), own_ns=100 if hour % 2 else 200)
        for hour in range(20)
    ]
    middle = rows[10]["start_ns"]
    windows = Window(rows[0]["start_ns"], middle), Window(middle, rows[-1]["start_ns"] + 1)
    with of_facts(tmp_path, rows) as store:
        (row,) = store.rows(query(store.facts, *windows)).to_pylist()
        (told,) = regress(Question(store, windows[1]), windows[0]).rows
    assert row["ranks"] == 10 * 21
    assert row["ties"] == 2 * (10**3 - 10)
    assert (told["p"], told["verdict"]) == (1, "same")


def test_failures_and_reruns_are_no_measure(tmp_path: Path) -> None:
    """Only what passed at once says how long a test takes."""
    rows = [
        fact("t", at=f"2026-10-01T{hour:02}:00:00", run=str(hour), outcome=outcome, reruns=reruns)
        for hour, (outcome, reruns) in enumerate(
            [("passed", 0), ("failed", 0), ("passed", 1), ("xfailed", 0), ("error", 0), ("passed", 0)]
        )
    ]
    windows = Window(0, rows[3]["start_ns"]), Window(rows[3]["start_ns"], rows[5]["start_ns"] + 1)
    with of_facts(tmp_path, rows) as store:
        (row,) = store.rows(query(store.facts, *windows)).to_pylist()
    assert (row["values"], row["new_values"]) == (3, 2)
