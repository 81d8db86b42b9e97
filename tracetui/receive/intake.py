"""What all protocols share: authorization, limits, and writing before acknowledging."""

import hmac
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tracetui.receive.bodies import Room
from tracetui.receive.requests.lines import Lines
from tracetui.receive.requests.signals import TRACES, Signal
from tracetui.receive.senders import Senders, UnwrittenError

MOST_BYTES_A_SECOND = 64 << 20
BURST_S = 4.0
"""So many seconds' worth may come at once."""
WAIT_S = 1.0
"""What is told to one who has to wait."""
LARGE_BYTES = 1 << 20
PATIENCE_S = 5.0
"""Larger requests are read one after the other, and wait so long for that: the lines of one are enough."""
WITHOUT_IDS = "without valid trace and span ids"
TOO_LARGE = "the request is too large, or holds too much: send fewer records at once"
METRICS = "metrics are not taken: this receives traces and logs"


class BusyError(Exception):
    """Too much arrives at once."""


class Tally(Struct):
    """Records written or left out; requests accepted, deferred and refused."""

    requests: int = 0
    spans: int = 0
    log_records: int = 0
    rejected: int = 0
    busy: int = 0
    unwritten: int = 0
    unauthorized: int = 0


class Intake:
    """Writes what arrives into the recording in `directory`; with a `token`, only from clients that have
    it.

    Any thread may call it.
    """

    def __init__(self, directory: Path, token: str = "", now: Callable[[], float] = time.monotonic) -> None:
        self.tally = Tally()
        self.room = Room()
        self._token = f"Bearer {token}".encode() if token else b""
        self._now = now
        self._allowance = MOST_BYTES_A_SECOND * BURST_S
        self._at = now()
        self._lock = threading.Lock()
        self._one_large = threading.Lock()
        # Each thread that has read one would keep the memory that it took: malloc has a heap for each.
        self._one_reader = ThreadPoolExecutor(1, "tracetui-large")
        self._senders = Senders(directory)

    @property
    def lost(self) -> int:
        """The number of acknowledged records that are gone because their file was removed."""
        return self._senders.removed

    def admits(self, authorization: str) -> bool:
        """Whether a client with this header may send; compared in constant time."""
        header = authorization.replace("%20", " ")  # Not all SDKs decode OTEL_EXPORTER_OTLP_HEADERS.
        if not self._token or hmac.compare_digest(self._token, header.encode("utf-8", "replace")):
            return True
        with self._lock:
            self.tally.unauthorized += 1
        return False

    def take(self, signal: Signal, size: int, read: Callable[[], Lines]) -> Lines:
        """Write the lines of a request of `size` bytes; of each sender all or none of them.

        Raises `BusyError`, `UnwrittenError`, and what `read` raises.
        """
        self._require_allowance(size)
        with self._turn(size):
            lines = read() if size <= LARGE_BYTES else self._one_reader.submit(read).result()
            self._write(signal, lines)
        with self._lock:
            self.tally.requests += 1
            self.tally.rejected += lines.rejected
            if signal is TRACES:
                self.tally.spans += lines.taken
            else:
                self.tally.log_records += lines.taken
        return lines

    def close(self) -> None:
        """Close the files: nothing more is accepted."""
        self._one_reader.shutdown()
        self._senders.close()

    @contextmanager
    def _turn(self, size: int) -> Iterator[None]:
        """Wait until no other large request is being read, if this one is large; raises `BusyError`."""
        if size <= LARGE_BYTES:
            yield
            return
        if not self._one_large.acquire(timeout=PATIENCE_S):
            with self._lock:
                self.tally.busy += 1
            raise BusyError
        try:
            yield
        finally:
            self._one_large.release()

    def _write(self, signal: Signal, lines: Lines) -> None:
        try:
            for sender, batch in lines.by_sender.items():
                self._senders.append(signal, sender, batch)
        except UnwrittenError:
            with self._lock:
                self.tally.unwritten += 1
            raise

    def _require_allowance(self, size: int) -> None:
        with self._lock:
            now = self._now()
            most = MOST_BYTES_A_SECOND * BURST_S
            self._allowance = min(most, self._allowance + (now - self._at) * MOST_BYTES_A_SECOND)
            self._at = now
            if size > self._allowance:
                self.tally.busy += 1
                raise BusyError
            self._allowance -= size
