"""A span around every set-up and teardown of a fixture, exactly timed.

What a test alone uses hangs below its phase. A wider fixture serves many tests: it hangs below the run, with
a link to the test that happened to trigger it, and its time is billed to no test.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import ExitStack
from types import FrameType
from typing import Any

import pytest
from opentelemetry.context import Context

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.fixture_facts import Fixture, fixture_of
from tracetui.tracing.pytest.tests.phases import PhaseSpan
from tracetui.tracing.pytest.tests.spans import HookSpan
from tracetui.tracing.pytest.underway import Underway

# Kept here, as there are tests that take it away.
_frame = sys._getframe


class FixtureHooks:
    """The hooks of fixtures."""

    def __init__(self, underway: Underway) -> None:
        self._stages = Stages(underway)
        self._safely = underway.faults.safely

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: Any
    ) -> Generator[None, object, object]:
        """Time the set-up, and prepare to time the teardown."""
        __tracebackhide__ = True
        fixture = self._safely(fixture_of, fixturedef, request)
        if fixture is None:
            return (yield)
        setup = Stage(self._stages, fixture, "setup")
        teardown = Stage(self._stages, fixture, "teardown")
        # Finalizers run in reverse: this one comes last, the one that is added after the set-up first.
        fixturedef.addfinalizer(teardown.end_finalizer)
        known = _finalizers(fixturedef)
        self._safely(setup.begin)
        try:
            result = yield
        except BaseException as error:
            self._safely(setup.end, error)
            raise
        else:
            self._safely(setup.end)
            return result
        finally:
            if known is None or _finalizers(fixturedef) != known:
                fixturedef.addfinalizer(teardown.begin_finalizer)


def _finalizers(fixturedef: Any) -> int | None:
    """How many finalizers a fixture has, where pytest tells: without one it has no teardown to time."""
    finalizers = getattr(fixturedef, "_finalizers", None)
    return None if finalizers is None else len(finalizers)


class Stages:
    """The set-ups and teardowns under way, the innermost last."""

    def __init__(self, underway: Underway) -> None:
        self.underway = underway
        self.open: list[Stage] = []

    def parent(self, fixture: Fixture) -> Context:
        """Where a stage hangs that begins now."""
        for stage in reversed(self.open):
            if stage.span is not None and stage.fixture.is_wide == fixture.is_wide:
                return stage.span.context
        return self.underway.run_context if fixture.is_wide else self.underway.context

    def is_billed(self) -> bool:
        """Whether the time that passes is a wide fixture's already."""
        return any(stage.fixture.is_wide for stage in self.open)


class Stage:
    """The set-up or the teardown of one fixture."""

    def __init__(self, stages: Stages, fixture: Fixture, when: str) -> None:
        self.fixture = fixture
        self.span: HookSpan | None = None
        self._stages = stages
        self._when = when
        self._surroundings = ExitStack()
        self._began_ns = 0
        self._billed: PhaseSpan | None = None
        self._errors_before = 0

    def begin(self) -> None:
        """It begins now."""
        underway = self._stages.underway
        self._began_ns = now_ns()
        self._billed = underway.phase if self.fixture.is_wide and not self._stages.is_billed() else None
        if underway.settings.shows_hidden_fixtures or not self.fixture.is_hidden:
            self.span = self._start_span(underway)
            around = underway.around(self.span.context, has_variables=self.fixture.is_wide)
            self._surroundings.enter_context(around)
        self._stages.open.append(self)

    def end(self, error: BaseException | None = None) -> None:
        """It is over; what was not begun has no end."""
        if self not in self._stages.open:
            return
        del self._stages.open[self._stages.open.index(self) :]
        self._surroundings.close()
        if self.span is not None:
            self.span.finish(error)
        if self._billed is not None:
            self._billed.billed_ns += now_ns() - self._began_ns

    def begin_finalizer(self) -> None:
        """`begin`, called by pytest."""
        self._stages.underway.faults.safely(self._begin_teardown, _frame(1))

    def end_finalizer(self) -> None:
        """`end`, called by pytest."""
        self._stages.underway.faults.safely(self._end_teardown, _frame(1))

    def _begin_teardown(self, caller: FrameType) -> None:
        self._errors_before = len(_errors_in(caller))
        self.begin()

    def _end_teardown(self, caller: FrameType) -> None:
        errors = _errors_in(caller)[self._errors_before :]
        self.end(errors[0] if errors else None)

    def _start_span(self, underway: Underway) -> HookSpan:
        test = underway.test if self.fixture.is_wide else None
        return HookSpan(
            underway.tracing,
            f"{self.fixture.name} {self._when}",
            self._stages.parent(self.fixture),
            {**self.fixture.attributes, "tracetui.hook.when": self._when},
            link=None if test is None else test.context,
        )


def _errors_in(caller: FrameType) -> list[BaseException]:
    # Pytest collects what finalizers raise in a local variable, and tells no finalizer of it.
    errors = caller.f_locals.get("exceptions")
    return errors if isinstance(errors, list) else []
