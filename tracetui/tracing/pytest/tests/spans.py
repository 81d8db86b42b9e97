"""The spans of a test run: what all have in common, suites and workers, hooks.

Times are taken from our own clock, since a test may freeze the others. A span's status is decided once, at
its end: the SDK lets nothing override OK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, StatusCode

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.cores import cores
from tracetui.tracing.host.processor_time import cpu_ns
from tracetui.tracing.pytest.tests.exceptions import describe, event_attributes, qualified_name
from tracetui.tracing.pytest.tests.outcomes import suite_status
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.fast_span import finish, inside, start_quickly
from tracetui.tracing.spans.home import is_in_session

ROLE = "tracetui.span.role"
CPU = "tracetui.cpu_ns"
"""What a span computed: this process, and children of it that were waited for in the span."""
_OF_SESSION = {"tracetui.hook.when": "session"}
Attributes: TypeAlias = Mapping[str, str | int | bool | Sequence[str]]
NOTHING: Attributes = {}


class RunningSpan:
    """An open span, and the context of what happens in it. `role` is the same for all of a class.

    `encoded` may be `attributes`, role included, as `fragments.told` encodes them. If `is_metered`, the span
    records its processor time.
    """

    role: ClassVar[str | None] = None
    is_metered: ClassVar[bool] = False

    def __init__(
        self,
        tracing: Tracing,
        name: str,
        parent: Context,
        attributes: Attributes,
        *,
        link: Context | None = None,
        start_ns: int | None = None,
        encoded: str = "",
    ) -> None:
        self.start_ns = now_ns() if start_ns is None else start_ns
        if self.role is not None:
            attributes = {ROLE: self.role, **attributes}
        self._span: Span = (
            start_quickly(tracing.tracer, name, parent, attributes, self.start_ns, encoded)
            if link is None
            else tracing.tracer.start_span(
                name,
                context=parent,
                attributes=attributes,
                links=[Link(trace.get_current_span(link).get_span_context())],
                start_time=self.start_ns,
            )
        )
        self._more: dict[str, str | int | bool | Sequence[str]] = {}
        self._cpu_ns = cpu_ns(self.start_ns, 0) if self.is_metered else None
        self.context = inside(self._span, parent)

    def add(self, attributes: Attributes) -> None:
        """Add attributes that are recorded when it ends."""
        self._more.update(attributes)

    def record(self, error: BaseException, stack: str) -> None:
        """Record an exception, now."""
        self._span.add_event("exception", event_attributes(error, stack), timestamp=now_ns())

    def end(self, status: StatusCode, message: str = "", *, at_ns: int | None = None) -> None:
        """End it, at `at_ns` or now."""
        if at_ns is None:
            at_ns = self.stop_meter()
        finish(self._span, self._more, status, message, at_ns)

    def stop_meter(self) -> int:
        """Record its processor time up to now; returns the time of day in ns."""
        at_ns = now_ns()
        if self._cpu_ns is not None:
            self._more[CPU] = (cpu_ns(at_ns, at_ns - self.start_ns) or 0) - self._cpu_ns
        return at_ns


def _of_suite(name: str) -> dict[str, str | int]:
    """A suite's name, and the number of processors if known."""
    count = cores()
    return {"test.suite.name": name, **({"tracetui.host.cores": count} if count else {})}


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
        own = _of_suite(name) if worker is None else {"pytest.xdist.worker": worker}
        start = {
            ROLE: "suite" if worker is None else "worker",
            "test.suite.run.status": "in_progress",
            **own,
            **({"pytest.dry_run": dry_run} if dry_run else {}),
            **more,
        }
        parent = self._hook.context if self._hook else tracing.context
        super().__init__(tracing, worker or name, parent, start)

    def expect(self, tests: int) -> None:
        """Record how many collected tests will run: at once, for viewers."""
        self._span.set_attributes({"pytest.testscollected": tests})
        self._tracing.show_change(self._span)

    def finish(self, exit_status: int, *, was_interrupted: bool, failed_hooks: Sequence[str] = ()) -> None:
        """End it with pytest's exit status; a failed hook is what the suite is marked with."""
        status = "aborted" if was_interrupted else suite_status(exit_status)
        if self._dry_run and status == "success":
            status = "skipped"
        message = f"{status}: exit status {exit_status}"
        if failed_hooks:
            status, message = "failure", f"failed hooks: {', '.join(failed_hooks)}"
            self.add({"tracetui.suite.failed_hooks": failed_hooks})
        self.add({"test.suite.run.status": status, "pytest.exitstatus": exit_status})
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
