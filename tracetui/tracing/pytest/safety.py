"""What goes wrong in our own code is counted here, and never reaches the run that is traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tracetui.tracing.host.handlers import let_through

P = ParamSpec("P")
T = TypeVar("T")


class Faults:
    """The faults of this process: how many, and what the first one was."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""
        self._is_silent = False

    def silence(self) -> None:
        """From now on, in this process, `safely` does nothing."""
        self._is_silent = True

    def safely(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What `work` returns; None, and one fault more, if it raises."""
        return None if self._is_silent else self.guard(work, *args, **kwargs)

    def guard(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The same, of what is done in silence too."""
        try:
            return work(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
            let_through(error)
            self.count += 1
            self.first = self.first or f"{type(error).__name__}: {error}"
            return None
