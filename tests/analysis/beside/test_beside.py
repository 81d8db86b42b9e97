"""A planted pair is named first, and without one nothing is: by simulation; and what is left out, by hand."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from tests.analysis.beside.recorded import runs
from tests.analysis.beside.suites import CULPRIT, LATER, Goes, Moment, Plan, meets_culprit, recorded, title
from tests.builders import S, case, line, snapshot
from tracetui.analysis.beside.beside import Suspicion, beside
from tracetui.analysis.beside.chosen_test import test_called as called
from tracetui.analysis.study.findings import Findings, study
from tracetui.errors import InputError
from tracetui.model.role import Role

FAILURES = 20


def badly(with_: float, without: float, outcome: str = "failed", longer: float = 0.0) -> Goes:
    """The victim goes badly by chance: more often, or as often, beside the culprit."""

    def goes(victim: Moment, plan: Plan, random: np.random.Generator) -> tuple[str, float]:
        chance = with_ if meets_culprit(victim, plan) else without
        return (outcome, longer) if random.random() < chance else ("passed", 0.0)

    return goes


def named(goes: Goes, seeds: Sequence[int]) -> list[str]:
    """What is named first beside the victim, an empty text for nothing."""
    found = []
    for seed in seeds:
        findings = recorded(seed, goes, FAILURES)
        rows = beside(findings, title(findings)).rows
        found.append(rows[0].title if rows else "")
    return found


WAYS = [
    pytest.param(badly, id="fails"),
    pytest.param(lambda with_, without: badly(with_, without, "failed", 10.0), id="times out"),
    pytest.param(lambda with_, without: badly(with_, without, "passed", 3.0), id="is slow"),
]
"""What times out is there for longer, and meets more: that must not count."""
Way = Callable[[float, float], Goes]


@pytest.mark.parametrize("way", WAYS)
def test_a_planted_pair_is_named_first(way: Way) -> None:
    """It goes badly in every second run beside the culprit, in one of fifty otherwise."""
    assert named(way(0.5, 0.02), range(3)) == [CULPRIT] * 3


@pytest.mark.parametrize("way", WAYS)
def test_without_a_pair_nothing_is_named(way: Way) -> None:
    """It goes badly by chance, whatever runs beside it."""
    assert named(way(0.2, 0.2), range(100, 103)) == [""] * 3


@pytest.mark.nightly
@pytest.mark.parametrize("way", WAYS)
def test_how_often_a_planted_pair_is_named_first(way: Way) -> None:
    """In nine of ten suites with 20 failures."""
    assert named(way(0.5, 0.02), range(100)).count(CULPRIT) >= 90


@pytest.mark.nightly
@pytest.mark.parametrize("way", WAYS)
def test_how_often_something_is_named_for_nothing(way: Way) -> None:
    """In one of twenty suites at most, by the level of the test; three standard deviations more are luck."""
    assert named(way(0.2, 0.2), range(1000, 1200)).count("") >= 200 - 10 - 10


def judged(*parts: bytes) -> Suspicion:
    found = study(snapshot(*parts), LATER)
    return beside(found, title(found, "t"))


def test_the_counts_of_a_pair() -> None:
    """Beside all six failures and one of ten passes; a name that was always there tells nothing."""
    passed = [*runs("passed", 9, ["a"], 10), *runs("passed", 1, ["x", "a"], 20)]
    found = judged(*runs("failed", 6, ["x", "a"]), *passed)
    (row,) = found.rows
    assert (row.role, row.title, row.bad_with, row.good_with) == (Role.TEST, "x", 6, 1)
    assert (found.what, found.bad, found.good, found.candidates, found.tested) == ("failed", 6, 10, 2, 1)
    # Seven of sixteen cases were beside x; that all six failures are among them has 7 of C(16, 6) ways.
    assert row.p == row.q == pytest.approx(7 / 8008)
    assert row.odds == pytest.approx(6.5 * 9.5 / (1.5 * 0.5))
    assert found.window_ns == 2 * S


@pytest.mark.parametrize(("bad", "good"), [(3, 2), (2, 3), (3, 3)])
def test_too_few_cases(bad: int, good: int) -> None:
    """Three of each side are the least; then three of three is 1/20, and that is told."""
    found = judged(*runs("failed", bad, ["x"]), *runs("passed", good, [], 10))
    assert [row.title for row in found.rows] == (["x"] if min(bad, good) == 3 else [])
    assert found.is_enough == (min(bad, good) == 3)


def test_failures_where_it_is_broken_are_left_out() -> None:
    """New code came with a new test beside it, and has failed since: that is not the new test's fault."""
    works = [*runs("failed", 3, ["a"], revision="aaaa"), *runs("passed", 9, ["a"], 10, revision="aaaa")]
    found = judged(*works, *runs("failed", 6, ["new"], 30, revision="bbbb"))
    assert (found.bad, found.good, found.broken, found.rows) == (3, 9, 6, ())
    once = runs("failed", 1, ["new"], 30, revision="cccc")
    assert judged(*runs("passed", 9, ["a"], 10, revision="aaaa"), *once).broken == 0


def test_only_the_job_in_which_it_fails() -> None:
    """Where it never fails other tests run beside it: that tells nothing."""
    failed = runs("failed", 4, ["a"], job="arm")
    passed = [*runs("passed", 9, ["a"], 10, job="arm"), *runs("passed", 20, ["b"], 30, job="x86")]
    found = judged(*failed, *passed)
    assert (found.bad, found.good, found.rows) == (4, 9, ())


def findings(*names: str) -> Findings:
    return study(snapshot(line(*(case(name) for name in names))), LATER)


def test_a_test_by_a_part_of_its_name() -> None:
    """Its whole name, or a part that no other has; else it is said which there are, or which was meant."""
    told = findings("a.py::test_one", "a.py::test_one_more", "a.py::test_two")
    names = told.snapshot.texts
    assert names[called(told, "a.py::test_one")] == "a.py::test_one"
    assert names[called(told, "TWO")] == "a.py::test_two"
    with pytest.raises(InputError, match=r"several .* test_one: a.py::test_one; a.py::test_one_more"):
        called(told, "test_one")
    with pytest.raises(InputError, match=r"did you mean a.py::test_two\?"):
        called(told, "a.py::test_too")
    with pytest.raises(InputError, match="no test is called zzz; see"):
        called(told, "zzz")
