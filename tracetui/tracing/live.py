"""Start records: what has begun and not ended, for whoever watches, and for whoever asks after a crash.

They are OTLP/JSON log records in `<directory>/live/<same stem>.logs.jsonl`, so that no reader of spans ever
meets half a span. With them goes a heartbeat: one first, then one every 5 s while spans are open. The file is
deleted after a clean shutdown; left behind, it names what was cut off.
"""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from tracetui.tracing.clock import now_ns
from tracetui.tracing.encode import Encoder, nanos
from tracetui.tracing.heartbeat import Heart
from tracetui.tracing.place import Place
from tracetui.tracing.values import key_values, text

HEARTBEAT_SECONDS = 5.0
ROLE = "tracetui.span.role"
_ROLES_SHOWN = frozenset({"suite", "worker", "test", "phase"})
_TRACE = 1


def boot_id() -> str:
    """What tells one boot of this host from another; empty where the system does not say."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""


def worth_showing(span: ReadableSpan) -> bool:
    """Whether a span gets a start record: the levels of a test run, and what has no parent here."""
    role = (span.attributes or {}).get(ROLE)
    return span.parent is None or span.parent.is_remote or role in _ROLES_SHOWN


class LiveLog:
    """The start records of one process; keep it in a `PerProcess`. `dropped` counts the spans lost so far."""

    def __init__(self, place: Place, resource: Resource, dropped: Callable[[], int]) -> None:
        self._boot_id = boot_id()
        self._encoder = Encoder({"tracetui.boot_id": self._boot_id})
        self._resource = resource
        self._dropped = dropped
        self._open: set[int] = set()
        self._file = place.starts(self._heartbeat)
        self._heart = Heart(self._beat, HEARTBEAT_SECONDS)

    def started(self, span: ReadableSpan) -> None:
        """Note that `span` has begun."""
        if span.context is None or not worth_showing(span):
            return
        self._open.add(span.context.span_id)
        self._file.append(partial(self._start_record, span))
        self._heart.start()

    def ended(self, span: ReadableSpan) -> None:
        """Note that `span` has ended and was written or counted."""
        if span.context is not None:
            self._open.discard(span.context.span_id)
        if self._open:
            self._heart.start()

    def close(self) -> None:
        """Stop; take the file away unless it has something to tell."""
        self._heart.stop()
        if self._open or self._file.lost or self._dropped():
            self._file.close()
        else:
            self._file.delete()

    def _beat(self) -> None:
        if self._open:
            self._file.append(self._heartbeat)

    def _heartbeat(self) -> bytes:
        attributes = {
            "process.pid": os.getpid(),
            "host.name": platform.node(),
            "tracetui.boot_id": self._boot_id,
            "tracetui.open_spans": len(self._open),
            "tracetui.dropped_spans": self._dropped(),
        }
        return self._line("tracetui.heartbeat", now_ns(), attributes, {}, None)

    def _start_record(self, span: ReadableSpan) -> bytes:
        attributes: dict[str, object] = {"tracetui.span.name": text(span.name)}
        if span.parent is not None:
            attributes["tracetui.span.parent_span_id"] = f"{span.parent.span_id:016x}"
        attributes["tracetui.span.start_time_unix_nano"] = span.start_time or 0
        attributes.update(span.attributes or {})
        context = span.context
        ids = (
            {}
            if context is None
            else {"traceId": f"{context.trace_id:032x}", "spanId": f"{context.span_id:016x}"}
        )
        return self._line("tracetui.span.start", span.start_time, attributes, ids, span.instrumentation_scope)

    def _line(
        self,
        event_name: str,
        time_ns: int | None,
        attributes: dict[str, Any],
        ids: dict[str, str],
        scope: InstrumentationScope | None,
    ) -> bytes:
        record = {
            "timeUnixNano": nanos(time_ns),
            "severityNumber": _TRACE,
            **ids,
            "eventName": event_name,
            "attributes": key_values(attributes.items()),
        }
        return self._encoder.log_line(self._resource, scope, record)
