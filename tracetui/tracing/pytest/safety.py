"""Counts errors in our own code, and keeps them away from the traced run."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tracetui.tracing.host.handlers import let_through

P = ParamSpec("P")
T = TypeVar("T")


class Faults:
    """The errors of this process: how many, and the first one."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""
        self._is_silent = False

    def silence(self) -> None:
        """Make `safely` do nothing in this process from now on."""
        self._is_silent = True

    def safely(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The result of `work`; None, and one more fault, if it raises."""
        return None if self._is_silent else self.guard(work, *args, **kwargs)

    def guard(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Like `safely`, but also after `silence`."""
        try:
            return work(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
            let_through(error)
            self.count += 1
            self.first = self.first or f"{type(error).__name__}: {error}"
            return None
