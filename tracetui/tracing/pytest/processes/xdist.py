"""One trace under xdist: the controller passes its span on, and each worker's span is below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import pytest

from tracetui.tracing.otlp import GRACE_SECONDS
from tracetui.tracing.pytest.compat import crashed_worker, has_workers, reported_by
from tracetui.tracing.pytest.crash_recovery.recovery import CrashRecovery
from tracetui.tracing.pytest.plan import PLAN_ID


class HandedDown(TypedDict):
    """What a worker gets from its controller: the parent in hex, and an absolute directory."""

    directory: str
    trace_id: str
    span_id: str


class Counts(TypedDict):
    """What a worker reports at its end."""

    written: int
    lost: int
    failed_hooks: list[str]
    pid: int


def handed_down(config: pytest.Config) -> HandedDown | None:
    """What the controller gave this worker; None if this is no worker."""
    worker_input: dict[str, Any] = getattr(config, "workerinput", {})
    return worker_input.get("tracetui")


def worker_name(config: pytest.Config) -> str | None:
    """`gw0` and so on in a worker, None elsewhere."""
    worker_input: dict[str, Any] = getattr(config, "workerinput", {})
    return worker_input.get("workerid")


def grace_seconds(config: pytest.Config) -> float:
    """How long this process may wait at its end: under xdist the controller waits after its workers."""
    if worker_name(config) is not None:
        return GRACE_SECONDS * 2 / 3
    return GRACE_SECONDS / 3 if has_workers(config) else GRACE_SECONDS


def how_tests_are_handed_out(config: pytest.Config) -> dict[str, str | int]:
    """The attributes of a run's span that say how tests are handed out, and by which plan."""
    attributes: dict[str, str | int] = {}
    if has_workers(config):
        attributes["pytest.xdist.dist"] = str(config.getoption("dist"))
        if chunk := config.getoption("maxschedchunk", None):
            attributes["pytest.xdist.maxschedchunk"] = int(chunk)
    if plan := config.stash.get(PLAN_ID, ""):
        attributes["tracetui.plan.id"] = plan
    return attributes


class WorkerReport:
    """The last hook of a worker: it ends before xdist sends what it reports."""

    def __init__(self, finish: Callable[[int], object]) -> None:
        self._finish = finish

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the worker."""
        self._finish(int(session.exitstatus))


class Controller:
    """The controller's hooks; `hand_down` gives what new workers get.

    `written`, `lost`, `failed_hooks` and `pids` are what the workers report, or what dead ones left behind.
    """

    def __init__(self, hand_down: Callable[[], HandedDown], wills: CrashRecovery) -> None:
        self._hand_down = hand_down
        self._wills = wills
        self._told: set[tuple[str, str]] = set()
        self.written = 0
        self.lost = 0
        self.failed_hooks: list[str] = []
        self.pids: set[int] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker its parent, before it starts."""
        node.workerinput["tracetui"] = self._hand_down()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add up what a worker wrote; if it died, end what it left open."""
        counts: Counts | None = reported_by(node).get("tracetui")
        if counts is not None:
            self.written += counts["written"]
            self.lost += counts["lost"]
            self.failed_hooks += counts["failed_hooks"]
            self.pids.add(counts["pid"])
            return
        will = self._wills.execute(node.gateway.id)
        self.written += will.written
        self.pids.add(will.pid)
        self._told |= {(node.gateway.id, test) for test in will.tests}

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        """Write a span for a crashed test that left no records: on another host, for example."""
        worker = crashed_worker(report)
        if (worker, crashitem) not in self._told:
            self._wills.invent(worker, crashitem)
