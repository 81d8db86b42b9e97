"""How many tests take how long, and what stands behind each cost."""

from tests import jscore
from tests.builders import T0, S, case, line, snapshot, span
from tracetui.analysis.overview.durations import EDGES, Stretch, stretches
from tracetui.analysis.overview.spending import Spent, spending
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


def test_names_behind_costs() -> None:
    """Behind tests stand their files, behind hooks and fixtures those, the most own time first."""
    told = {"tracetui.span.role": "hook", "pytest.xdist.worker": "gw0"}
    tests = [
        case(f"{file}.py::{name}", worker="gw0", start=T0 + at * S, end=T0 + (at + 1) * S)
        for at, (file, name) in enumerate([("a", "x"), ("b", "x"), ("b", "y"), ("a", "y"), ("b", "z")])
    ]
    hooks = [
        span("validate", told, start=T0 + 5 * S, end=T0 + 7 * S),
        span("depot setup", told, start=T0 + 7 * S, end=T0 + 8 * S),
    ]
    behind = spending(study(snapshot(line(*tests, *hooks)), T0))
    assert behind["tests"] == (Spent("b.py", 3 * S, "file"), Spent("a.py", 2 * S, "file"))
    assert behind["hooks"] == (Spent("validate", 2 * S, "hook"),)
    assert behind["fixtures"] == (Spent("depot setup", S, "hook"),)
    assert behind["archiving"] == ()


def test_each_hook_is_billed_as_what_it_is() -> None:
    """A project hook in a folder of fixtures is a hook, the collection itself, a wide fixture a fixture."""
    told = {"tracetui.span.role": "hook", "pytest.xdist.worker": "gw0"}
    when = "tracetui.hook.when"
    validate, notes = "fixtures/validate.py before test", "notes"
    spans = [
        case("a.py::x", worker="gw0", start=T0 + 7 * S, end=T0 + 8 * S),
        span("collection", told | {when: "collection"}, start=T0, end=T0 + 4 * S),
        span(validate, told | {when: "before_test"}, start=T0 + 4 * S, end=T0 + 5 * S),
        span(notes, told | {"tracetui.fixture.scope": "session"}, start=T0 + 5 * S, end=T0 + 7 * S),
    ]
    whole = study(snapshot(line(*spans)), T0)
    took = {cost.name: cost.ns for cost in whole.overview.costs}
    assert took == {"tests": S, "hooks": S, "fixtures": 2 * S, "collection": 4 * S}
    behind = spending(whole)
    assert behind["collection"] == (Spent("collection", 4 * S, "hook"),)
    assert behind["hooks"] == (Spent(validate, S, "hook"),)
    assert behind["fixtures"] == (Spent(notes, 2 * S, "hook"),)
