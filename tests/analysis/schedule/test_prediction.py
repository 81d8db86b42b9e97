"""Predictions with a range, and when a recording cannot tell."""

from dataclasses import replace

import pytest

from tests.analysis.schedule.suites import S, item, several, workload
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.prediction import MODEL_ERROR, predict

LOAD = Policy("load")


def test_a_prediction_is_the_same_each_time() -> None:
    """Chance is seeded; the range holds it, and is wider than the model's error."""
    work = several([1.0, 2, 3, 4, 5, 6, 7, 8])
    prediction = predict(work, LOAD, 2)
    assert prediction == predict(work, LOAD, 2)
    assert prediction.low_ns < prediction.predicted_ns < prediction.high_ns
    assert prediction.high_ns >= prediction.predicted_ns * (1 + MODEL_ERROR)


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
