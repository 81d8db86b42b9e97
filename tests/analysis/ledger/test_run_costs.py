"""The ledger as the run's panel tells it: all of it, small accounts together, names that lead somewhere."""

import tracemalloc

import pytest

from tests import jscore
from tests.builders import T0, Json, S, case, id_of, line, snapshot, span
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.ledger import ledger
from tracetui.analysis.ledger.run_costs import OTHER, Behind, RunCosts, run_costs
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.study.findings import Findings, study

MOST_BYTES = 380
"""Of memory for each test, each of another name."""
HOOK = {"tracetui.span.role": "hook", "pytest.xdist.worker": "gw0"}
WHEN = "tracetui.hook.when"


def of(*spans: Json) -> tuple[Findings, RunCosts]:
    findings = study(snapshot(line(*spans)), T0)
    return findings, run_costs(findings)


def ran(name: str, start: int, end: int) -> Json:
    return case(name, worker="gw0", start=T0 + start * S, end=T0 + end * S)


def hook(name: str, start: int, end: int, **told: str) -> Json:
    return span(name, HOOK | told, start=T0 + start * S, end=T0 + end * S)


def test_names_behind_costs() -> None:
    """Behind tests stand their files, behind hooks and fixtures those, the most time first."""
    names = [("a", "x"), ("b", "x"), ("b", "y"), ("a", "y"), ("b", "z")]
    tests = [ran(f"{file}.py::{name}", at, at + 1) for at, (file, name) in enumerate(names)]
    _, told = of(*tests, hook("validate", 5, 7), hook("depot setup", 7, 8), hook("depot teardown", 8, 10))
    assert told.behind == {
        "tests": (Behind("b.py", 3 * S, "file", "b.py"), Behind("a.py", 2 * S, "file", "a.py")),
        "hooks": (Behind("validate", 2 * S, "hook", "validate"),),
        "fixtures": (Behind("depot", 3 * S, "hook", "depot teardown"),),
    }
    assert [(cost.name, cost.ns) for cost in told.costs] == [
        ("tests", 5 * S),
        ("fixtures", 3 * S),
        ("hooks", 2 * S),
    ]


def test_each_hook_is_billed_as_what_it_is() -> None:
    """A project hook in a folder of fixtures is a hook, the collection itself, a wide fixture a fixture."""
    validate = hook("fixtures/validate.py before test", 4, 5, **{WHEN: "before_test"})
    notes = hook("notes", 5, 7, **{"tracetui.fixture.scope": "session"})
    _, told = of(ran("a.py::x", 7, 8), hook("collection", 0, 4, **{WHEN: "collection"}), validate, notes)
    took = {cost.name: cost.ns for cost in told.costs}
    assert took == {"tests": S, "hooks": S, "fixtures": 2 * S, "collection": 4 * S}


@pytest.mark.parametrize("took", [995, 996])
def test_small_accounts_are_told_together(took: int) -> None:
    """Below half a percent; whatever is told, it is all of the lanes' time."""
    _, told = of(ran("t", 0, took), hook("h", took, 1000))
    assert [cost.name for cost in told.costs] == ["tests", "hooks" if took == 995 else OTHER]
    assert sum(cost.ns for cost in told.costs) == 1000 * S


def test_waiting_is_a_share_of_the_cost() -> None:
    """Where tests tell what they compute."""
    test = ran("t", 0, 10)
    call = span(
        "call",
        {"tracetui.span.role": "phase", "tracetui.cpu_ns": 4 * S},
        start=T0,
        end=T0 + 10 * S,
        parent=test,
    )
    _, told = of(test, call)
    assert told.costs[0].waiting == pytest.approx(0.6)


def test_jscore_adds_up_and_names_derived_hooks() -> None:
    """All of its lanes' time; derived hooks are those before and after tests, as rankings call them."""
    findings = study(snapshot(line(*jscore.spans(), scope="resmoke")), T0)
    told = run_costs(findings)
    assert sum(cost.ns for cost in told.costs) == ledger(findings).capacity_ns
    assert [behind.name for behind in told.behind["derived hooks"]] == [AFTER_TEST, BEFORE_TEST]


def test_a_name_on_several_lanes_is_one() -> None:
    """Its times add up, and its row is the longest span of all lanes; of equal ones the first."""
    lanes = [("gw0", 1), ("gw1", 3), ("gw2", 3), ("gw1", 2)]
    tests = [
        case("a.py::x", worker=worker, start=T0 + 5 * at * S, end=T0 + (5 * at + took) * S)
        for at, (worker, took) in enumerate(lanes)
    ]
    findings, _ = of(*tests)
    (entry,) = ledger(findings).parts[Account.TESTS]
    assert (entry.name, entry.ns, entry.times) == ("a.py::x", 9 * S, 4)
    assert findings.snapshot.start_ns[entry.row] == T0 + 5 * S


def test_costs_take_little_memory_beside() -> None:
    """Of each lane only sums stay: on Run they are made again and again, of a run however long."""
    findings, _ = of(*(ran_beside(at, 8) for at in range(8000)))
    tracemalloc.start()
    try:
        run_costs(findings)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST_BYTES * len(findings.snapshot)


def ran_beside(at: int, lanes: int) -> Json:
    """A test of a second, beside those of other lanes."""
    start = T0 + at // lanes * S
    return case(f"a.py::t{at}", worker=f"gw{at % lanes}", start=start, end=start + S, id=id_of("beside", at))
