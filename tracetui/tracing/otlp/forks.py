"""An exporter that survives forks by the host, at any moment.

Threads, locks and connections of an exporter such as gRPC's do not survive a fork: a child forked while a
thread is in a call may crash or hang. So calls and forks take turns, and every process has an exporter of its
own. Where a fork could not wait for the end of a call, its child sends nothing: what it knows of gRPC is of
no use (`ev_epoll1` ends the process when it meets the thread that polled).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from weakref import WeakSet

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.per_process import PerProcess

_PATIENCE_NS = 1_000_000_000
"""How long forks may wait for calls, all together: a collector that answers does so in milliseconds."""
_LAST_WORD_SECONDS = 1.0

_exporters: WeakSet[ForkedExporter]


class _Nowhere(SpanExporter):
    """Delivers nothing, and says so."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Nothing to end."""


class ForkedExporter(SpanExporter):
    """One exporter per process, made there by `make`. A call that a fork cannot wait for is cancelled."""

    def __init__(self, make: Callable[[], SpanExporter]) -> None:
        self._make = make
        self._patience_ns = _PATIENCE_NS
        self._exporter = PerProcess(make)
        # Re-entrant, since an exporter may fork.
        self._calling = threading.RLock()
        self._is_held = False
        # Now, so that settings it refuses are refused at once.
        self._exporter()
        _exporters.add(self)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._calling:
            return self._exporter().export(spans)

    def shutdown(self) -> None:
        self._exporter().shutdown()

    def hold(self) -> None:
        """Start no more calls, and wait until none is running."""
        began_ns = now_ns()
        self._is_held = self._calling.acquire(timeout=max(0, self._patience_ns) / 1e9)
        self._patience_ns -= now_ns() - began_ns
        if not self._is_held:
            self._break_off()
            self._is_held = self._calling.acquire(timeout=_LAST_WORD_SECONDS)

    def release(self) -> None:
        """Allow calls again."""
        if self._is_held:
            self._is_held = False
            self._calling.release()

    @property
    def is_held(self) -> bool:
        """Whether it is certain that no call is running."""
        return self._is_held

    def begin_again(self, *, sends: bool) -> None:
        """Start over in a forked child, which has no other thread; perhaps it `sends` nothing any more."""
        if not sends:
            self._exporter = PerProcess(_Nowhere)
        self._calling, self._is_held = threading.RLock(), False

    def _break_off(self) -> None:
        exporter, self._exporter = self._exporter(), PerProcess(self._make)
        with contextlib.suppress(Exception):
            # Closing the channel ends the call that hangs.
            exporter.shutdown()


_exporters = WeakSet()


def _all(do: Callable[[ForkedExporter], object]) -> None:
    for exporter in list(_exporters):
        do(exporter)


def _begin_again() -> None:
    """What gRPC knows is one for all exporters of a process."""
    sends = all(exporter.is_held for exporter in _exporters)
    _all(lambda exporter: exporter.begin_again(sends=sends))


os.register_at_fork(
    before=lambda: _all(ForkedExporter.hold),
    after_in_parent=lambda: _all(ForkedExporter.release),
    after_in_child=_begin_again,
)
