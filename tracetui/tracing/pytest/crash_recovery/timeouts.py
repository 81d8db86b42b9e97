"""Ends the trace before pytest-timeout's thread method ends the process.

Its other method, by signal, makes the test fail as any other failure does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest


class TimeoutHooks:
    """Sets the timers of the thread method; `end_all` is called with the exceeded seconds."""

    def __init__(self, end_all: Callable[[float], object]) -> None:
        self._end_all = end_all

    @pytest.hookimpl(optionalhook=True)
    def pytest_timeout_set_timer(self, item: Any, settings: Any) -> bool | None:
        """Take over from pytest-timeout where it would end the process, as it invites plugins to."""
        if settings.method != "thread" and threading.current_thread() is threading.main_thread():
            return None
        timer = threading.Timer(settings.timeout, self._expire, (item, settings))
        timer.name = f"tracetui-timeout {item.nodeid}"
        # The name by which pytest-timeout finds what it has to call when the test is over.
        item.cancel_timeout = _canceller(timer)
        timer.start()
        return True

    def _expire(self, item: Any, settings: Any) -> None:
        pytest_timeout = import_module("pytest_timeout")

        # With a debugger attached time is never up.
        if settings.disable_debugger_detection or not pytest_timeout.is_debugging():
            self._end_all(settings.timeout)
        pytest_timeout.timeout_timer(item, settings)


def _canceller(timer: threading.Timer) -> Callable[[], None]:
    def cancel() -> None:
        timer.cancel()
        timer.join()

    return cancel
