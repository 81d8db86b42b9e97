"""Spans around a suite's hooks, and its fixture's start and stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.pytest.tests.spans import HookSpan

_OF_THE_FIXTURE = ("start", "stop")
_OF_A_TEST = ("before_test", "after_test")


class Watch:
    """Opens the spans, if the run is traced."""

    def __init__(self, underway: Underway | None) -> None:
        self._underway = underway

    @contextmanager
    def __call__(self, name: str, when: str) -> Iterator[None]:
        """A span around one of them. What is done for the suite is below the run, so that no test is billed
        for it.
        """
        safely = None if self._underway is None else self._underway.faults.safely
        span = None if safely is None else safely(self._begin, name, when)
        if span is None or safely is None or self._underway is None:
            yield
            return
        try:
            with self._underway.around(span.context, mode="attach"):
                yield
        except BaseException as error:
            safely(self._end, span, when, error)
            raise
        safely(self._end, span, when, None)

    def _begin(self, name: str, when: str) -> HookSpan:
        assert self._underway is not None
        underway, of_test = self._underway, when in _OF_A_TEST
        test = None if of_test else underway.test
        return HookSpan(
            underway.tracing,
            f"{name} {when.replace('_', ' ')}",
            underway.context if of_test else underway.run_context,
            {
                "tracetui.hook.when": when,
                "tracetui.hook.owner": name,
                **({"tracetui.fixture.scope": "session"} if when in _OF_THE_FIXTURE else {}),
            },
            link=None if test is None else test.context,
        )

    def _end(self, span: HookSpan, when: str, error: BaseException | None) -> None:
        span.finish(error)
        phase = None if self._underway is None else self._underway.phase
        if phase is not None and when not in _OF_A_TEST:
            phase.billed_ns += now_ns() - span.start_ns
