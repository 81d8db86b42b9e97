"""Events without a duration: instants become events of the span around them, flows links between spans."""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.formats.chrome.spans import Drawn
from tracetui.formats.others.lanes import parents
from tracetui.model.batch import LogRecord

INSTANTS, FLOWS = "iInTp", "stf"
MOST = 100_000
"""So many of a document are kept: each is read once more when someone looks at its span."""

NONE = -1


class Points(Struct, frozen=True, eq=False):
    """Instants and flows as arrays of one length; `lane` is like `Drawn.group`.

    `flow` numbers those that belong together, `NONE` for instants. `begins` marks the first of a flow,
    `binds` what belongs to the span around it and not to the next.
    """

    lane: NDArray[np.int64]
    time_ns: NDArray[np.int64]
    flow: NDArray[np.int64]
    begins: NDArray[np.bool_]
    binds: NDArray[np.bool_]
    offset: NDArray[np.int64]
    length: NDArray[np.int32]


def spans_of(points: Points, drawn: Drawn) -> NDArray[np.int64]:
    """The number of the span that each point belongs to, or `NONE`."""
    spans = _around(drawn, points.lane, points.time_ns)
    if points.begins.any():
        ending = _around(drawn, points.lane, points.time_ns - 1)
        # Where one span ends and the next begins, a flow comes from the one and goes to the other.
        begun = (spans == NONE) | (drawn.start_ns[spans] == points.time_ns)
        ended = (ending != NONE) & (drawn.end_ns[ending] == points.time_ns)
        spans = np.where(points.begins & begun & ended, ending, spans)
    loose = np.flatnonzero((points.flow != NONE) & ~points.begins & ~points.binds)
    following = _next(drawn, points.lane[loose], points.time_ns[loose])
    spans[loose] = np.where(following == NONE, spans[loose], following)
    return spans


def records(points: Points, spans: NDArray[np.int64], trace_id: str) -> Iterator[LogRecord]:
    """The events and links of spans, which are identified by their numbers from 1."""
    last: dict[int, int] = {}
    for place in np.argsort(points.time_ns, kind="stable").tolist():
        span, flow = int(spans[place]), int(points.flow[place])
        if span == NONE:
            continue
        where = int(points.offset[place]), int(points.length[place])
        if flow == NONE:
            yield LogRecord(trace_id, _id(span), *where, int(points.time_ns[place]))
            continue
        if last.get(flow, span) != span and not points.begins[place]:
            yield LogRecord(trace_id, _id(span), *where, linked=_id(last[flow]))
        last[flow] = span


def _id(span: int) -> str:
    return f"{span + 1:016x}"


def _around(drawn: Drawn, lane: NDArray[np.int64], time_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """The innermost span around each time on a lane."""
    columns = ((drawn.group, lane), (drawn.start_ns, time_ns), (drawn.end_ns, time_ns))
    return parents(*(np.concatenate(both) for both in columns))[len(drawn.group) :].astype(np.int64)


def _next(drawn: Drawn, lane: NDArray[np.int64], time_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first span on each lane that begins at a time or later, or `NONE`."""
    order = np.lexsort((drawn.start_ns, drawn.group))
    group, start = drawn.group[order], drawn.start_ns[order]
    first, last = np.searchsorted(group, lane, "left"), np.searchsorted(group, lane, "right")
    following = [
        begin + int(np.searchsorted(start[begin:end], time))
        for begin, end, time in zip(first.tolist(), last.tolist(), time_ns.tolist(), strict=True)
    ]
    there = np.array(following, np.int64)
    return np.where(there < last, order[np.minimum(there, len(order) - 1)], NONE)
