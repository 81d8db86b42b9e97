"""A span around each call of a hook of the project's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from tracetui.tracing.pytest.project_hooks import HookCall
from tracetui.tracing.pytest.tests.spans import HookSpan
from tracetui.tracing.pytest.underway import Underway


class HookWatch:
    """Opens the span below what is under way: the run, or a phase of a test."""

    def __init__(self, underway: Underway) -> None:
        self._underway = underway

    @contextmanager
    def __call__(self, call: HookCall) -> Iterator[None]:
        """Watch one call; what it raises goes on."""
        __tracebackhide__ = True
        safely = self._underway.faults.safely
        span = safely(self._begin, call)
        try:
            with nullcontext() if span is None else self._underway.around(span.context):
                yield
        except BaseException as error:
            safely(self._end, span, call, error)
            raise
        safely(self._end, span, call, None)

    def _begin(self, call: HookCall) -> HookSpan:
        attributes = {
            "tracetui.hook.when": call.when,
            "tracetui.hook.owner": call.owner,
            "code.function.name": call.function,
        }
        return HookSpan(self._underway.tracing, call.name, self._underway.context, attributes)

    def _end(self, span: HookSpan | None, call: HookCall, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, pytest.skip.Exception):
            self._underway.failed_hooks.append(call.name)
        if span is None:
            return
        if error is not None and self._underway.phase is None:
            # No phase will tell it.
            span.record(error, self._underway.stack(error))
        span.finish(error)
