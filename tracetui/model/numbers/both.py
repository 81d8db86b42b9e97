"""Two passes over many rows at once: numpy's sorts and gathers leave the interpreter to other threads."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from tracetui.own_thread import own_thread

One = TypeVar("One")
Other = TypeVar("Other")

MANY = 1 << 17
"""Of fewer rows, a pass takes hardly longer than to hand it to another thread."""


class Both(Protocol):
    """Calls two functions that need nothing of each other, and do not call it themselves."""

    def __call__(self, one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
        """What each of them returns."""


def in_turn(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """One after the other, on this thread."""
    return one(), other()


def on_two_threads(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """The first on this thread, and the other beside it."""
    begun = own_thread("study").submit(other)
    return one(), begun.result()
