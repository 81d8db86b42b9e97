"""How many tests take how long."""

from tests import jscore
from tests.builders import T0, S, case, line, snapshot
from tracetui.analysis.overview.durations import EDGES, Stretch, stretches
from tracetui.analysis.study.findings import Findings, study


def found(*took_s: float) -> Findings:
    """Tests that took so long, one after the other."""
    made = [
        case(f"t{number}", start=T0 + number * 1000 * S, end=T0 + number * 1000 * S + round(took * S))
        for number, took in enumerate(took_s)
    ]
    return study(snapshot(line(*made)), T0)


def test_by_decades() -> None:
    """Each test counts in the stretch its own time lies in; the first of these has the longest tests."""
    assert stretches(found(0.2, 0.5, 20, 700)) == [
        Stretch(EDGES[7], 0, 1, 700 * S, 3),
        Stretch(EDGES[6], EDGES[7], 0, 0, -1),
        Stretch(EDGES[5], EDGES[6], 1, 20 * S, 2),
        Stretch(EDGES[4], EDGES[5], 0, 0, -1),
        Stretch(EDGES[3], EDGES[4], 2, S * 7 // 10, 1),
    ]


def test_no_tests() -> None:
    """Without tests there are no stretches."""
    assert stretches(found()) == []


def test_tests_in_jscore() -> None:
    """All tests of a recording are in some stretch, and all of their own time."""
    whole = study(snapshot(line(*jscore.spans(), scope="resmoke")), T0)
    assert sum(each.tests for each in stretches(whole)) == 1310
    assert sum(each.ns for each in stretches(whole)) == int(whole.times.own[whole.tests].sum())
