"""What this process is doing right now: the state that the plugin's modules share."""

from __future__ import annotations

import os
from pathlib import Path
from weakref import WeakMethod

import pytest
from opentelemetry import trace
from opentelemetry.context import Context

from tracetui.tracing.environment import configured_propagators
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.context_env import Surroundings, variables
from tracetui.tracing.pytest.safety import Faults
from tracetui.tracing.pytest.settings import MARKER, Mode, Settings, mode_of
from tracetui.tracing.pytest.tests.attempt import TestSpan
from tracetui.tracing.pytest.tests.phases import PhaseSpan
from tracetui.tracing.pytest.tests.spans import RunSpan
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.fast_span import home_of
from tracetui.tracing.spans.home import VARIABLE, Home


class Underway:
    """The run of this process, and its current test and phase, if any.

    `mode` is what the running code sees of its trace. A child that was forked within a phase and returns into
    pytest continues a run that is its parent's: it traces nothing of that.
    """

    def __init__(self, tracing: Tracing, settings: Settings, worker: str | None) -> None:
        self.tracing = tracing
        self.settings = settings
        self.worker = worker
        self.started_ns = now_ns()
        self.faults = Faults()
        self.failed_hooks: list[str] = []
        self.run: RunSpan | None = None
        self.test: TestSpan | None = None
        self.mode: Mode = settings.mode
        self._inner: list[Context] = []
        self._propagators = configured_propagators()
        self._path: Path | None = None
        forked = WeakMethod(self._after_fork)
        os.register_at_fork(after_in_child=lambda: (call := forked()) and call())

    @property
    def phase(self) -> PhaseSpan | None:
        """The current phase."""
        phase = None if self.test is None else self.test.phase
        return None if phase is None or phase.stopped_ns is not None else phase

    @property
    def run_context(self) -> Context:
        """The context for spans that belong to no test."""
        return self.tracing.context if self.run is None else self.run.context

    @property
    def context(self) -> Context:
        """The context for spans that start now."""
        span = self.phase or self.test or self.run
        return self.tracing.context if span is None else span.context

    def home(self) -> Home | None:
        """What a span of the code under test that starts now belongs to; None if it is not kept."""
        if self.mode == "isolate" or self.run is None:
            return None
        if self._inner:
            return ids_of(self._inner[-1])
        span = self.phase or self.test or self.run
        return ids_of(self.tracing.context) if span is None else span.home

    def around(
        self,
        context: Context,
        *,
        mode: Mode | None = None,
        has_variables: bool = True,
        is_inner: bool = True,
    ) -> Surroundings:
        """The context manager around what happens in the span of `context`: within a phase, unless not
        `is_inner`.
        """
        attaches = (mode or self.mode) == "attach"
        for_children = (
            variables(ids_of(context), context, self._propagators, attaches=attaches) if has_variables else {}
        )
        return Surroundings(
            for_children, context if attaches else None, (self._inner, context) if is_inner else None
        )

    def around_test(self, test: TestSpan) -> Surroundings:
        """The context manager around what happens in a test outside of its phases."""
        if self.mode == "attach":
            return self.around(test.context, is_inner=False)
        return Surroundings({VARIABLE: test.home.variable})

    def around_session(self, run: RunSpan) -> Surroundings:
        """The context manager around what happens in a run outside of its tests."""
        return Surroundings({VARIABLE: run.home.session_variable})

    def stack(self, error: BaseException) -> str:
        """The stack trace of an exception that was just raised."""
        return self.settings.stacks.text(error, self._path)

    def enter_test(self, item: pytest.Item, test: TestSpan, *, has_marker: bool = True) -> None:
        """Start a test, or another attempt at it. `has_marker`: whether it may have ours."""
        self.test, self._path = test, item.path
        marker = item.get_closest_marker(MARKER) if has_marker else None
        default: Mode = getattr(item, "tracetui_mode", self.settings.mode)
        self.mode = default
        if marker is not None:
            self.mode = self.faults.safely(mode_of, marker, default) or default

    def leave_test(self) -> TestSpan | None:
        """Leave the test, and return it so that it can be ended."""
        test, self.test, self._path = self.test, None, None
        self.mode = self.settings.mode
        return test

    def _after_fork(self) -> None:
        if self.phase is not None or self._inner:
            self.faults.silence()


def ids_of(context: Context) -> Home:
    """Trace id and span id of the span in `context`, in hex."""
    return home_of(trace.get_current_span(context))
