"""Chrome trace events, as nextest, Bazel and pytest-timing write them: an array, or `{"traceEvents": [...]}`.

Source: the Trace Event Format. Taken are complete events (`X`), pairs of begin and end (`B`, `E`) and names
of threads (`M`); a thread is a lane, and within a lane the interval that encloses another is its parent.
Times are microseconds, since the epoch or since a start that Bazel and pytest-timing write beside the events.
There are no ids: a document is one trace, named by its hash, and an event's place in it is its span id.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct

from tracetui.formats import plain
from tracetui.formats.columns import Bytes, Told, add
from tracetui.formats.cursor import Cursor
from tracetui.formats.lanes import Interval, parents
from tracetui.formats.times import clamped
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.dialects import CHROME
from tracetui.model.role import StatusCode
from tracetui.model.span import Resource, Scope, Span, Status

SCOPE = plain.scope(CHROME)
_LATEST_US = 1 << 52
"""Microseconds that are a time: after these a float has no room for them, and a date no year."""

Lane = tuple[int | str, int | str]


class _Event(Struct):
    ph: str
    name: str = ""
    cat: str = ""
    ts: float | int = 0
    dur: float | int = 0
    pid: int | str = 0
    tid: int | str = 0
    args: dict[str, Any] | None = None

    @property
    def lane(self) -> Lane:
        return self.pid, self.tid


class Beside(Struct):
    """What stands beside the events, of which the start of their clock matters."""

    other: dict[str, Any] | None = msgspec.field(name="otherData", default=None)
    metadata: dict[str, Any] | None = None

    @property
    def start_ns(self) -> int:
        """Zero of the events' clock in ns since the epoch; 0 where it is the epoch, or nothing tells."""
        bazel_ms = (self.other or {}).get("profile_start_ts")
        run = (self.metadata or {}).get("run")
        timing_s = run.get("start") if isinstance(run, dict) else None
        if isinstance(bazel_ms, int | float):
            return round(bazel_ms * 1_000_000)
        return round(timing_s * 1_000_000_000) if isinstance(timing_s, int | float) else 0


class _Piece(NamedTuple):
    """One span: the event that tells most of it, and where that stands."""

    event: _Event
    where: Bytes
    interval: Interval


_event = msgspec.json.Decoder(_Event)


def add_events(batch: SpanBatch, raws: Sequence[Raw], text: bytes, beside: Beside, cursor: Cursor) -> None:
    """Adds the spans that the events of the document `text` make; events that do not decode are rejected."""
    trace_id = blake2b(text, digest_size=16).hexdigest()
    events = list(_decoded(batch, raws, cursor))
    lanes = {
        event.lane: str(event.args.get("name", "")) for event, _ in events if _names(event) and event.args
    }
    pieces = list(_pieces(batch, events, _origin(events, beside)))
    above = parents([piece.interval for piece in pieces])
    ids = [f"{number:016x}" for number in range(1, len(pieces) + 1)]
    for piece, span_id, parent in zip(pieces, ids, above, strict=True):
        event, interval = piece.event, piece.interval
        told = Told(
            trace_id,
            span_id,
            "" if parent is None else ids[parent],
            event.name,
            interval.start_ns,
            interval.end_ns or 0,
            StatusCode.UNSET,
            plain.hot(_attributes(event, lanes.get(event.lane, ""))),
        )
        add(batch, told, b"", SCOPE, piece.where)


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span:
    """What one event says of a span: neither ids nor parent, and no times where they are relative."""
    event = msgspec.convert(fields, _Event)
    return Span(
        trace_id="",
        span_id="",
        parent_span_id="",
        name=event.name,
        kind="internal",
        start_ns=0,
        end_ns=0,
        status=Status(),
        attributes=plain.shown(_attributes(event, "")),
        events=(),
        links=(),
        resource=resource,
        scope=scope,
        dropped=0,
    )


def _decoded(batch: SpanBatch, raws: Iterable[Raw], cursor: Cursor) -> Iterable[tuple[_Event, Bytes]]:
    for raw in raws:
        where = cursor.find(raw)
        try:
            event = _event.decode(raw)
            if max(abs(event.ts), abs(event.dur)) > _LATEST_US:
                raise ValueError("time out of range")
            yield event, where
        except (ValueError, RecursionError) as error:
            batch.rejected.append(Problem(where[0], f"bad event: {error}", where[1]))


def _names(event: _Event) -> bool:
    return event.ph == "M" and event.name == "thread_name"


def _origin(events: Iterable[tuple[_Event, Bytes]], beside: Beside) -> int:
    """What to add to the events' times, so that they are since the epoch and none is before it."""
    first = min((round(event.ts * 1000) for event, _ in events if event.ph in "XBE"), default=0)
    return max(beside.start_ns, -first)


def _pieces(batch: SpanBatch, events: Iterable[tuple[_Event, Bytes]], origin: int) -> Iterable[_Piece]:
    open_: dict[Lane, list[tuple[_Event, Bytes]]] = {}
    for event, where in events:
        if event.ph == "X":
            start, duration = origin + round(event.ts * 1000), round(event.dur * 1000)
            yield _Piece(event, where, _interval(event.lane, start, start + max(duration, 0)))
        elif event.ph == "B":
            open_.setdefault(event.lane, []).append((event, where))
        elif event.ph == "E":
            begun = open_.get(event.lane)
            if begun:
                yield _pair(begun.pop(), (event, where), origin)
            else:
                batch.rejected.append(Problem(where[0], "an end without a begin", where[1]))
    for begun in open_.values():
        for event, where in begun:
            yield _Piece(event, where, _interval(event.lane, origin + round(event.ts * 1000), None))


def _pair(begin: tuple[_Event, Bytes], end: tuple[_Event, Bytes], origin: int) -> _Piece:
    """A begin and its end; how it went is said at the end, in an event that may have no name of its own."""
    interval = _interval(begin[0].lane, origin + round(begin[0].ts * 1000), origin + round(end[0].ts * 1000))
    event, where = end if end[0].args and end[0].name else begin
    return _Piece(event, where, interval)


def _interval(lane: Lane, start: int, end: int | None) -> Interval:
    return Interval(lane, clamped(start), None if end is None else clamped(max(end, start, 1)))


def _attributes(event: _Event, lane: str) -> dict[str, Any]:
    """The arguments, and what else the event says; nextest's result is an object with a status."""
    told = dict(event.args or {})
    result = told.get("result")
    if isinstance(result, dict):
        told["result.status"] = result.get("status")
    return ({"cat": event.cat} if event.cat else {}) | ({"thread.name": lane} if lane else {}) | told
