"""Predictions with a range, and when a recording cannot tell."""

import math

import pytest
from msgspec.structs import replace

from tests.analysis.schedule.suites import S, item, several, workload
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.prediction import MODEL_ERROR, SHARED, SHARING_ERROR, outside, predict
from tracetui.analysis.schedule.workload import Workload

LOAD = Policy("load")


def test_a_prediction_is_the_same_each_time() -> None:
    """Chance is seeded; the range holds it, and is wider than the model's error."""
    work = several([1.0, 2, 3, 4, 5, 6, 7, 8])
    prediction = predict(work, LOAD, 2)
    assert prediction == predict(work, LOAD, 2)
    assert prediction.low_ns < prediction.predicted_ns < prediction.high_ns
    assert prediction.high_ns >= prediction.predicted_ns * (1 + MODEL_ERROR)


def test_where_workers_share_cores_the_model_may_be_off_by_more() -> None:
    """From the first worker beyond the cores on, if all of them compute enough."""
    work = replace(several([1.0] * 8, computes=True), cores=2)
    assert predict(work, LOAD, 2).model_error == MODEL_ERROR
    assert predict(work, LOAD, 3).model_error == SHARING_ERROR
    assert predict(work, Policy("no"), 3).model_error == MODEL_ERROR
    items = [item._replace(computing_ns=round(SHARED * item.own_ns / 2)) for item in work.items]
    assert predict(replace(work, items=tuple(items)), LOAD, 4).model_error == SHARING_ERROR
    assert predict(replace(work, items=tuple(items)), LOAD, 3).model_error == MODEL_ERROR


def test_pauses_count() -> None:
    """Four tests on one worker with three pauses of a second."""
    work = replace(several([1.0] * 4), gaps_ns=[S])
    assert predict(work, Policy("no"), 1).predicted_ns == pytest.approx(7 * S, rel=0.05)


def test_what_was_recorded_is_that_of_the_run_before_it_was_changed() -> None:
    """Whatever became of it."""
    work = several([1.0, 2])
    assert predict(replace(work, recorded_ns=7), LOAD, 2, recorded=work).recorded_ns == work.recorded_ns


def test_fewer_workers_need_no_processor_time_but_more_do() -> None:
    """Up to as many as ran it is known how they get on with each other."""
    assert predict(several([1.0] * 9), LOAD, 2).outside is None
    assert "no processor time" in str(predict(several([1.0] * 9), LOAD, 3).outside)


def test_groups_that_nobody_names() -> None:
    """`loadgroup` is known only where the recording names groups."""
    assert "xdist_group" in str(predict(several([1.0] * 4), Policy("loadgroup"), 2).outside)
    grouped = workload(*(item(f"test_a.py::test_{n}@db", 1) for n in range(4)))
    assert predict(grouped, Policy("loadgroup"), 2).outside is None


def test_a_doubtful_recording() -> None:
    """Its doubt comes first."""
    assert predict(replace(several([1.0]), doubts=("torn",)), LOAD, 9).outside == "torn"


def computing(share: float, workers: int = 2, cores: int = 2) -> Workload:
    """Eight tests of a second of which they compute a share."""
    tests = [item(f"test_a.py::test_{number}", 1, share) for number in range(8)]
    return replace(workload(*tests, workers=workers), cores=cores)


def waited_for(workers: int) -> Workload:
    """The same that compute for half of their time and wait for a processor for the rest."""
    work = computing(0.5, workers=workers)
    return replace(work, items=tuple(each._replace(queued_ns=S // 2) for each in work.items))


def test_other_work_makes_the_range_wide() -> None:
    """From none of it to twice as much: a test of 2 s, one of which it waited, takes from 1 s to 3 s."""
    one = item("test_a.py::test_1", 2, 1)._replace(queued_ns=S)
    found = predict(replace(workload(one, workers=1), cores=1, others=1.0), Policy("no"), 1)
    assert found.predicted_ns == pytest.approx(2 * S, rel=0.05)
    assert found.low_ns < 1.3 * S
    assert found.high_ns > 2.7 * S


@pytest.mark.parametrize(
    ("work", "workers", "expected"),
    [
        (computing(1), 5, None),
        (computing(1), 6, "6 workers would need 6 cores, and there are 2"),
        (computing(0.1), 50, None),
        (computing(0.1, cores=0), 10, None),
        (computing(0.1, cores=0), 11, "how many cores"),
        (computing(0.45, workers=4), 5, None),
        (computing(0.46, workers=4), 5, "its 4 workers waited for 2 cores"),
        (computing(1, workers=4), 2, None),
        (replace(several([1.0] * 8), cores=4), 4, None),
        (replace(several([1.0] * 8), cores=4), 5, "no processor time"),
        (replace(computing(0.1), pressure=0.5), 2, None),
        (replace(computing(0.1), pressure=0.5), 3, "for 50% of the run something waited"),
        (replace(computing(0.1), pressure=0.5, others=1.0), 3, None),
        (replace(computing(0.1), pressure=0.49), 3, None),
        (waited_for(4), 5, None),
    ],
)
def test_what_more_workers_do_to_each_other(work: Workload, workers: int, expected: str | None) -> None:
    """Each limit at its edge."""
    told = outside(work, LOAD, workers)
    assert told is None if expected is None else expected in str(told)


def test_the_range_comes_from_many_runs() -> None:
    """One test decides: its own spread of 5 % and the model's error, in each direction."""
    prediction = predict(several([100.0, 0.1, 0.1, 0.1]), Policy("queue"), 2, draws=201)
    assert prediction.predicted_ns == pytest.approx(100 * S, rel=0.01)
    assert prediction.low_ns / prediction.predicted_ns == pytest.approx(
        math.exp(-1.645 * 0.05) * 0.97, abs=0.02
    )
    assert prediction.high_ns / prediction.predicted_ns == pytest.approx(
        math.exp(1.645 * 0.05) * 1.03, abs=0.02
    )
