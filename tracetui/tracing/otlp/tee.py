"""A sink beside the files: any exporter, in batches, that never blocks.

An exporter that takes too long at the end is given up; its spans are counted and reported in one line.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from opentelemetry.sdk.trace.export import SpanExporter

from tracetui.tracing.baggage import BatchedBaggageSpanProcessor, Pack, as_they_come
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.per_process import PerProcess
from tracetui.tracing.host.warn import Warn
from tracetui.tracing.host.words import counted
from tracetui.tracing.otlp import GRACE_SECONDS
from tracetui.tracing.otlp.forks import ForkedExporter

_LAST_WORD_NS = 200_000_000


class _Closer:
    """A thread, one per process, that waits for `begin()` and then calls `close`.

    It is started at once, since a program at its end may not start threads.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        self._close = close
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tracetui-closer", daemon=True)
        with contextlib.suppress(RuntimeError):
            self._thread.start()

    def begin(self) -> None:
        """Start closing."""
        self._told.set()

    def is_done(self, deadline_ns: int) -> bool:
        """Whether closing is done; waits until `deadline_ns` of our clock if need be."""
        if self._thread.is_alive():
            self._thread.join(max(0.0, (deadline_ns - now_ns()) / 1e9))
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._told.wait()
        with contextlib.suppress(Exception):
            self._close()


class Tee:
    """Sends every span to the exporter that `make` makes; `target` is its name in messages."""

    def __init__(
        self,
        make: Callable[[], SpanExporter],
        target: str,
        *,
        pack: Pack = as_they_come,
        delay_millis: float | None = None,
    ) -> None:
        self.target = target
        self._exporter = ForkedExporter(make)
        self.processor = BatchedBaggageSpanProcessor(
            self._exporter, pack=pack, schedule_delay_millis=delay_millis
        )
        self._closer = PerProcess(lambda: _Closer(self.processor.shutdown))
        self._closer()

    def force_flush(self, deadline_ns: int) -> bool:
        """Deliver what is queued; False if that took longer than until `deadline_ns` of our clock."""
        return self.processor.force_flush(max(0, deadline_ns - now_ns()) // 1_000_000)

    def begin_shutdown(self) -> None:
        """Start delivering what is left."""
        self._closer().begin()

    def is_done(self, deadline_ns: int) -> bool:
        """Whether everything is delivered; waits until `deadline_ns` of our clock if need be."""
        return self._closer().is_done(deadline_ns)

    def give_up(self) -> None:
        """Close the channel, which ends a hanging call: no thread may be in one when the program ends."""
        with contextlib.suppress(Exception):
            self._exporter.shutdown()


def shut_down(tees: Sequence[Tee], warn: Warn, seconds: float = GRACE_SECONDS) -> None:
    """Shut all of them down within `seconds`, and report what was not delivered."""
    for tee in tees:
        tee.begin_shutdown()
    deadline_ns = now_ns() + int(seconds * 1e9) - _LAST_WORD_NS
    late = [tee for tee in tees if not tee.is_done(deadline_ns)]
    for tee in late:
        tee.give_up()
    deadline_ns += _LAST_WORD_NS
    for tee in late:
        tee.is_done(deadline_ns)
    for tee in tees:
        if tee.processor.lost:
            warn(f"{counted(tee.processor.lost, 'span')} not delivered to {tee.target}")
