"""The plan that is chosen is never worse than none, and never one that is known to do harm."""

from math import exp
from random import Random

import pytest

from tests.analysis.plan.suites import S, again, item, seeded, workload
from tracetui.analysis.plan.choice import WORTH, choose, dists_for, floor_ns, mean_wall_ns
from tracetui.analysis.plan.ways import AS_COLLECTED, LONGEST, in_order, ways
from tracetui.analysis.schedule.policy import Policy

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_never_slower_than_no_plan(seed: int) -> None:
    """Planned from one day's run, on another day: 20 suites, half with fixtures, on 4 or 8 workers."""
    suite, workers = seeded(seed), 4 + 4 * (seed % 4 > 1)
    choice = choose(suite, workers)
    other = again(suite, seed + 100)
    way, unordered = choice.best.way, choice.unordered.way
    planned = mean_wall_ns(in_order(other, way), way, workers, seed=7)
    assert planned <= mean_wall_ns(other, unordered, workers, seed=7)
    assert sorted(way.order) == list(range(len(suite.items)))
    assert choice.best in choice.tried
    assert choice.best.wall_ns >= 0.95 * choice.floor_ns


def test_longest_first_is_never_tried_under_the_default() -> None:
    """It takes up to 2.7 times as long; where one test at a time is handed out it takes the best case."""
    for seed in SEEDS:
        for way in ways(seeded(seed), 4, ("load", "worksteal")):
            assert way.name != LONGEST or way.policy == Policy("load", 1)
    suite = seeded(2)
    longest = next(way for way in ways(suite, 8, ("load",)) if way.name == LONGEST)
    harmful = longest._replace(policy=Policy("load"))
    assert mean_wall_ns(in_order(suite, harmful), harmful, 8) > 1.5 * floor_ns(suite, 8)
    assert mean_wall_ns(in_order(suite, longest), longest, 8) < 1.05 * floor_ns(suite, 8)


def test_a_long_test_at_the_end_comes_first() -> None:
    """Ten seconds of small tests and one of five: 5 s at best, and about that long by the plan."""
    small = [item(f"a.py::{number}", 0.25) for number in range(40)]
    choice = choose(workload(*small, item("z.py::long", 5)), 3)
    assert choice.floor_ns == 5 * S
    assert choice.best.way.order[0] == 40 or choice.best.way.policy.dist == "worksteal"
    assert choice.best.wall_ns < 1.1 * choice.floor_ns
    assert choice.unordered.wall_ns > 1.3 * choice.floor_ns


def test_fixtures_that_tests_share_are_not_torn_apart() -> None:
    """Longest first would set each up again and again; the plan keeps most of a file on one worker."""
    suite = seeded(5)
    choice = choose(suite, 4)
    torn = next(each for each in choice.tried if each.way.name == LONGEST)
    assert torn.wall_ns > 1.5 * choice.best.wall_ns
    assert choice.best.wall_ns < 0.9 * choice.unordered.wall_ns


def test_what_is_as_good_as_collected_is_left_alone() -> None:
    """Equal tests need no order; a saving of less than a fiftieth is none."""
    choice = choose(workload(*(item(f"a.py::{number}", 1) for number in range(16))), 2)
    assert choice.best is choice.unordered
    assert choice.best.way.name == AS_COLLECTED
    for seed in SEEDS[:6:2]:
        found = choose(seeded(seed), 4)
        if found.best is not found.unordered:
            assert found.best.wall_ns <= WORTH * found.unordered.wall_ns


def test_what_was_kept_together_stays_so() -> None:
    """Tests of a file may need each other where they were recorded under loadfile."""
    suite = seeded(1)
    for dist in ("loadfile", "loadscope", "loadgroup", "queue"):
        assert dists_for(workload(*suite.items[:9], dist=dist)) == (dist,)
    assert dists_for(suite) == ("load", "worksteal")
    files = choose(suite, 4, ("loadfile",))
    assert {each.way.policy.dist for each in files.tried} == {"loadfile"}
    assert {each.way.policy.reorder for each in files.tried} == {True, False}


def test_a_suite_of_nothing_and_of_one() -> None:
    """There is nothing to gain."""
    for items in ((), (item("a.py::1", 1),)):
        choice = choose(workload(*items), 4)
        assert choice.best is choice.unordered
        assert choice.floor_ns == len(items) * S


def test_a_test_takes_an_eighth_more_or_less() -> None:
    """The logarithm of what it takes has a standard deviation of 0.12; five draws have their mean."""
    chance = Random(1)
    took = [exp(0.12 * chance.normalvariate() - 0.0072) for _ in range(5)]
    alone = workload(item("a.py::1", 1))
    assert mean_wall_ns(alone, choose(alone, 1).best.way, 1) == pytest.approx(sum(took) / 5 * S, rel=1e-8)


def test_on_the_whole_tests_take_what_they_took() -> None:
    """Chance makes a run of 4,000 tests, one after the other, neither longer nor shorter."""
    many = workload(*(item(f"a.py::{number}", 1) for number in range(4000)))
    way = next(iter(ways(many, 1, ("load",))))
    assert mean_wall_ns(many, way, 1) == pytest.approx(4000 * S, rel=1e-3)
