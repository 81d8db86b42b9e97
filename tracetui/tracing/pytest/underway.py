"""What this process is doing right now: the one thing that the rooms of the plugin share."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.context import Context

from tracetui.tracing.clock import now_ns
from tracetui.tracing.pytest.attempt import TestSpan
from tracetui.tracing.pytest.phases import PhaseSpan
from tracetui.tracing.pytest.safety import Faults
from tracetui.tracing.pytest.settings import Settings
from tracetui.tracing.pytest.spans import RunSpan
from tracetui.tracing.set_up import Tracing

MARKER = "tracetui"


class Underway:
    """The run of this process, the test and the phase it is in; None where there is none."""

    def __init__(self, tracing: Tracing, settings: Settings, worker: str | None) -> None:
        self.tracing = tracing
        self.settings = settings
        self.worker = worker
        self.started_ns = now_ns()
        self.faults = Faults()
        self.failed_hooks: list[str] = []
        self.run: RunSpan | None = None
        self.test: TestSpan | None = None
        self.is_isolated = settings.isolate
        self._path: Path | None = None

    @property
    def phase(self) -> PhaseSpan | None:
        """The phase under way."""
        phase = None if self.test is None else self.test.phase
        return None if phase is None or phase.stopped_ns is not None else phase

    @property
    def run_context(self) -> Context:
        """Where what belongs to no test hangs."""
        return self.tracing.context if self.run is None else self.run.context

    @property
    def context(self) -> Context:
        """Where what happens now hangs."""
        span = self.phase or self.test or self.run
        return self.tracing.context if span is None else span.context

    def stack(self, error: BaseException) -> str:
        """The stack trace of an exception that was raised now."""
        return self.settings.stacks.text(error, self._path)

    def enter_test(self, item: pytest.Item, test: TestSpan) -> None:
        """A test, or another attempt at it, begins."""
        self.test, self._path = test, item.path
        marker = item.get_closest_marker(MARKER)
        isolate = None if marker is None else marker.kwargs.get("isolate")
        self.is_isolated = self.settings.isolate if isolate is None else bool(isolate)

    def leave_test(self) -> TestSpan | None:
        """The test is over; gives it back for its end."""
        test, self.test, self._path = self.test, None, None
        self.is_isolated = self.settings.isolate
        return test


def ids_of(context: Context) -> tuple[str, str]:
    """Trace id and span id of the span in `context`, in hex."""
    span = trace.get_current_span(context).get_span_context()
    return f"{span.trace_id:032x}", f"{span.span_id:016x}"
