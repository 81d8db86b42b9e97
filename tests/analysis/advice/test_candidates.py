"""What a workload gives reason to try: each kind with its cause, and none without."""

import pytest
from msgspec.structs import replace

from tests.analysis.plan.suites import S, item, workload
from tracetui.analysis.advice.candidates import Base, Candidate, candidates
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.workload import Fixture, Item, Workload


def tried(suite: Workload) -> dict[str, Candidate]:
    """By kind the first candidate."""
    found: dict[str, Candidate] = {}
    for each in candidates(Base(suite, Policy(suite.dist), suite.workers)):
        found.setdefault(each.kind, each)
    return found


def even(count: int = 40, **changes: object) -> list[Item]:
    return [item(f"a{number % 8}.py::{number}", 1)._replace(**changes) for number in range(count)]  # type: ignore[arg-type]


def test_equal_tests_give_no_reason() -> None:
    """Neither a fixture nor a hook, nothing long, and nobody knows whether they wait."""
    assert tried(workload(*even())) == {}


def test_a_fixture_that_is_set_up_again_and_again() -> None:
    """A module's for 8 files, 3 s each; of one that is set up once for a worker nothing can be gained."""
    modules = tuple(Fixture("db", "module", f"a{number}.py", 2 * S, S) for number in range(8))
    items = [each._replace(fixtures=(number % 8,)) for number, each in enumerate(even())]
    found = tried(workload(*items, fixtures=modules))["fixture scope"]
    assert found.what == "give the fixture db session scope"
    assert found.why == "set up 8 times, once for each module: 24.0s in all"
    assert found.where == "db"
    once = Fixture("app", "session", "", 20 * S, S)
    assert "fixture scope" not in tried(workload(*even(fixtures=(0,)), fixtures=(once,)))


def test_a_fixture_that_is_set_up_for_each_test() -> None:
    """Half of each test is its own client."""
    found = tried(workload(*even(of_functions=(("client", S // 2),))))["fixture scope"]
    assert found.why == "set up 40 times, once for each test: 20.0s in all"
    assert sum(each.own_ns for each in found.workload.items) == 20 * S


def test_a_hook_that_costs_more_than_the_tests() -> None:
    """It is not dropped: half of it is what could be saved."""
    found = tried(workload(*even(hooks=(("validate after test", 2 * S),))))["hook"]
    assert found.why == "takes 1m20s of lane time, 2.0x what the tests take themselves"
    assert {each.hooks for each in found.workload.items} == {(("validate after test", S),)}
    assert "hook" not in tried(workload(*even(hooks=(("validate after test", S // 1000),))))


def test_a_long_test_at_the_end() -> None:
    """20 s that begin last on two workers of 30 s: an order helps; 50 s of 70 s only where it is split."""
    late = tried(workload(*even(), item("z.py::long", 20)))
    assert late["order"].where == "z.py::long"
    assert "long test" not in late
    longer = tried(workload(*even(), item("z.py::long", 50)))["long test"]
    assert longer.what == "split z.py::long into two tests"
    assert sorted(each.own_ns for each in longer.workload.items)[-2:] == [25 * S, 25 * S]


def test_files_that_hold_up_the_end() -> None:
    """Where files are handed out whole: split the longest, or hand out tests."""
    items = [item(f"a.py::{number}", 1) for number in range(30)] + [item(f"b.py::{n}", 1) for n in range(5)]
    suite = workload(*items, dist="loadfile")
    found = [each for each in candidates(Base(suite, Policy("loadfile"), 2)) if each.kind == "uneven files"]
    assert [each.what.partition(":")[0] for each in found] == [
        "split a.py into two files",
        "hand out tests one by one",
    ]
    assert found[0].why == "--dist=loadfile gives it to one worker whole: 30.0s of 35.0s"
    assert found[1].policy == Policy("worksteal")
    assert "uneven files" not in tried(workload(*items))


@pytest.mark.parametrize(("computing", "workers"), [(0.0, 4), (0.19, 4), (0.21, None)])
def test_tests_that_wait_have_room_for_more_workers(computing: float, workers: int | None) -> None:
    """Those that compute for less than a fifth of their time; where nobody knows, nothing is said."""
    suite = replace(workload(*even(computing_ns=round(computing * S))), cores=2)
    found = tried(suite).get("waiting")
    assert (found.workers if found else None) == workers


def test_cores_that_nobody_used() -> None:
    """A plain run on a machine of eight: as many workers."""
    suite = replace(workload(*even(computing_ns=S), dist="no", workers=1), cores=8)
    found = tried(suite)["workers"]
    assert (found.workers, found.policy.dist) == (8, "load")
    assert found.why == "the machine has 8 cores"


def test_fixtures_on_several_workers() -> None:
    """Files of four tests with a set-up of 4 s: together they need fewer."""
    modules = tuple(Fixture("db", "module", f"a{number}.py", 4 * S, 0) for number in range(8))
    items = [item(f"a{number // 4}.py::{number}", 0.5 + number % 3, number // 4) for number in range(32)]
    found = tried(workload(*items, fixtures=modules, workers=4))["duplicate set-up"]
    assert found.policy.dist == "worksteal"
    assert "tracetui plan --workers 4" in found.what
