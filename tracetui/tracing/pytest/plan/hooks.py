"""Applies a plan to a run, traced or not, in one process or on the workers of xdist.

The user's options win: if `--dist` or `--maxschedchunk` are not the plan's, its order would not fit them and
is left out. A plan that cannot be read costs one line and its order. For a shard it is an error: nobody could
say which tests the other shards run.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, TypedDict

import pytest

from tracetui.tracing.pytest.plan import PLAN_ID
from tracetui.tracing.pytest.plan.order import of_shard, ordered, unknown
from tracetui.tracing.pytest.plan.plan_file import Plan, read_plan
from tracetui.tracing.pytest.processes.groups import group_of

_HANDED_DOWN = "tracetui_plan"


class HandedDown(TypedDict):
    """What a worker gets from its controller, which alone reads the file, so that all have the same order."""

    order: list[str]
    shards: list[list[str]]
    number: int


def register(config: pytest.Config) -> None:
    """Apply the plan that the command line names; raises `pytest.UsageError` for a wrong shard."""
    worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker_input is not None:
        handed_down: HandedDown | None = worker_input.get(_HANDED_DOWN)
        if handed_down is not None:
            config.pluginmanager.register(Selection(handed_down), "tracetui-plan-selection")
        return
    given, shard = config.getoption("tracetui_plan"), config.getoption("tracetui_shard")
    if given is None:
        raise pytest.UsageError("--tracetui-shard: write --tracetui-plan FILE too, which has the shards")
    try:
        plan = read_plan(Path(config.invocation_params.dir, given))
    except (OSError, ValueError) as error:
        reason = f"{given} cannot be used: {getattr(error, 'strerror', None) or error}"
        if shard is not None:
            raise pytest.UsageError(f"--tracetui-plan {reason}") from None
        config.pluginmanager.register(Unplanned(reason), "tracetui-plan")
        return
    number = None if shard is None else _shard_number(shard, len(plan.shards))
    if number is None and plan.dist:
        apply_options(config, plan)
    config.pluginmanager.register(PlannedRun(plan, given, number), "tracetui-plan")


def _shard_number(text: str, shards: int) -> int:
    """The number, from 0, of the shard that is written as I/K; raises `pytest.UsageError`."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if match is None:
        raise pytest.UsageError(f"--tracetui-shard {text}: write I/K, as 1/{max(2, shards)} for the first")
    number, of = map(int, match.groups())
    if of != shards or not 1 <= number <= of:
        has = f"has {shards} shards, 1/{shards} to {shards}/{shards}" if shards else "has no shards"
        raise pytest.UsageError(f"--tracetui-shard {text}: the plan {has}")
    return number - 1


def apply_options(config: pytest.Config, plan: Plan) -> None:
    """Set how xdist hands out tests, unless the user has: before xdist fills in its defaults."""
    option = config.option
    dist = "load" if getattr(option, "distload", False) else getattr(option, "dist", "no")
    if dist not in ("no", plan.dist) or (dist == "no" and not getattr(option, "numprocesses", None)):
        return
    option.dist = plan.dist
    if option.maxschedchunk is None:
        option.maxschedchunk = plan.maxschedchunk
    if plan.keeps_scope_order:
        option.loadscopereorder = False


class Unplanned:
    """The hook of a run whose plan cannot be read."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        terminalreporter.write_line(f"tracetui: tests are not ordered: {self._reason}")


class PlannedRun:
    """The hooks of a run with a plan; `number` is that of its shard, from 0."""

    def __init__(self, plan: Plan, name: str, number: int | None) -> None:
        self._plan = plan
        self._name = name
        self._number = number
        self._collected: Sequence[str] = ()
        self._reason = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Decide whether the order fits how tests are handed out, now that all options are known."""
        if self._number is None:
            self._reason = _why_not(config, self._plan)
        else:
            config.pluginmanager.register(Selection(self._handed_down()), "tracetui-plan-selection")
        if not self._reason:
            config.stash[PLAN_ID] = self._plan.id

    def pytest_report_header(self) -> str | None:
        """Say what is applied."""
        plan = self._plan
        if self._number is not None:
            return f"tracetui: shard {self._number + 1} of {len(plan.shards)} of {self._name}"
        if self._reason:
            return None
        chunk = f" --maxschedchunk={plan.maxschedchunk}" if plan.maxschedchunk else ""
        return f"tracetui: tests in the order of {self._name}, with --dist={plan.dist}{chunk}"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker its order, before it starts."""
        if self._number is not None or not self._reason:
            node.workerinput[_HANDED_DOWN] = self._handed_down()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Learn what was collected."""
        self._collected = self._collected or ids

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why the order was left out, or that the plan is out of date."""
        if self._reason:
            terminalreporter.write_line(f"tracetui: tests are not ordered: {self._reason}")
            return
        known = [other for name in self._plan.order for other in _names(name)]
        new = unknown([_names(name) for name in self._collected], known)
        if self._number is None and new:
            of = len(self._collected)
            terminalreporter.write_line(
                f"tracetui: {self._name} does not know {new} of {of} tests: they ran last"
            )

    def _handed_down(self) -> HandedDown:
        if self._number is None:
            return {"order": list(self._plan.order), "shards": [], "number": 0}
        return {"order": [], "shards": [list(shard) for shard in self._plan.shards], "number": self._number}


def _why_not(config: pytest.Config, plan: Plan) -> str:
    """Why the order of a plan cannot be applied; an empty text where it can."""
    if not plan.order:
        return f"the plan has {len(plan.shards)} shards: add --tracetui-shard 1/{len(plan.shards)}"
    if any(config.getoption(name, default=None) for name in ("failedfirst", "newfirst")):
        return "--failed-first and --new-first have an order of their own"
    option = config.option
    dist, workers = getattr(option, "dist", "no"), len(getattr(option, "tx", None) or ())
    if dist == "no" or not workers:
        return f"the plan is for workers: add -n {plan.workers or 'auto'}"
    return _misfit(plan, dist, option.maxschedchunk, workers)


def _misfit(plan: Plan, dist: str, maxschedchunk: int | None, workers: int) -> str:
    if dist != plan.dist:
        return f"the plan is for --dist={plan.dist}, this run has --dist={dist}"
    if maxschedchunk != plan.maxschedchunk:
        chunk = f"={plan.maxschedchunk}" if plan.maxschedchunk else " at its default"
        return f"the plan is for --maxschedchunk{chunk}, this run has {maxschedchunk}"
    # Each has a stretch of the list; elsewhere any number of them goes through it from its head.
    if dist == "worksteal" and plan.workers not in (None, workers):
        return f"the plan is for {plan.workers} workers, this run has {workers}: add -n {plan.workers}"
    return ""


class Selection:
    """The hook of a process that collects: orders its tests, or keeps those of its shard."""

    def __init__(self, handed_down: HandedDown) -> None:
        self._given = handed_down

    # Around all others: none may change the order again, and what they deselect is gone.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Order or select the collected tests."""
        result = yield
        tests, given = [names_of(item) for item in items], self._given
        if not given["shards"]:
            items[:] = [items[place] for place in ordered(tests, given["order"])]
            return result
        places = of_shard(tests, given["shards"], given["number"])
        kept = [items[place] for place in places]
        rest = set(range(len(items))) - set(places)
        if rest:
            config.hook.pytest_deselected(items=[items[place] for place in sorted(rest)])
        items[:] = kept
        return result


def names_of(item: pytest.Item) -> list[str]:
    """The names a plan may use for a test: under `--dist loadgroup` xdist appends the group to its node
    id.
    """
    group = group_of(item)
    if not group:
        return [item.nodeid]
    suffix = f"@{group}"
    plain = item.nodeid.removesuffix(suffix)
    return [item.nodeid, plain, plain + suffix]


def _names(name: str) -> list[str]:
    """The other names a test may have if it is unknown whether it has a group."""
    return [name, name.rpartition("@")[0]] if name.rfind("@") > name.rfind("]") else [name]
