"""Which tests are run again, in which order, and how often."""

import json

import pytest

from tests.analysis.compare.noisy import OTHERS, noisy
from tests.analysis.compare.recorded import HEAD, runs
from tests.builders import S
from tracetui.analysis.compare.comparison import compare
from tracetui.analysis.compare.suspects import (
    MOST,
    Suspect,
    Suspects,
    only_tests,
    provable,
    rounds,
    suspects_in,
    suspects_of,
)
from tracetui.model.role import Outcome
from tracetui.report.deciding.compare import document


def test_what_stands_out_most_comes_first() -> None:
    """Suspects by what they add, then what ends otherwise; hooks do not run by themselves."""
    base = noisy(1, a=S, b=2 * S, c=S, old=9 * S) | {"hook h": S}
    new = noisy(2, a=3 * S, b=S // 2, c=(S, Outcome.FAILED), new=9 * S) | {"hook h": 9 * S}
    found = compare(runs(base), runs(new))
    suspects = suspects_of(found)
    assert [test.name for test in suspects.tests] == ["a", "b", "c"]
    assert suspects.tests[0] == Suspect("a", 4 * S)
    assert (suspects.suite_ns, suspects.workers, suspects.left_out) == (S, 1, ("hook hook h",))
    assert suspects_in(json.loads("".join(document(found)))) == suspects


def test_what_may_have_changed_comes_last() -> None:
    """Within the noise of a few tests, but more than 1.10 times as long, or as short."""
    found = compare(runs({"a": 10 * S, "b": S, "c": S}), runs({"a": 11 * S - 1, "b": 2 * S // 3, "c": 3 * S}))
    assert [test.name for test in suspects_of(found).tests] == ["c", "b"]


def test_at_most_forty_are_run_again() -> None:
    """Those that add most."""
    others = {f"o{number:03d}": (number + 1) * S for number in range(200)}
    many = {f"n{number:02d}": (number + 1) * S for number in range(50)}
    found = compare(runs(others | many), runs(others | {name: 3 * ns for name, ns in many.items()}))
    names = [test.name for test in suspects_of(found).tests]
    assert len(names) == MOST
    assert names[0] == "n49"


def test_what_did_not_change_is_not_run_again() -> None:
    """Then there is nothing to do."""
    assert suspects_of(compare(runs(OTHERS), runs(OTHERS))).tests == ()


@pytest.mark.parametrize(
    "document", [{}, [], {"schema": "tracetui.top/1", "rows": []}, {"schema": "tracetui.compare/1"}]
)
def test_other_documents_are_refused(document: object) -> None:
    """By errors that the command puts into words."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        suspects_in(document)  # type: ignore[arg-type]


def of(*took_s: int, workers: int = 1) -> Suspects:
    return Suspects(tuple(Suspect(f"t{n}", each * S) for n, each in enumerate(took_s)), 100 * S, workers, ())


def test_so_many_are_run_as_can_be_judged_in_time() -> None:
    """One of 20 takes six rounds; each round takes both sides, and starting them."""
    many = of(*[1] * 20)
    assert (len(rounds(many, 120, 0).tests), rounds(many, 120, 0).number) == (20, 6)
    assert len(rounds(many, 119.9, 0).tests) == 19
    assert len(rounds(many, 120, 0.5).tests) == 19
    assert (len(rounds(many, 30, 0).tests), rounds(many, 30, 0).number) == (6, 5)


def test_workers_share_the_work_but_not_a_test() -> None:
    """The longest takes its time all the same."""
    assert len(rounds(of(*[1] * 20, workers=4), 30, 0).tests) == 20
    assert len(rounds(of(10, 1, 1, workers=4), 39, 0).tests) == 1


def test_one_is_run_in_any_case_and_as_often_as_wanted() -> None:
    """Whatever the time."""
    assert (rounds(of(50, 50), 1, 9).number, len(rounds(of(50, 50), 1, 9).tests)) == (4, 1)
    assert rounds(of(1, 1), 1e9, 0, 12).number == 12


def test_few_rounds_judge_few_tests() -> None:
    """Five can prove one change among six, three among none."""
    assert [len(rounds(of(*[1] * 20), 1e9, 0, wanted).tests) for wanted in (3, 4, 5, 6, 7)] == [
        1,
        1,
        6,
        20,
        20,
    ]
    tests = of(*[1] * 20).tests
    assert [len(provable(tests, done)) for done in (0, 3, 4, 5, 6)] == [1, 1, 1, 6, 20]
    assert provable(tests, 5) == tests[:6]


def test_only_those_tests_are_judged() -> None:
    """No hook, and no other test."""
    side = only_tests(runs({"a": S, "b": S, "hook a": S}, heads=[HEAD]), {"a", "hook a"})
    assert [side.texts[name] for name in side.columns.name] == ["a"]
