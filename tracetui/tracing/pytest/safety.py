"""Counts errors in our own code, and keeps them away from the traced run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from tracetui.tracing.host.handlers import let_through

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Faults:
    """The errors of this process: how many, and the first one."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""
        self._is_silent = False

    def silence(self) -> None:
        """Make `safely` do nothing in this process from now on."""
        self._is_silent = True

    def safely(self, work: Callable[[*Ts], T], *args: *Ts) -> T | None:
        """The result of `work`; None, and one more fault, if it raises."""
        if self._is_silent:
            return None
        # As `guard`, without the call: this is on the way of every hook.
        try:
            return work(*args)
        except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
            self._note(error)
            return None

    def guard(self, work: Callable[[*Ts], T], *args: *Ts) -> T | None:
        """Like `safely`, but also after `silence`."""
        try:
            return work(*args)
        except Exception as error:  # noqa: BLE001 - as above
            self._note(error)
            return None

    def _note(self, error: Exception) -> None:
        let_through(error)
        self.count += 1
        self.first = self.first or f"{type(error).__name__}: {error}"
