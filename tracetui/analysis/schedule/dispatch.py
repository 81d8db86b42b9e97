"""The interface between policy and simulation: events a dispatcher is told, and orders it can give.

Workers and tests are numbers from 0; tests are in the order of collection.
"""

from collections.abc import Sequence
from typing import Protocol


class Orders(Protocol):
    """The orders that a dispatcher can give to workers."""

    def run(self, worker: int, tests: Sequence[int]) -> None:
        """Append tests to a worker's queue."""

    def steal(self, worker: int, tests: Sequence[int]) -> None:
        """Ask a worker to give tests back, all or none; it answers with what it gave (see
        `Dispatch.returned`).
        """

    def stop(self, worker: int) -> None:
        """Let a worker run what is in its queue, and end."""


class Dispatch(Protocol):
    """Hands out tests."""

    def begin(self) -> None:
        """All workers exist and have collected."""

    def completed(self, worker: int, test: int, seconds: float) -> None:
        """A worker has run a test, in `seconds`, fixtures and hooks included."""

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """A worker has given back these tests, or none."""

    def left(self, worker: int) -> None:
        """A worker has ended."""
