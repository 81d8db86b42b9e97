"""Spans made of events, in columns: the rules' facts are decided once for equal ones."""

from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.formats.others import plain
from tracetui.formats.others.lanes import OPEN_NS, parents
from tracetui.formats.verdicts import Verdicts
from tracetui.model.columns import SpanColumns
from tracetui.model.dialects import CHROME
from tracetui.model.interned import Interned
from tracetui.model.role import Outcome, StatusCode
from tracetui.model.rules import Clues, classify

SCOPE = plain.scope(CHROME)


class What(NamedTuple):
    """What an event says that rules may ask for; `hot` are its arguments of that kind."""

    name: str
    category: str
    hot: tuple[tuple[str, str], ...]

    def merged(self, other: "What") -> "What":
        """What a begin and its end say together."""
        hot = dict(self.hot) | dict(other.hot)
        return What(self.name or other.name, self.category or other.category, tuple(hot.items()))


class Drawn(Struct, frozen=True, eq=False):
    """Spans as arrays of one length, in the order of their bytes; `end_ns` is `OPEN_NS` for none.

    `last_ns` is when the last event was, if no more will come.
    `number` identifies a span in its document. `what` numbers `whats`, `thread` the `threads` that lanes are
    named after, `process` the raw resources. Spans of one `group` may enclose each other. If `alone`, the
    thread is no lane of the span's.
    """

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    last_ns: int | None
    number: NDArray[np.int64]
    what: NDArray[np.int32]
    thread: NDArray[np.int32]
    process: NDArray[np.int32]
    group: NDArray[np.int64]
    alone: NDArray[np.bool_]
    offset: NDArray[np.int64]
    length: NDArray[np.int32]
    whats: list[What]
    threads: list[str]
    resources: list[bytes]


def columns(drawn: Drawn, trace_id: str, *, again: bool) -> SpanColumns:
    """The spans of the document with this `trace_id`; their ids are their numbers, from 1."""
    texts, traces = Interned[str](), Interned[str]()
    traces.intern(trace_id)
    count = len(drawn.start_ns)
    above = parents(drawn.group, drawn.start_ns, np.maximum(drawn.end_ns, drawn.start_ns))
    is_open = drawn.end_ns == OPEN_NS
    last_ns = drawn.last_ns
    judged = _judged(drawn, texts)
    judged["outcome"][is_open] = Outcome.RUNNING if last_ns is None else Outcome.CUT_OFF
    end_ns = np.where(is_open, 0, drawn.end_ns) if last_ns is None else _closed(drawn, above, last_ns)
    return SpanColumns(
        **judged,
        start_ns=drawn.start_ns,
        # An end of 0 would be none.
        end_ns=np.where(is_open & (end_ns == 0), 0, np.maximum(end_ns, 1)),
        trace=np.zeros(count, np.int32),
        span_id=(drawn.number + 1).astype(np.uint64),
        parent_id=np.where(above < 0, 0, drawn.number[above] + 1).astype(np.uint64),
        status=np.full(count, StatusCode.UNSET, np.uint8),
        resource=drawn.process,
        scope=np.full(count, len(drawn.resources), np.int32),
        offset=drawn.offset,
        length=drawn.length,
        cpu=np.zeros(count, np.float32),
        place=np.zeros(count, np.int32),
        traces=traces,
        texts=texts,
        blobs=(*drawn.resources, SCOPE),
        opaque={},
        again=again,
    )


def _closed(drawn: Drawn, above: NDArray[np.int32], last_ns: int) -> NDArray[np.int64]:
    """The ends; spans that never ended last until the trace ends, or what is around them."""
    end_ns = drawn.end_ns.copy()
    for row in np.flatnonzero(end_ns == OPEN_NS).tolist():
        around = above[row]
        while around >= 0 and drawn.end_ns[around] == OPEN_NS:
            around = above[around]
        end_ns[row] = last_ns if around < 0 else max(drawn.start_ns[row], min(last_ns, drawn.end_ns[around]))
    return end_ns


def _judged(drawn: Drawn, texts: Interned[str]) -> dict[str, NDArray[Any]]:
    """Names, titles, workers, roles and outcomes: one decision for all that say the same on one thread."""
    lanes = [*drawn.threads, ""]
    lane = np.where(drawn.alone, len(drawn.threads), drawn.thread)
    pairs, number = np.unique(drawn.what.astype(np.int64) * len(lanes) + lane, return_inverse=True)
    verdicts = Verdicts(texts)
    first = len(verdicts)
    for pair in pairs.tolist():
        what, worker = drawn.whats[pair // len(lanes)], lanes[pair % len(lanes)]
        clues = {"cat": what.category, "thread.name": worker} | dict(what.hot)
        facts = classify(Clues(what.name, CHROME, StatusCode.UNSET, {k: v for k, v in clues.items() if v}))
        verdicts.add(what.name, facts.title, facts if facts.worker else facts._replace(worker=worker))
    return verdicts.columns(first + number)
