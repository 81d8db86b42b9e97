"""Delivers batches to a collector, each until it is accepted, split when it is refused, or given up.

Source: the OTLP specification, "Failures" and "Throttling": exponential backoff with jitter, unless the
collector says how long to wait.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct, field

from tracetui import units
from tracetui.errors import TracetuiError
from tracetui.send.answers import Accepted, RefusedError, RetryableError, TooLargeError, UnusableError
from tracetui.send.packing import Outgoing, Packer, encoded

FIRST_WAIT_S, MOST_WAIT_S = 0.5, 15.0
MOST_REFUSED = 32
"""So many requests may be refused before the first is taken: to find one bad span in a batch takes ten."""
MOST_MESSAGES = 5


class Channel(Protocol):
    """A connection to a collector."""

    def export(self, body: bytes) -> Accepted:
        """Send an encoded request; raises the errors of `answers`."""

    def close(self) -> None:
        """Close the connection."""


class UndeliveredError(TracetuiError):
    """The collector could not be reached within the allowed time."""


class Counts(Struct):
    """The counts of a delivery: accepted requests, failed tries, bytes before compression.

    Spans that the collector `rejected` were in requests that it accepted; those that it `refused` were in
    none.
    """

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    taken: int = 0
    rejected: int = 0
    refused: int = 0
    messages: dict[str, None] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """The number of spans that the collector has confirmed."""
        return self.taken - self.rejected

    def note(self, message: str) -> None:
        """Keep a collector's message, without duplicates, up to a limit."""
        if message and len(self.messages) < MOST_MESSAGES:
            self.messages[message] = None


class Delivery:
    """Sends batches over `channel`; a request that fails is retried for `patience_s` seconds.

    `waits` is called before each wait with the reason and the number of seconds.
    """

    def __init__(
        self,
        channel: Channel,
        packer: Packer,
        patience_s: float,
        waits: Callable[[str, float], None] = lambda _why, _seconds: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts = Counts()
        self._channel = channel
        self._packer = packer
        self._patience_s = patience_s
        self._waits = waits
        self._sleep = sleep
        self._now = now

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
        """Yield the parts of a batch as they are accepted; count what is permanently refused.

        Raises `UndeliveredError`, or `UnusableError` if nothing can be sent at all.
        """
        waiting = [batch]
        while waiting:
            part = waiting.pop()
            body = encoded(part)
            try:
                answer = self._until_taken(body)
            except RefusedError as error:
                waiting += self._halves(part, len(body), error)
                continue
            self._count(part, len(body), answer)
            yield part

    def _halves(
        self, part: Sequence[Outgoing], size: int, error: RefusedError
    ) -> Sequence[Sequence[Outgoing]]:
        """The parts to try instead of a refused part; empty if that was a single span."""
        self.counts.retries += 1
        if not self.counts.requests and self.counts.retries > MOST_REFUSED:
            raise UnusableError(f"it refuses everything: {error}") from error
        if len(part) == 1:
            self.counts.refused += 1
            self.counts.note(str(error))
            return ()
        if isinstance(error, TooLargeError):
            self._packer.shrink(size)
        half = len(part) // 2
        return part[half:], part[:half]

    def _count(self, part: Sequence[Outgoing], size: int, answer: Accepted) -> None:
        counts = self.counts
        counts.requests += 1
        counts.bytes += size
        counts.taken += len(part)
        counts.rejected += min(max(answer.rejected, 0), len(part))
        counts.note(answer.message)

    def _until_taken(self, body: bytes) -> Accepted:
        until, tries = None, 0
        while True:
            try:
                return self._channel.export(body)
            except RetryableError as error:
                until = self._now() + self._patience_s if until is None else until
                wait_s = _backoff_s(tries) if error.wait_s is None else error.wait_s
                if self._now() + wait_s > until:
                    raise UndeliveredError(self._given_up(error)) from error
                self.counts.retries += 1
                tries += 1
                self._waits(str(error), wait_s)
                self._sleep(wait_s)

    def _given_up(self, error: RetryableError) -> str:
        if error.wait_s is not None and error.wait_s > self._patience_s:
            return f"{error}; it wants to be left alone for {units.seconds(int(error.wait_s * units.S))}"
        tried = f"; tried for {units.seconds(int(self._patience_s * units.S))}" if self._patience_s else ""
        return f"{error}{tried}"


def _backoff_s(tries: int) -> float:
    """A wait that doubles each time, with jitter: otherwise all clients would return at once."""
    return min(MOST_WAIT_S, FIRST_WAIT_S * 2.0**tries) * random.uniform(0.5, 1.0)
