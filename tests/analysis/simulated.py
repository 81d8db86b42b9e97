"""Test runs that Hypothesis makes up: what workers of suites do one after the other, and how it arrives."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.builders import MS, T0, Json, S, case, id_of, line, span, start_record


class Record(NamedTuple):
    """What is written at a moment, into which file."""

    at: int
    source: int
    data: bytes


KINDS = ("test", "test", "test", "wrapper", "hook", "archiver", "fixture")


@st.composite
def runs(
    draw: st.DrawFn, workers: tuple[str, ...] = ("gw0", "gw1", "gw2", ""), ahead: Sequence[int] = ()
) -> list[list[Record]]:
    """Batches of records, mostly in the order of time: children end before their parents.

    With `ahead`, in ns, each lane is a process of its own, whose clock is ahead by one of these.
    """
    records: list[Record] = []
    for suite in range(draw(st.integers(1, 2))):
        top = span(f"suite{suite}", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 60 * S)
        for worker in draw(st.lists(st.sampled_from(workers), min_size=1, max_size=3)):
            lane = _lane(draw, worker, top, suite)
            records += _by_clock(draw(st.sampled_from(ahead)), worker, lane) if ahead else lane
        records += _told(draw, top, suite)
    records.sort(key=lambda record: record.at + draw(st.sampled_from((0, 0, 0, 0, 0, 0, S, 9 * S))))
    cuts = sorted(draw(st.lists(st.integers(0, len(records)), max_size=9)))
    return [records[begin:end] for begin, end in pairwise([0, *cuts, len(records)])]


def _by_clock(ahead: int, worker: str, records: Iterator[Record]) -> Iterator[Record]:
    """What a process with such a clock writes."""
    for record in records:
        yield record._replace(
            data=json.dumps(_moved(json.loads(record.data), ahead, worker)).encode() + b"\n"
        )


def _moved(told: Any, ahead: int, worker: str) -> Any:
    """A document by another clock, of another process."""
    if isinstance(told, list):
        return [_moved(each, ahead, worker) for each in told]
    if not isinstance(told, dict):
        return told
    if told.get("key") == "tracetui.span.start_time_unix_nano":
        return {**told, "value": {"intValue": str(int(told["value"]["intValue"]) + ahead)}}
    moved = {key: _moved(value, ahead, worker) for key, value in told.items()}
    moved |= {key: str(int(value) + ahead) for key, value in told.items() if key.endswith("TimeUnixNano")}
    if "timeUnixNano" in told:
        moved["timeUnixNano"] = str(int(told["timeUnixNano"]) + ahead)
    if "resource" in told:
        instance = {"key": "service.instance.id", "value": {"stringValue": worker}}
        moved["resource"]["attributes"].append(instance)
    return moved


def _told(draw: st.DrawFn, made: Json, source: int) -> Iterator[Record]:
    """Its start and its end; now and then one of them is missing."""
    told = draw(st.sampled_from((0, 0, 0, 0, 1, 2)))
    if told != 1:
        yield Record(int(made["startTimeUnixNano"]), source, start_record(made))
    if told != 2:
        yield Record(int(made["endTimeUnixNano"]), source, line(made))


def _lane(draw: st.DrawFn, worker: str, top: Json, source: int) -> Iterator[Record]:
    lane: Json = top
    if worker and draw(st.booleans()):
        told = {"tracetui.span.role": "worker", "pytest.xdist.worker": worker}
        lane = span(f"worker {worker}", told, start=T0, end=T0 + 50 * S, parent=top, id=id_of(worker, source))
        yield from _told(draw, lane, source)
    at = T0 + draw(st.integers(0, 2)) * S
    for number in range(draw(st.integers(0, 9))):
        end = at + draw(st.integers(0, 3)) * S
        own = id_of(worker, source, number, draw(st.integers(0, 1 << 30)))
        yield from _job(draw, worker, lane, (at, end), own, source)
        at = end + draw(st.sampled_from((0, 0, 0, 1, 2, -1))) * S


def _job(
    draw: st.DrawFn, worker: str, lane: Json, window: tuple[int, int], own: str, source: int
) -> Iterator[Record]:
    """A test, hook or archiver, and what is inside of it."""
    kind = draw(st.sampled_from(KINDS))
    when: dict[str, Any] = {"start": window[0], "end": window[1], "parent": lane, "id": own}
    if kind == "test":
        outcome = draw(st.sampled_from(("passed", "passed", "failed", "skipped")))
        block = case(f"a.py::test_{draw(st.integers(0, 5))}", outcome, worker, **when)
    elif kind == "wrapper":
        told = {"test.case.name": "t"} | ({"pytest.xdist.worker": worker} if worker else {})
        block = span("job._execute_test", told, **when)
    else:
        told = {"tracetui.span.role": "archiver" if kind == "archiver" else "hook"}
        told |= {"pytest.xdist.worker": worker} if worker else {}
        block = span("fixture setup" if kind == "fixture" else "hook", told, **when)
    yield from _told(draw, block, source)
    for number in range(draw(st.integers(0, 2))):
        inside = draw(st.sampled_from(("phase", "hook", "archiver", "function")))
        told = {"tracetui.span.role": "hook" if inside == "function" else inside}
        told |= {"tracetui.fixture.scope": "function"} if inside == "function" else {}
        begin, end = sorted(draw(st.sampled_from(window)) for _ in range(2))
        name = "run_test" if inside == "phase" and kind == "wrapper" else "setup"
        yield from _told(
            draw, span(name, told, start=begin, end=end, parent=block, id=id_of(own, number)), source
        )


def jobs(count: int, tests: int) -> list[Record]:
    """What so many jobs that no one names write at the end of each test; of a long one also at its start."""
    top = span("suite", {"tracetui.span.role": "suite"}, start=T0, end=T0 + tests * S)
    records, free = [Record(T0, 0, start_record(top))], [T0 + number * MS for number in range(count)]
    for number in range(tests):
        job = free.index(min(free))
        start, end = free[job], free[job] + (20 + number * 7 % 90) * MS
        if number == tests // 2:
            end += 40 * tests * MS // count
        block = span("job._execute_test", {"test.case.name": f"t{number}"}, start=start, end=end, parent=top)
        proper = span(
            "run_test", start=start + 5 * MS, end=end - 5 * MS, parent=block, id=id_of("run", number)
        )
        told = {"tracetui.span.role": "hook"}
        hook = span("hook", told, start=end - 4 * MS, end=end, parent=block, id=id_of("hook", number))
        records.append(Record(end, 0, line(proper, hook, block)))
        if number == tests // 2:
            records.append(Record(start, 0, start_record(block)))
        free[job] = end + number % 3 * MS
    return sorted(records, key=lambda record: record.at)
