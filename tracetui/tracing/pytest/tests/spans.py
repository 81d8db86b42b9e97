"""The spans of a test run: suites and workers, hooks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from opentelemetry.trace import StatusCode

from tracetui.tracing.host.run_queue import waited_ns, waited_since
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.exceptions import describe, qualified_name
from tracetui.tracing.spans.home import is_in_session
from tracetui.tracing.spans.line_spans import line_spans
from tracetui.tracing.spans.running import NOTHING, ROLE, Attributes, RunningSpan

_OF_SESSION = {"tracetui.hook.when": "session"}


class RunSpan(RunningSpan):
    """The span of everything this process does: the suite's, or a worker's part of it.

    `dry_run` is the option by which no test is called: then all were skipped; `more` are further attributes.
    What another run starts outside its tests is a hook of that run, and its spans are below the hook's.
    """

    def __init__(
        self, tracing: Tracing, name: str, worker: str | None, dry_run: str = "", more: Attributes = NOTHING
    ) -> None:
        self._tracing = tracing
        is_inner = worker is None and is_in_session()
        self._hook = HookSpan(tracing, f"pytest {name}", tracing.context, _OF_SESSION) if is_inner else None
        self._dry_run = dry_run
        own = {"test.suite.name": name} if worker is None else {"pytest.xdist.worker": worker}
        start = {
            ROLE: "suite" if worker is None else "worker",
            "test.suite.run.status": "in_progress",
            **own,
            **({"pytest.dry_run": dry_run} if dry_run else {}),
            **more,
        }
        self._waited: dict[str, int] = {}
        parent = self._hook.context if self._hook else tracing.context
        super().__init__(tracing, worker or name, parent, start)
        self.span_id = self.home.span_id
        self.lines = line_spans(tracing.sinks, tracing.tracer, self.context)

    def begin_tests(self) -> None:
        """Measure from now on how long tests wait for a processor."""
        self._waited = waited_ns()

    def expect(self, tests: int) -> None:
        """Record how many collected tests will run: at once, for viewers."""
        self.begin_tests()
        self.made.set_attributes({"pytest.testscollected": tests})
        self._tracing.show_change(self.made)

    def finish(self, exit_status: int, status: str, failed_hooks: Sequence[str] = ()) -> None:
        """End it with pytest's exit status, and what that says; a failed hook is what the suite is marked
        with.
        """
        if self._dry_run and status == "success":
            status = "skipped"
        message = f"{status}: exit status {exit_status}"
        if failed_hooks:
            status, message = "failure", f"failed hooks: {', '.join(failed_hooks)}"
            self.add({"tracetui.suite.failed_hooks": failed_hooks})
        self.add({"test.suite.run.status": status, "pytest.exitstatus": exit_status})
        self.add(waited_since(self._waited))
        is_good = status in ("success", "skipped")
        self.end(StatusCode.OK if is_good else StatusCode.ERROR, message)
        if self._hook is not None:
            self._hook.finish(None)


class HookSpan(RunningSpan):
    """The span of one fixture's set-up or teardown, or of one of the project's hooks."""

    role = "hook"
    is_metered = True

    def finish(self, error: BaseException | None) -> None:
        """End it. The phase that fails because of it has the exception in full, this span a line."""
        if error is None or isinstance(error, pytest.skip.Exception):
            self.add({"pytest.outcome": "passed" if error is None else "skipped"})
            self.end(StatusCode.OK)
        else:
            self.add({"pytest.outcome": "error", "error.type": qualified_name(type(error))})
            self.end(StatusCode.ERROR, describe(error))
