"""Datadog's spans as JSON: arrays of traces, each an array of spans, as tracers send and log them.

Source: the trace agent's API (v0.4) and ddtrace's `LogWriter`, which wraps them in `traces`. Ids are decimal
numbers, or hex of 16 digits as text; times ns since the epoch; a duration stands for the end. For trace ids
of 128 bits a span has the lower half; the first of a chunk has the upper one, as hex in its tag `_dd.p.tid`.
"""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from tracetui.formats.columns import Bytes, count_odd
from tracetui.formats.framing.cursor import Placed
from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import decimal_id, parent_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer, add_foreign
from tracetui.formats.times import end_after, start_time
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.role import StatusCode
from tracetui.model.span import Status

_SCOPE = plain.scope("Datadog")
_UPPER = "_dd.p.tid"
_HALF = re.compile("[0-9a-f]{16}")
_MOST_TRACES = 100_000
"""So many traces with an upper half are remembered, those that were seen last."""


class DatadogSpan(Struct):
    """One span."""

    trace_id: Any = None
    span_id: Any = None
    parent_id: Any = None
    name: str | None = None
    service: str | None = None
    resource: str | None = None
    type: str | None = None
    start: Any = None
    duration: Any = None
    error: int | bool | None = None
    meta: dict[str, Any] | None = None
    metrics: dict[str, Any] | None = None


def told(span: DatadogSpan) -> Foreign:
    """The span in the common form."""
    meta, start = span.meta or {}, start_time(span.start)
    beside = {"resource.name": span.resource, "span.type": span.type}
    message = meta.get("error.message") or meta.get("error.msg") or ""
    return Foreign(
        decimal_id(span.trace_id).rjust(32, "0") if span.trace_id else "",
        decimal_id(span.span_id),
        parent_id(decimal_id(span.parent_id)),
        span.name or "",
        start,
        end_after(start, span.duration, 1),
        Status(StatusCode.ERROR if span.error else StatusCode.UNSET, str(message)),
        {key: value for key, value in beside.items() if value} | meta | (span.metrics or {}),
        kind=str(meta.get("span.kind", "internal")),
        resource=plain.resource({"service.name": span.service} if span.service else {}),
        scope=_SCOPE,
    )


WRITER = Writer("Datadog", Lenient(DatadogSpan), told)


class DatadogSpans:
    """The spans of one source: the upper half that one of them has is that of its trace."""

    def __init__(self) -> None:
        self._upper: dict[str, str] = {}

    @property
    def remembers(self) -> bool:
        """Whether a trace has told its upper half."""
        return bool(self._upper)

    def add(self, batch: SpanBatch, spans: Iterable[Placed]) -> None:
        """Add the spans of one list; those before the one with the upper half have it too."""
        placed: list[tuple[Foreign, Bytes]] = []
        for raw, where in spans:
            try:
                placed.append((told(count_odd(batch, WRITER.shape.decode(raw), where)), where))
            except (ValueError, RecursionError) as error:
                batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))
        for span, _ in reversed(placed):
            self._learn(span)
        for span, where in placed:
            self._learn(span)
            try:
                add_foreign(batch, self._whole_id(span), where)
            except ValueError as error:
                batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))
        batch.formats.add(WRITER.name)

    def _learn(self, span: Foreign) -> None:
        upper = span.attributes.get(_UPPER)
        if isinstance(upper, str) and _HALF.fullmatch(upper):
            self._upper[span.trace_id] = upper
            if len(self._upper) > _MOST_TRACES:
                del self._upper[next(iter(self._upper))]

    def _whole_id(self, span: Foreign) -> Foreign:
        upper = self._upper.get(span.trace_id)
        return span._replace(trace_id=upper + span.trace_id[16:]) if upper else span
