"""Plans applied to real runs, with and without xdist; none of them is traced but where it says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.recordings import recorded
from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite

CONFTEST = """
    import os
    def pytest_runtest_logreport(report):
        if report.when == "call" and "PYTEST_XDIST_WORKER" not in os.environ:
            with open("ran.txt", "a") as file:
                file.write(report.nodeid + "\\n")
"""
SUITE = """
    import pytest
    @pytest.mark.parametrize("n", ["x", "y z", "é", "::", "[q]"])
    def test_many(n):
        pass
    def test_one():
        pass
    @pytest.mark.xdist_group("slow")
    def test_grouped():
        pass
"""
MANY = [f"test_first.py::test_many[{n}]" for n in ("x", "y z", r"\xe9", "::", "[q]")]
ALL = [*MANY, "test_first.py::test_one", "test_first.py::test_grouped", "test_second.py::test_other"]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two files with eight tests, which say where they ran."""
    write_suite(tmp_path, conftest=CONFTEST, test_first=SUITE, test_second="def test_other(): pass")
    return tmp_path


def planned(suite: Path, **plan: Any) -> str:
    """The option for a plan that is written there."""
    document = {"schema": "tracetui.plan/1", "dist": "load", "maxschedchunk": 1, **plan}
    (suite / "plan.json").write_text(json.dumps(document))
    return "--tracetui-plan=plan.json"


def ran(suite: Path, *arguments: str, code: int = 0) -> tuple[list[str], str]:
    """The tests, with one worker in the order in which they ran, and what pytest said."""
    xdist = () if "no:xdist" in arguments else ("-p", "xdist")
    result = run_pytest(suite, *xdist, *arguments)
    assert result.returncode == code, result.stdout + result.stderr
    path = suite / "ran.txt"
    tests = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return tests, result.stdout + result.stderr


def test_a_worker_runs_its_tests_in_the_order(suite: Path) -> None:
    """With ids as pytest makes them; new tests are last and counted, those that are gone are passed over."""
    order = ["test_second.py::test_other", MANY[4], "gone.py::test_it", MANY[1], MANY[2], MANY[3], MANY[0]]
    tests, said = ran(suite, "-n1", planned(suite, order=order))
    assert tests == [name for name in order if name in ALL] + ALL[5:7]
    assert "tests in the order of plan.json, with --dist=load --maxschedchunk=1" in said
    assert "plan.json does not know 2 of 8 tests: they ran last" in said


def test_all_workers_have_the_same_order(suite: Path) -> None:
    """Which xdist checks; all tests run once, also where the plan is known by another path on the workers."""
    tests, said = ran(suite, "-n3", "-v", planned(suite, order=ALL[::-1], workers=8))
    assert sorted(tests) == sorted(ALL)
    assert "Different tests were collected" not in said
    assert "does not know" not in said


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "worksteal 4"),
        (("--maxschedchunk=2",), "worksteal 2"),
        (("-d",), "load None"),
    ],
)
def test_what_the_user_says_wins(suite: Path, arguments: Sequence[str], expected: str) -> None:
    """And what is not said is the plan's; where they do not fit, a line says so."""
    write_suite(suite, conftest=SAYS_OPTIONS)
    option = planned(suite, order=ALL[::-1], dist="worksteal", maxschedchunk=4, workers=1)
    _, said = ran(suite, "-n1", option, *arguments)
    assert f"options: {expected}\n" in said
    assert ("tests are not ordered: the plan is for --" in said) == (expected != "worksteal 4")


SAYS_OPTIONS = """
    def pytest_terminal_summary(terminalreporter, config):
        terminalreporter.write_line(f"options: {config.option.dist} {config.option.maxschedchunk}")
"""


@pytest.mark.parametrize(
    ("plan", "arguments", "reason"),
    [
        ({}, (), "the plan is for workers: add -n 2"),
        ({"dist": "worksteal"}, ("-n1",), "the plan is for 2 workers, this run has 1: add -n 2"),
        ({}, ("-n1", "--dist=loadgroup"), "the plan is for --dist=load, this run has --dist=loadgroup"),
        ({"order": [], "shards": [{"tests": ALL}]}, (), "the plan has 1 shards: add --tracetui-shard 1/1"),
    ],
)
def test_an_order_that_does_not_fit_is_left_out(
    suite: Path, plan: dict[str, Any], arguments: Sequence[str], reason: str
) -> None:
    """As a longest-first order under xdist's default would make the run slower; one line says why."""
    tests, said = ran(suite, planned(suite, **{"order": ALL[::-1], "workers": 2} | plan), *arguments)
    assert [test.partition("@")[0] for test in tests] == ALL
    assert f"tracetui: tests are not ordered: {reason}\n" in said


def test_without_xdist_nothing_breaks(suite: Path) -> None:
    """Its options are not there."""
    tests, said = ran(suite, "-p", "no:xdist", "-W", "ignore", planned(suite, order=ALL[::-1]))
    assert tests == ALL
    assert "the plan is for workers" in said


@pytest.mark.parametrize("content", ["{", None])
def test_a_plan_that_cannot_be_read_costs_a_line(suite: Path, content: str | None) -> None:
    """As in CI, where the first run has none yet."""
    if content is not None:
        (suite / "plan.json").write_text(content)
    tests, said = ran(suite, "--tracetui-plan=plan.json", "-n1")
    assert tests == ALL
    reason = "No such file or directory" if content is None else "it is not JSON"
    assert f"tracetui: tests are not ordered: plan.json cannot be used: {reason}\n" in said


SHARDS = [{"tests": [ALL[7], ALL[2]]}, {"tests": [*ALL[:2], "gone.py::test_it", *ALL[3:5]]}]


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
def test_each_shard_runs_its_part(suite: Path, workers: Sequence[str]) -> None:
    """Each test once among all of them; those that are new to the plan where their file is."""
    option = planned(suite, shards=SHARDS)
    first, said = ran(suite, option, "--tracetui-shard=1/2", *workers)
    second, _ = ran(suite, option, "--tracetui-shard=2/2", *workers)
    assert sorted(first) == sorted([ALL[7], ALL[2]])
    assert sorted(second) == sorted([*ALL[:2], *ALL[3:7]])
    assert "tracetui: shard 1 of 2 of plan.json" in said
    if not workers:
        assert first == [ALL[7], ALL[2]]
        assert "6 deselected" in said


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--tracetui-shard=1/2",), "write --tracetui-plan FILE too"),
        (("--tracetui-plan=plan.json", "--tracetui-shard=1/3"), "the plan has 2 shards, 1/2 to 2/2"),
        (("--tracetui-plan=plan.json", "--tracetui-shard=0/2"), "the plan has 2 shards"),
        (("--tracetui-plan=plan.json", "--tracetui-shard=3/2"), "the plan has 2 shards"),
        (("--tracetui-plan=plan.json", "--tracetui-shard=one"), "write I/K, as 1/2 for the first"),
        (("--tracetui-plan=none.json", "--tracetui-shard=1/2"), "none.json cannot be used: No such file"),
    ],
)
def test_a_shard_that_is_none_is_an_error(suite: Path, arguments: Sequence[str], reason: str) -> None:
    """No test is left out because somebody mistyped, or one machine of several could not read the plan."""
    planned(suite, shards=SHARDS)
    tests, said = ran(suite, *arguments, code=4)
    assert not tests
    assert reason in said
    assert "Traceback" not in said


def test_a_group_is_known_with_and_without_its_suffix(suite: Path) -> None:
    """Under loadgroup xdist appends it to the node id, and a recording has it so."""
    option = planned(suite, order=[ALL[7], ALL[6] + "@slow"], dist="loadgroup", maxschedchunk=None)
    tests, said = ran(suite, "-n1", option)
    assert "does not know 6 of 8" in said
    # Not so with pytest 9.2, which took from xdist 3.8 the attribute that it sets.
    assert {test.removesuffix("@slow") for test in tests} == set(ALL)


def test_the_order_holds_against_other_plugins(suite: Path) -> None:
    """One that shuffles what was collected has no part in it."""
    order = [ALL[3], *ALL[:3], *ALL[:3:-1]]
    write_suite(suite, conftest=CONFTEST + SHUFFLES)
    assert ran(suite, "-n1", planned(suite, order=order))[0] == order


SHUFFLES = """
    import pytest
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(items):
        items.sort(key=lambda item: item.name)
"""


def test_a_traced_run_is_ordered_too(suite: Path) -> None:
    """Its spans begin in the plan's order, and the suite's tells of the plan and of xdist."""
    ran(suite, "-n1", planned(suite, order=ALL[::-1], id="4711"), "--tracetui=spans")
    (run,) = with_role(spans_in(suite / "spans"), "suite")
    told = {"tracetui.plan.id": "4711", "pytest.xdist.dist": "load", "pytest.xdist.maxschedchunk": 1}
    assert told.items() <= run.attributes.items()
    (facts,) = recorded(suite / "spans").runs.job_facts
    assert (facts.plan, facts.dist) == ("4711", "load")
    tests = with_role(spans_in(suite / "spans"), "test")
    tests.sort(key=lambda span: int(span.raw["startTimeUnixNano"]))
    assert [span.attributes["pytest.nodeid"] for span in tests] == ALL[::-1]


def test_nothing_is_loaded_without_a_plan(suite: Path) -> None:
    """The door stays shut."""
    write_suite(suite, conftest=SAYS_MODULES)
    assert "modules: []" in ran(suite)[1]


SAYS_MODULES = """
    import sys
    def pytest_terminal_summary(terminalreporter):
        loaded = [name for name in sys.modules if name.startswith("tracetui.tracing.pytest.plan")]
        terminalreporter.write_line(f"modules: {loaded}")
"""
