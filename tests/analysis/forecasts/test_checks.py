"""A forecast is held against the next run that it is of, and against no other."""

import pytest
from msgspec.structs import replace

from tests.builders import T0, S, case, line, snapshot, span
from tracetui.analysis.forecasts.checks import Accuracy, Forecast, Measured, accuracy, checked, measured
from tracetui.analysis.study.findings import study

FORECAST = Forecast("plan", 100, "depot", 4, 50 * S, 45 * S, 55 * S, "worksteal", "4711")
RUN = Measured("depot", 200, 4, "worksteal", "4711", 40 * S, 60 * S)


def test_the_next_run_checks_it() -> None:
    """Not one before it, and not the second after it; 50 s against 40 s is 25 % too long."""
    runs = [RUN._replace(start_ns=300, tests_ns=99 * S), RUN, RUN._replace(start_ns=50)]
    (check,) = checked([FORECAST], runs)
    assert check.measured_ns == 40 * S
    assert check.error == pytest.approx(0.25)
    assert not check.is_within


@pytest.mark.parametrize(
    "change",
    [{"suite": "other"}, {"workers": 3}, {"plan": ""}, {"plan": "4712"}, {"dist": "load"}, {"start_ns": 100}],
)
def test_another_run_does_not(change: dict[str, object]) -> None:
    """Another suite, number of workers, plan or way to hand out tests; nor one that had begun."""
    assert checked([FORECAST], [RUN._replace(**change)]) == []  # type: ignore[arg-type]


def test_a_run_that_does_not_tell_how_tests_were_handed_out_may_be_it() -> None:
    """As of recordings that are older."""
    assert len(checked([FORECAST], [RUN._replace(dist="")])) == 1
    assert len(checked([replace(FORECAST, dist="")], [RUN])) == 1


def test_asking_twice_counts_once() -> None:
    """Of each kind the last forecast before the run."""
    later = replace(FORECAST, made_ns=150, predicted_ns=42 * S)
    other = replace(FORECAST, kind="what-if")
    checks = checked([later, FORECAST, other], [RUN])
    assert [check.forecast for check in checks] == [later, other]


def test_an_eta_is_of_the_run_it_was_made_in_and_of_all_its_time() -> None:
    """Though that began before."""
    eta = Forecast("eta", 250, "depot", 4, 63 * S, 50 * S, 70 * S, start_ns=200)
    (check,) = checked([eta], [RUN, RUN._replace(start_ns=300)])
    assert check.measured_ns == 60 * S
    assert check.is_within
    assert check.error == pytest.approx(0.05)


def test_accuracy_is_the_median_error_of_the_last_ten() -> None:
    """11 checks, the oldest off by 100 %; of the last ten half are 10 % off, half 20 %, to either side."""
    runs = [RUN._replace(start_ns=1000 * number + 500, tests_ns=100 * S) for number in range(11)]
    errors = [2.0, 1.1, 0.9, 1.1, 0.9, 1.1, 1.2, 0.8, 1.2, 0.8, 1.2]
    forecasts = [
        replace(
            FORECAST,
            made_ns=1000 * number,
            predicted_ns=round(100 * S * error),
            low_ns=85 * S,
            high_ns=115 * S,
        )
        for number, error in enumerate(errors)
    ]
    waiting = replace(FORECAST, made_ns=10**6)
    last = accuracy([*forecasts, waiting], runs)
    assert last.error == pytest.approx(0.15)
    assert last._replace(error=None) == Accuracy(10, None, 10, 1)
    assert accuracy([waiting], runs[:1]) == Accuracy(0, None, 0, 1)
    assert accuracy([], []) == Accuracy(0, None, 0, 0)


def test_runs_are_measured_from_their_first_test_to_their_last() -> None:
    """The suite itself took longer; its workers and how it hands out tests are as it tells."""
    told = {
        "tracetui.span.role": "suite",
        "test.suite.name": "depot",
        "pytest.xdist.dist": "load",
        "tracetui.plan.id": "1",
    }
    suite = span("depot", told, start=T0, end=T0 + 20 * S, status=1)
    tests = [
        case("a", worker="gw0", start=T0 + 2 * S, end=T0 + 5 * S, parent=suite),
        case("b", worker="gw1", start=T0 + 3 * S, end=T0 + 9 * S, parent=suite),
        case("c", "skipped", worker="gw1", start=T0 + S, end=T0 + S, parent=suite),
    ]
    findings = study(snapshot(line(suite, *tests)), T0 + 30 * S)
    assert measured(findings) == [Measured("depot", T0, 2, "load", "1", 7 * S, 20 * S)]
