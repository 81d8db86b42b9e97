"""The phases of unittest's tests: `setUp`, the test itself, `tearDown` and what cleans up after it.

unittest calls each by a method of `TestCase`; what follows replaces these for the time of a run, in the
classes, so that tests stay as they are. Where such a method were gone, its phase would not be traced.
"""

from __future__ import annotations

import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, Protocol

__unittest = True
"""Our frames stand in no traceback that unittest prints."""


class Phase(NamedTuple):
    """A phase as pytest calls it, its name, and whether a test has one."""

    when: str
    name: str
    does_something: Callable[[Any], bool]


class Listener(Protocol):
    """Hears of phases; must not raise."""

    def start_phase(self, phase: Phase) -> bool:
        """A phase begins; False if there is no end to be told of."""

    def end_phase(self, outcome: str) -> None:
        """It is over."""


_KINDS = (unittest.TestCase, unittest.IsolatedAsyncioTestCase)


def _has(*names: str) -> Callable[[Any], bool]:
    """Whether a test's class has one of these methods of its own."""
    plain = {name: getattr(kind, name) for kind in _KINDS for name in names if hasattr(kind, name)}
    return lambda test: any(getattr(type(test), name, own) is not own for name, own in plain.items())


_PHASES = {
    "_callSetUp": Phase("setup", "setUp", _has("setUp", "asyncSetUp")),
    "_callTestMethod": Phase("call", "call", lambda _test: True),
    "_callTearDown": Phase("teardown", "tearDown", _has("tearDown", "asyncTearDown")),
    "doCleanups": Phase("teardown", "cleanups", lambda test: bool(getattr(test, "_cleanups", ()))),
}


@contextmanager
def telling_phases(listener: Listener) -> Iterator[None]:
    """Tell a listener of all phases of the tests that run."""
    before = [(kind, name, vars(kind)[name]) for kind in _KINDS for name in _PHASES if name in vars(kind)]
    try:
        for kind, name, method in before:
            setattr(kind, name, _told(method, _PHASES[name], listener))
        yield
    finally:
        for kind, name, method in before:
            setattr(kind, name, method)


def _told(method: Callable[..., Any], phase: Phase, listener: Listener) -> Callable[..., Any]:
    @wraps(method)
    def call(test: Any, *arguments: Any) -> Any:
        if not (phase.does_something(test) and listener.start_phase(phase)):
            return method(test, *arguments)
        outcome = "error"
        try:
            result = method(test, *arguments)
            outcome = "passed"
            return result
        except Exception as error:
            outcome = _outcome(test, error)
            raise
        finally:
            listener.end_phase(outcome)

    return call


def _outcome(test: Any, error: Exception) -> str:
    if isinstance(error, unittest.SkipTest):
        return "skipped"
    if getattr(getattr(test, "_outcome", None), "expecting_failure", False):
        return "xfailed"
    return "failed" if isinstance(error, getattr(test, "failureException", AssertionError)) else "error"
