"""Trace events for Perfetto and chrome://tracing: a process for each suite, a thread for each track.

Source: the Trace Event Format, and Perfetto's FAQ: complete events (`X`) of one thread must nest. Times are
microseconds since the first span began, with ns precision; `baseTimeNanoseconds` is that start. Events of
spans are instants. Ids are arguments, never part of a name.
"""

import heapq
from collections.abc import Iterator

from tracetui.export.nesting import Nested, nested
from tracetui.export.subject import Subject, outcome
from tracetui.export.tracks import Lanes, lanes_of_all
from tracetui.export.values import plain, readable
from tracetui.model.role import Role
from tracetui.model.span import Span


def perfetto(subject: Subject) -> Iterator[str]:
    """The document, in parts; events in order of time."""
    lanes = lanes_of_all(subject.findings)
    placed = nested(subject, lanes)
    subject.note_open()
    origin = int(placed.start_ns[0]) if len(placed.rows) else 0
    yield f'{{"displayTimeUnit":"ms","baseTimeNanoseconds":{origin},"traceEvents":['
    before = "\n"
    for event in _events(subject, lanes, placed, origin):
        yield before + event
        before = ",\n"
    yield "\n]}\n"


def _events(subject: Subject, lanes: Lanes, placed: Nested, origin: int) -> Iterator[str]:
    yield from _names(lanes, placed)
    waiting: list[tuple[int, int, str]] = []
    columns = zip(placed.start_ns.tolist(), placed.end_ns.tolist(), placed.track.tolist(), strict=True)
    for place, row in enumerate(subject.counted(placed.rows)):
        start, end, track = next(columns)
        while waiting and waiting[0][0] <= start:
            yield heapq.heappop(waiting)[2]
        span = subject.span_of(subject.snapshot, row)
        where = f'"pid":{lanes.lanes[placed.lane[track]].process + 1},"tid":{_tid(lanes, track)}'
        name, about = _called(subject, row), readable(_arguments(subject, row, span))
        length = f'"ts":{_us(start - origin)},"dur":{_us(end - start)}'
        yield f'{{"ph":"X",{where},{length},{name},"args":{about}}}'
        subject.note("link", "left out", len(span.links))
        for event in span.events:
            moment = min(max(event.time_ns, start), end)
            arguments = readable({key: plain(value) for key, value in event.attributes.items()})
            at = f'"ts":{_us(moment - origin)},"s":"t","name":{readable(event.name)},"args":{arguments}'
            heapq.heappush(waiting, (moment, place, f'{{"ph":"i",{where},{at}}}'))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _names(lanes: Lanes, placed: Nested) -> Iterator[str]:
    used = sorted({lanes.lanes[lane].process for lane in placed.lane})
    for process in used:
        yield _metadata("process_name", process + 1, 0, {"name": lanes.processes[process]})
        yield _metadata("process_sort_index", process + 1, 0, {"sort_index": process})
    for track, (lane, layer) in enumerate(zip(placed.lane, placed.layer, strict=True)):
        process, name = lanes.lanes[lane]
        tid = _tid(lanes, track)
        yield _metadata("thread_name", process + 1, tid, {"name": track_name(name, layer)})
        yield _metadata("thread_sort_index", process + 1, tid, {"sort_index": lane * 1000 + layer})


def track_name(lane: str, layer: int) -> str:
    """A lane's name, with a number for each track but the first."""
    return f"{lane} ({layer + 1})" if layer else lane


def _metadata(what: str, pid: int, tid: int, arguments: dict[str, object]) -> str:
    return readable({"ph": "M", "name": what, "pid": pid, "tid": tid, "args": arguments})


def _tid(lanes: Lanes, track: int) -> int:
    """The thread id of a track, never a process id: a thread with its process's id is the main thread."""
    return len(lanes.processes) + 1 + track


def _called(subject: Subject, row: int) -> str:
    role = Role(int(subject.snapshot.role[row])).label
    return f'"name":{readable(subject.findings.title(row))},"cat":"{role}"'


def _arguments(subject: Subject, row: int, span: Span) -> dict[str, object]:
    """Its attributes, and what they do not contain: role and outcome, spelled as our own writer does."""
    snapshot = subject.snapshot
    arguments = {key: plain(value) for key, value in span.attributes.items()}
    role, ended = Role(int(snapshot.role[row])), outcome(snapshot, row)
    if role is not Role.OTHER or subject.findings.is_nested(row):
        arguments["tracetui.span.role"] = role.label
    if ended:
        arguments["test.suite.run.status" if role is Role.SUITE else "pytest.outcome"] = ended
    if span.status.message:
        arguments["status.message"] = span.status.message
    ids = {"trace_id": span.trace_id, "span_id": span.span_id, "parent_span_id": span.parent_span_id}
    return arguments | {key: value for key, value in ids.items() if value}


def _us(ns: int) -> str:
    """Microseconds with ns precision: a float cannot hold that since the epoch."""
    return f"{ns // 1000}.{ns % 1000:03d}" if ns % 1000 else str(ns // 1000)
