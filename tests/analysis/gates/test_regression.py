"""A run against the runs before it: its limit, its noise, and too few runs."""

import numpy as np
import pytest

from tests.builders import T0, S, case, line, span
from tests.builders import table as table_of
from tracetui.analysis.gates.regression import LEAST_RUNS, regression
from tracetui.analysis.gates.rules import Verdict
from tracetui.analysis.gates.window import MOST_RUNS, Window, windows
from tracetui.analysis.history.records import Records
from tracetui.analysis.history.run_records import records
from tracetui.analysis.study.findings import study

HOUR = 3600 * S


def window(new: list[float], *base: list[float]) -> Window:
    """Tests a, b, ...: a column for each run before."""
    return Window(tuple("abcdef"[: len(new)]), np.array(new), np.array(base, float).T.reshape(len(new), -1))


@pytest.mark.parametrize(("new", "verdict"), [(1100.0, "pass"), (1101.0, "breach")])
def test_at_its_limit(new: float, verdict: str) -> None:
    """Ten per cent more is no more than ten per cent."""
    rule = regression(window([new], *([1000.0],) * LEAST_RUNS), 0.1, "")
    assert (rule.verdict, rule.n) == (verdict, LEAST_RUNS)
    assert rule.value == pytest.approx(new / 1000 - 1)


def test_within_the_noise_of_the_window() -> None:
    """Where a run before it was as slow, nothing is proved."""
    rule = regression(window([1300.0], *([1000.0],) * 5, [1300.0]), 0.1, "")
    assert (rule.verdict, rule.why) == (Verdict.PASS, "within the noise of the window")


def test_too_few_runs() -> None:
    """They say nothing, and so does the gate: it is not green."""
    rule = regression(window([9000.0], *([1000.0],) * (LEAST_RUNS - 1)), 0.1, "")
    assert (rule.verdict, rule.value) == (Verdict.UNDECIDABLE, None)
    assert rule.why == "needs 5 earlier runs with tests in common"


def test_what_is_missing_hides_a_regression_but_not_a_seen_one() -> None:
    """Tests that are missing can only have added time."""
    base = ([1000.0],) * LEAST_RUNS
    assert regression(window([1000.0], *base), 0.1, "spans were lost").verdict is Verdict.UNDECIDABLE
    assert regression(window([2000.0], *base), 0.1, "spans were lost").verdict is Verdict.BREACH


def test_the_tests_that_added_most_are_named() -> None:
    """Of those only that were never so slow before."""
    rule = regression(window([5.0, 90.0, 40.0], *([5.0, 10.0, 10.0],) * 4, [5.0, 10.0, 40.0]), 0.1, "")
    assert [(offender.name, offender.value) for offender in rule.offenders] == [("b", 80)]


def history(*runs: dict[str, int], names: tuple[str, ...] = ()) -> Records:
    """Runs of a suite, an hour apart: what each test took, in ns."""
    documents = []
    for number, tests in enumerate(runs):
        at, trace = T0 + number * HOUR, f"{number + 1:032x}"
        title = names[number] if names else "s"
        suite = span(title, {"tracetui.span.role": "suite"}, start=at, end=at + 60 * S, trace=trace)
        cases = [
            case(name, start=at + place, end=at + place + took, parent=suite, trace=trace)
            for place, (name, took) in enumerate(tests.items())
        ]
        documents.append(line(suite, *cases))
    return records(study(table_of(*documents).snapshot(), T0 + 9999 * HOUR))


def test_the_window_of_a_run() -> None:
    """Earlier runs of the same suite, the first one first; tests that all of them passed."""
    runs = history({"a": 1, "b": 5}, {"a": 2, "b": 5}, {"a": 3}, {"a": 4, "c": 9}, names=("s", "s", "s", "s"))
    (found,) = windows(runs.only([3]), runs)
    assert found.names == ("a",)
    assert found.new.tolist() == [4]
    assert found.base.tolist() == [[1, 2, 3]]
    assert not found.job


def test_runs_of_other_suites_do_not_count() -> None:
    """Nor do later ones; of a baseline later ones do."""
    runs = history({"a": 1}, {"a": 2}, {"a": 3}, names=("s", "other", "s"))
    (found,) = windows(runs.only([0]), runs)
    assert found.base.shape[1] == 0
    (found,) = windows(runs.only([0]), runs.only([1, 2]), is_baseline=True)
    assert found.base.tolist() == [[3]]


def test_the_window_is_bounded() -> None:
    """Old runs are of other days."""
    runs = history(*({"a": number + 1} for number in range(MOST_RUNS + 5)))
    (found,) = windows(runs.only([MOST_RUNS + 4]), runs)
    assert found.base.shape == (1, MOST_RUNS)
    assert found.base.tolist()[0] == list(range(5, MOST_RUNS + 5))
