"""What is left to do with something changed."""

import pytest

from tests.analysis.schedule.suites import S, item, workload
from tracetui.analysis.schedule import changes
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.simulation import simulate
from tracetui.analysis.schedule.toggles import Toggle, changed, toggles
from tracetui.analysis.schedule.workload import Fixture, Workload
from tracetui.errors import InputError


def took(work: Workload) -> float:
    """How long it takes in one process, in seconds."""
    return simulate(work, Policy("no"), 1).wall_ns / S


def test_without_a_test() -> None:
    """By its name, or by a part of it that only one has; else there is an error that helps."""
    work = workload(item("test_a.py::test_long", 9), item("test_a.py::test_short", 1))
    assert took(changes.without(work, "test_a.py::test_long")) == 1
    assert took(changes.without(work, "short")) == 9
    with pytest.raises(InputError, match="2 of the name test_a"):
        changes.without(work, "test_a")
    with pytest.raises(InputError, match="no test is called gone"):
        changes.without(work, "gone")


def test_a_fixture_of_each_file_set_up_once() -> None:
    """Three files of a fixture of 5 seconds: two set-ups less."""
    fixtures = [Fixture("db", "module", f"test_{n}.py", 4 * S, S) for n in range(3)]
    tests = [item(f"test_{n}.py::test_x", 1, fixtures=[n]) for n in range(3)]
    work = workload(*tests, fixtures=fixtures)
    assert took(work) == 18
    assert took(changes.widened(work, "db")) == 8


def test_a_fixture_of_each_test_set_up_once() -> None:
    """Its cost leaves the tests, and comes back once."""
    tests = [item(f"test_a.py::test_{n}", 3)._replace(of_functions=(("client", 2 * S),)) for n in range(4)]
    work = workload(*tests)
    assert took(work) == 12
    assert took(changes.widened(work, "client")) == 6


def test_a_session_fixture_cannot_be_widened() -> None:
    """It is as wide as it gets."""
    work = workload(item("test_a.py::test_x", 1, fixtures=[0]), fixtures=[Fixture("db", "session", "", S, 0)])
    with pytest.raises(InputError, match="less than session scope"):
        changes.widened(work, "db")


def test_without_a_hook_and_with_archiving_aside() -> None:
    """Of a test of 6 seconds."""
    work = workload(item("a.js", 1)._replace(hooks=(("check", 2 * S), ("other", S)), archiving_ns=2 * S))
    assert took(work) == 6
    assert took(changes.without_hook(work, "check")) == 4
    assert took(changes.archiving_aside(work)) == 4
    with pytest.raises(InputError, match="known are check, other"):
        changes.without_hook(work, "nothing")


def test_a_file_cut_in_two() -> None:
    """At half of its time; both halves set up what the file needs."""
    tests = [item(f"test_a.py::test_{n}", seconds, fixtures=[0]) for n, seconds in enumerate((3, 1, 1, 1))]
    work = workload(*tests, fixtures=[Fixture("app", "module", "test_a.py", S, 0)], dist="loadfile")
    cut = changes.split(work, "test_a.py")
    assert [each.file for each in cut.items] == ["test_a.py"] + ["test_a.py (2nd half)"] * 3
    assert took(work) == 7
    assert took(cut) == 8
    assert simulate(cut, Policy("loadfile"), 2).wall_ns / S == pytest.approx(4, abs=0.05)


def test_a_file_of_one_test_cannot_be_cut() -> None:
    """There is no half of it."""
    with pytest.raises(InputError, match="one test"):
        changes.split(workload(item("test_a.py::test_x", 1)), "test_a.py")


def test_what_costs_most_is_offered_and_what_costs_little_is_not() -> None:
    """Two tests at most, archiving, hooks, fixtures; nothing below a hundredth of all."""
    tests = [item(f"test_a.py::test_{n}", n + 1) for n in range(10)]
    tests[0] = tests[0]._replace(archiving_ns=9 * S, hooks=(("check", 8 * S), ("small", S // 100)))
    tests[1] = tests[1]._replace(of_functions=(("client", S), ("tmp_path", S)))
    work = workload(*tests)
    offered = toggles(work)
    assert [(each.kind, each.name) for each in offered] == [
        ("without", "test_a.py::test_0"),
        ("without", "test_a.py::test_9"),
        ("archive_aside", ""),
        ("drop_hook", "check"),
        ("widen", "client"),
    ]
    left = changed(work, [Toggle("archive_aside", "", 0), offered[3]])
    assert took(work) - took(left) == pytest.approx(17)
