"""The events of one document: kept small as they come, and made into spans when all of them are there.

Metadata and ends may be anywhere, so a span is complete only at the end; what is known is shown while a
document is being written. An event takes some fifty bytes; names, and what matters for tests, are kept once.
"""

import time
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.chrome import events
from tracetui.formats.chrome.clocks import RELATIVE, origin_ns
from tracetui.formats.chrome.events import Event
from tracetui.formats.chrome.matching import MISSING, Half, pairs
from tracetui.formats.chrome.names import Names, Thread
from tracetui.formats.chrome.points import FLOWS, INSTANTS, MOST, NONE, Points, records, spans_of
from tracetui.formats.chrome.spans import Drawn, What, columns
from tracetui.formats.others import plain
from tracetui.formats.others.lanes import OPEN_NS
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.interned import Interned
from tracetui.model.kind import Kind

FORMAT = "Chrome trace events"
_COMPLETE, _BEGINS, _ENDS = "X", "BbS", "EeF"
_TOLD = 1 << 7
"""Beside a phase: the event has a name and arguments; beside a flow's: it binds to the span around it."""

_POINTS = frozenset(INSTANTS + FLOWS)

_LEAST_NS = 1000
"""Where times have no epoch, the first start: a time of 0 would be none."""

_COLUMNS = ("what", "thread", "group", "time", "duration", "offset", "length")
_PAUSES = 20
"""So many times what showing takes is waited before the next time: all spans are made anew."""

Numbers = NDArray[Any]
Beside = Mapping[str, bytes]


class Trace:
    """Takes the events of one document, one by one, in any order."""

    def __init__(self) -> None:
        self._phase = bytearray()
        self._what, self._thread, self._group = array("i"), array("i"), array("i")
        self._time, self._duration = array("q"), array("q")
        self._offset, self._length = array("q"), array("i")
        self._whats: Interned[What] = Interned()
        self._threads: Interned[Thread] = Interned()
        self._groups: Interned[tuple[str, str]] = Interned()
        self._names = Names()
        self._left_out: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._first: dict[str, int] = {}
        self._points = 0
        self._shown = 0
        self._not_before = 0.0
        self._clock: tuple[int, bool] | None = None
        self.seen = 0

    def __len__(self) -> int:
        return len(self._phase)

    def add(self, raw: bytes, offset: int) -> bool:
        """Take the event in `raw`; False if it is none. Raises `ValueError` for wrong times."""
        event = events.decode(raw, lambda field: self._note(self._wrong, field, offset))
        if event is None:
            return False
        self.seen += 1
        if event.phase == "M":
            self._names.add(event)
        elif len(event.phase) == 1 and event.phase in _COMPLETE + _BEGINS + _ENDS:
            self._keep(event, offset, len(raw))
        elif self._points < MOST and event.phase in _POINTS and event.ts_ns is not None:
            self._points += 1
            self._keep(event, offset, len(raw))
        else:
            self._note(self._left_out, event.phase, offset)
        return True

    def _note(self, counter: Counter[str], what: str, offset: int) -> None:
        what = what[:20]
        if counter is self._wrong or what in counter or len(counter) < 20:
            counter[what] += 1
        else:
            counter["others"] += 1
        self._first.setdefault(what, offset)

    def _keep(self, event: Event, offset: int, length: int) -> None:
        if event.ts_ns is None:
            raise ValueError("no time")
        hot = plain.hot(event.args)
        result = event.args.get("result")
        if isinstance(result, dict) and isinstance(result.get("status"), str):
            hot["result.status"] = result["status"]
        is_told = event.binds if event.phase in FLOWS else bool(event.name and event.args)
        self._phase.append(ord(event.phase) | (_TOLD if is_told else 0))
        self._what.append(self._whats.intern(What(event.name, event.cat, tuple(hot.items()))))
        self._thread.append(self._threads.intern(Thread(event.pid, event.tid)))
        self._group.append(self._groups.intern((event.cat, event.id)) if event.id else -1)
        self._time.append(event.ts_ns)
        self._duration.append(event.dur_ns or 0)
        self._offset.append(offset)
        self._length.append(length)

    @property
    def is_behind(self) -> bool:
        """Whether there are events that were not shown yet."""
        return self._shown < len(self)

    def show(self, batch: SpanBatch, trace_id: str, beside: Beside) -> None:
        """Add the spans so far, unless that was just done: later they are written again, with what is new.

        `trace_id` must stay the same. If the clock becomes known only later, all of them move then.
        """
        began = time.monotonic()
        if not self.is_behind or began < self._not_before:
            return
        kept = self._columns()
        begin, end, _ = self._pairs(kept)
        if len(begin):
            batch.formats.add(FORMAT)
            drawn, _ = self._drawn(kept, begin, end, beside, is_over=False)
            batch.packed.append(columns(drawn, trace_id, again=self._shown > 0))
        self._shown = len(self)
        now = time.monotonic()
        self._not_before = now + _PAUSES * (now - began)

    def finish(self, batch: SpanBatch, trace_id: str, beside: Beside) -> None:
        """Add the spans to `batch`, and what was left out; `beside` is what is beside the events."""
        if self.seen:
            batch.formats.add(FORMAT)
        kept = self._columns()
        begin, end, unbegun = self._pairs(kept)
        for number in unbegun:
            where = self._offset[number], "an end without a begin", self._length[number]
            batch.rejected.append(Problem(*where))
        points = np.flatnonzero(np.isin(kept["phase"], list(map(ord, _POINTS))))
        around = np.full(len(points), NONE)
        if len(begin):
            drawn, shift = self._drawn(kept, begin, end, beside, is_over=True)
            batch.packed.append(columns(drawn, trace_id, again=self._shown > 0))
            some = self._of_spans(kept, points, shift)
            around = spans_of(some, drawn)
            batch.logs += records(some, np.where(around == NONE, NONE, drawn.number[around]), trace_id)
        self._shown = len(self)
        for number in points[around == NONE].tolist():
            self._note(self._left_out, chr(self._phase[number] & (_TOLD - 1)), self._offset[number])
        self._tell(batch)

    def _tell(self, batch: SpanBatch) -> None:
        for counter, kind, say in (
            (self._left_out, Kind.EVENTS_LEFT_OUT, "events of phase {}"),
            (self._wrong, Kind.WRONG_TYPE, "`{}` of a wrong type"),
        ):
            for what, number in counter.items():
                problem = Problem(self._first.get(what, 0), say.format(what), kind=kind, number=number)
                batch.noted.append(problem)

    def _columns(self) -> dict[str, Numbers]:
        phase = np.frombuffer(self._phase, np.uint8)
        columns = {name: _numbers(getattr(self, f"_{name}")) for name in _COLUMNS}
        return columns | {"phase": phase & (_TOLD - 1), "is_told": phase & _TOLD}

    def _pairs(self, kept: dict[str, Numbers]) -> tuple[Numbers, Numbers, list[int]]:
        """The events with which spans begin and end, in the order of the bytes with the most information.

        Also returns the ends without a begin.
        """
        complete = np.flatnonzero(kept["phase"] == ord(_COMPLETE))
        halves = np.flatnonzero(np.isin(kept["phase"], list(map(ord, _BEGINS + _ENDS))))
        in_time = halves[np.argsort(kept["time"][halves], kind="stable")]
        matched = list(pairs(map(self._half, in_time.tolist())))
        closed = [pair for pair in matched if pair.begin != MISSING]
        both = np.array(closed, np.int64).reshape(-1, 2)
        begin, end = (np.concatenate([complete, both[:, side]]) for side in (0, 1))
        order = np.argsort(kept["offset"][_telling(kept, begin, end)], kind="stable")
        return begin[order], end[order], [pair.end for pair in matched if pair.begin == MISSING]

    def _half(self, number: int) -> Half:
        phase = chr(self._phase[number] & (_TOLD - 1))
        thread = self._thread[number]
        kind = "thread" if phase in "BE" else "nested" if phase in "be" else "asynchronous"
        group = (kind, thread if kind == "thread" else self._group[number])
        name = self._whats.values[self._what[number]].name
        place = self._threads.values[thread].pid
        return Half(number, group, place, name, self._time[number], phase in _BEGINS)

    def _drawn(
        self, kept: dict[str, Numbers], begin: Numbers, end: Numbers, beside: Beside, *, is_over: bool
    ) -> tuple[Drawn, int]:
        """The spans, and what was added to their times; if it `is_over`, no more events will come."""
        telling = _telling(kept, begin, end)
        start = kept["time"][begin]
        last = np.where(begin == end, start + kept["duration"][begin], np.maximum(kept["time"][end], start))
        shift, is_relative = self._told_clock(beside, start)
        threads = self._threads.values
        pids, process = self._processes()
        lanes = self._names.lanes(threads)
        trace_end = int((kept["time"] + kept["duration"]).max()) + shift
        drawn = Drawn(
            start_ns=_clamped(start + shift),
            last_ns=min(trace_end, OPEN_NS - 1) if is_over else None,
            end_ns=np.where(end == MISSING, OPEN_NS, _clamped(last + shift)),
            number=begin.astype(np.int64),
            what=self._merged(kept["what"][begin], kept["what"][end], end),
            thread=kept["thread"][begin],
            process=process[kept["thread"][begin]],
            group=self._lanes(kept, begin),
            alone=kept["group"][begin] >= 0,
            offset=kept["offset"][telling],
            length=kept["length"][telling],
            whats=list(self._whats.values),
            threads=[lanes[thread] for thread in threads],
            resources=[_resource(self._names.process(pid), is_relative) for pid in pids],
        )
        return drawn, shift

    def _told_clock(self, beside: Beside, start: Numbers) -> tuple[int, bool]:
        """The clock as known so far; an unknown one stays as it was until it is known."""
        if self._clock is None or self._clock[1]:
            clock = _clock(beside, start)
            self._clock = clock if self._clock is None or not clock[1] else self._clock
        return self._clock

    def _processes(self) -> tuple[Sequence[str], Numbers]:
        """Process ids, and by thread the number of its own."""
        pids = Interned[str]()
        return pids.values, pids.numbers(thread.pid for thread in self._threads.values)

    def _lanes(self, kept: dict[str, Numbers], numbers: Numbers) -> Numbers:
        """Where events nest: on their thread or, if they are asynchronous, under their id."""
        group = kept["group"][numbers].astype(np.int64)
        return np.where(group >= 0, len(self._threads.values) + group, kept["thread"][numbers])

    def _of_spans(self, kept: dict[str, Numbers], numbers: Numbers, shift: int) -> Points:
        phase = kept["phase"][numbers]
        is_flow = np.isin(phase, list(map(ord, FLOWS)))
        names = Interned[tuple[int, str]]()
        flows = names.numbers(
            (self._group[number], self._whats.values[self._what[number]].name) for number in numbers.tolist()
        )
        return Points(
            lane=np.where(is_flow, kept["thread"][numbers], self._lanes(kept, numbers)),
            time_ns=kept["time"][numbers] + shift,
            flow=np.where(is_flow, flows, NONE),
            begins=phase == ord("s"),
            binds=(phase == ord("t")) | (kept["is_told"][numbers] != 0),
            offset=kept["offset"][numbers],
            length=kept["length"][numbers],
        )

    def _merged(self, begin: Numbers, end: Numbers, ends: Numbers) -> Numbers:
        """What begins and ends say together."""
        merged = begin.copy()
        known: dict[tuple[int, int], int] = {}
        for place in np.flatnonzero((ends != MISSING) & (begin != end)).tolist():
            both = int(begin[place]), int(end[place])
            if both not in known:
                one, other = (self._whats.values[number] for number in both)
                known[both] = self._whats.intern(one.merged(other))
            merged[place] = known[both]
        return merged


def _numbers(column: "array[int]") -> Numbers:
    """The column, not copied."""
    return np.frombuffer(column, f"i{column.itemsize}")


def _telling(kept: dict[str, Numbers], begin: Numbers, end: Numbers) -> Numbers:
    """The events to look at: the outcome is in the end, an event that may have no name of its own."""
    return np.where((end != MISSING) & kept["is_told"][end].astype(bool), end, begin)


def _clock(beside: Beside, start: Numbers) -> tuple[int, bool]:
    """What to add to the events' times, and whether they are relative even so."""
    first, usual = int(start.min()), int(np.median(start))
    origin = origin_ns(beside, first, usual)
    return (max(0, _LEAST_NS - first), True) if origin is None else (origin, False)


def _clamped(times: Numbers) -> Numbers:
    return np.clip(times, 0, OPEN_NS - 1)


def _resource(process: str, is_relative: bool) -> bytes:
    attributes = {"service.name": process} if process else {}
    return plain.resource(attributes | ({"tracetui.clock": RELATIVE} if is_relative else {}))
