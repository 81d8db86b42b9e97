"""What the one who hands out tests hears, and what it can order: the border between policy and simulation.

Workers and tests are numbers from 0; tests are in the order of collection.
"""

from collections.abc import Sequence
from typing import Protocol


class Orders(Protocol):
    """What a dispatcher can tell workers."""

    def run(self, worker: int, tests: Sequence[int]) -> None:
        """Append tests to its queue."""

    def steal(self, worker: int, tests: Sequence[int]) -> None:
        """Give tests back, all or none; it answers with what it gave (see `Dispatch.returned`)."""

    def stop(self, worker: int) -> None:
        """Run what is in the queue, and end."""


class Dispatch(Protocol):
    """Who hands out tests."""

    def begin(self) -> None:
        """All workers are there and have collected."""

    def completed(self, worker: int, test: int, seconds: float) -> None:
        """A worker has run a test, in so many seconds, fixtures and hooks included."""

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """A worker has given back these tests, or none."""

    def left(self, worker: int) -> None:
        """A worker has ended."""
