"""The file of start records of one process, kept short: it only needs the open spans."""

from __future__ import annotations

import threading
from collections.abc import Callable

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

from tracetui.tracing.files.line_file import Losses
from tracetui.tracing.files.place import Place
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.ticker import Ticker
from tracetui.tracing.live.records import ROLE, Recorder
from tracetui.tracing.redact import Redact, scrub
from tracetui.tracing.spans.fast_span import FastSpan
from tracetui.tracing.spans.home import SPAN_ID, Homing

HEARTBEAT_SECONDS = 5.0
PATIENCE_SECONDS = 0.05
"""How long a hook may take without being shown."""
LARGE_BYTES = 1024 * 1024
_AT_ONCE = frozenset({"suite", "worker", "test", "phase"})
_WHEN_LONG = frozenset({"hook", "archiver"})


class LiveLog:
    """The start records of one process; keep it in a `PerProcess`. `losses` counts the spans lost so far,
    `quick` makes the lines of quick spans.
    """

    def __init__(
        self,
        place: Place,
        resource: Resource,
        losses: Callable[[], Losses],
        redact: Redact = scrub,
        homing: Homing | None = None,
    ) -> None:
        self._recorder = Recorder(resource, redact, homing)
        self.quick = self._recorder.quick
        self._losses = losses
        # Re-entrant, as a signal handler may start a span.
        self._lock = threading.RLock()
        self._open: dict[str, bytes | None] = {}
        self._waiting: dict[str, tuple[int, ReadableSpan]] = {}
        self._is_fast = self._was_needed = False
        self._has_ended = False
        self._next_file = place.starts(self._header)
        self._file = self._next_file()
        self._large = LARGE_BYTES
        self._next_beat_ns = 0
        self._ticker = Ticker(self._tick, HEARTBEAT_SECONDS)

    def started(self, span: ReadableSpan) -> None:
        """Note that `span` has started.

        The levels of a test run, and spans without a parent here, are shown at once; a hook, the archiver, or
        spans of code under test once they have taken 50 ms; others not at all.
        """
        if type(span) is FastSpan and span.quick_attributes is not None:
            role, is_top, may_wait = span.quick_attributes.get(ROLE), False, False
        else:
            attributes, parent = span.attributes or {}, span.parent
            role, may_wait = attributes.get(ROLE), SPAN_ID in attributes
            is_top = parent is None or parent.is_remote
        if role in _WHEN_LONG or may_wait:
            self._wait_for(_key(span), span)
        elif role in _AT_ONCE or is_top:
            self._announce(_key(span), span)
            self._ticker.start()

    def show(self, span_id: str, line: bytes) -> None:
        """Note that a span has started, of which there is only the line of its start record."""
        self._show(span_id, line)
        self._ticker.start()

    def changed(self, span: ReadableSpan) -> None:
        """Note the present attributes of `span`, if it is shown as open: its last record counts."""
        key = _key(span)
        with self._lock:
            if key in self._open:
                self._announce(key, span)

    def ended(self, span: ReadableSpan) -> None:
        """Note that `span` has ended and was written or counted."""
        key = _key(span)
        with self._lock:
            self._waiting.pop(key, None)
        self.hide(key)

    def hide(self, span_id: str) -> None:
        """The same, of a span of which there is only a line."""
        self._open.pop(span_id, None)
        if self._open:
            self._ticker.start()

    def close(self, *, is_final: bool = True) -> None:
        """Stop; delete the file unless it still matters, for example because spans were lost.

        Unless it is final, spans that start later are noted as before.
        """
        self._ticker.stop()
        self._announce_since(now_ns())
        self._has_ended = True
        if not (self._open or self._file.lost or self._losses().dropped):
            self._file.delete()
            return
        self._file.append_last(self._last_heartbeat)
        if is_final:
            self._file.close()

    def tell_dropped(self) -> None:
        """Record once more how many spans were lost: some may have been lost after the end."""
        with self._lock:
            self._reopen()
            self._file.append_last(self._last_heartbeat)

    def _announce(self, key: str, span: ReadableSpan) -> None:
        self._show(key, self._file.made(self._recorder.start, span))

    def _show(self, key: str, line: bytes | None) -> None:
        with self._lock:
            if self._has_ended:
                self._reopen()
            # A new file's header counts it, but does not hold what follows the header anyway.
            self._open[key] = None
            if line is not None:
                self._file.write(line)
            self._open[key] = line
            if self._file.size > self._large:
                self._compact()

    def _wait_for(self, key: str, span: ReadableSpan) -> None:
        with self._lock:
            self._waiting[key] = (now_ns(), span)
            was_fast, self._is_fast, self._was_needed = self._is_fast, True, True
        self._ticker.start()
        if not was_fast:
            self._ticker.hurry()

    def _announce_since(self, latest_ns: int) -> None:
        with self._lock:
            for key, (start_ns, span) in list(self._waiting.items()):
                if start_ns <= latest_ns:
                    del self._waiting[key]
                    self._announce(key, span)

    def _tick(self) -> float:
        """Do what is due; returns the seconds until the next tick."""
        now = now_ns()
        self._announce_since(now - int(PATIENCE_SECONDS * 1e9))
        with self._lock:
            if self._open and now >= self._next_beat_ns:
                self._file.append_last(self._heartbeat)
            # Slow only when no hook began since the last time: to wake a sleeper costs more than to look.
            self._is_fast, self._was_needed = self._was_needed or bool(self._waiting), False
            return PATIENCE_SECONDS if self._is_fast else HEARTBEAT_SECONDS

    def _reopen(self) -> None:
        if self._file.closed:
            self._file = self._next_file()
        elif self._has_ended:
            self._file.append(self._heartbeat)
        self._has_ended = False

    def _compact(self) -> None:
        """Continue in a new file with the open spans, then delete the old one: followers read both."""
        old, self._file = self._file, self._next_file()
        if not self._file.append(self._heartbeat):
            self._file, self._large = old, 2 * self._large
            return
        self._large = max(LARGE_BYTES, 4 * self._file.size)
        # A reader adds up what the last heartbeats of all files say was lost, and the new file says it all.
        old.append(self._recorder.heartbeat, len(self._open), Losses())
        old.delete()

    def _header(self) -> bytes:
        # The first file begins with a heartbeat too: a reader must know at once whose start records follow.
        # A copy, as a thread that ends a span does not wait for this.
        starts = [line for line in list(self._open.values()) if line is not None]
        return b"".join([self._heartbeat(), *starts])

    def _heartbeat(self) -> bytes:
        # A little less than from one tick to the next.
        self._next_beat_ns = now_ns() + int(HEARTBEAT_SECONDS * 0.9e9)
        return self._recorder.heartbeat(len(self._open), self._losses())

    def _last_heartbeat(self) -> bytes:
        return self._recorder.heartbeat(len(self._open), self._losses(), has_ended=True)


def _key(span: ReadableSpan) -> str:
    if type(span) is FastSpan:
        return span.family[1]
    context = span.context
    return "" if context is None else f"{context.span_id:016x}"
