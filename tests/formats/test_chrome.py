"""Chrome trace events of many writers: pairs, names, clocks, and fields of any type."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples, some
from tests.builders import MS, Json, compact, line, span
from tests.formats.looking import looked_at
from tests.formats.reading import read
from tracetui.model.batch import SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, Role

US = 1_790_000_000_000_000
S = 1_000 * MS


def event(ph: str, name: str, ts: Any, **more: Any) -> Json:
    return {"ph": ph, "name": name, "ts": ts, "pid": 1, "tid": 1} | more


def durations(batch: SpanBatch) -> dict[str, int]:
    """The length of each span in ns; -1 for one without an end."""
    told = zip(batch.name, batch.start_ns, batch.end_ns, strict=True)
    return {name: end - start if end else -1 for name, start, end in told}


def parents(batch: SpanBatch) -> dict[str, str]:
    names = dict(zip(batch.span_id, batch.name, strict=True))
    return {
        name: names.get(parent, "") for name, parent in zip(batch.name, batch.parent_span_id, strict=True)
    }


def test_ends_find_their_begins_whatever_the_order() -> None:
    """By thread, time and name: an end may stand first, and spans that only overlap keep their own ends."""
    batch = read(
        compact(
            [
                event("E", "a", 3_000_000),
                event("B", "a", 1_000_000),
                event("B", "one", 0, tid=2),
                event("B", "two", 1, tid=2),
                event("E", "one", 5, tid=2),
                event("E", "two", 9, tid=2),
                event("B", "open", 3, tid=3),
                event("E", "", 9, tid=4),
            ]
        )
    )
    assert durations(batch) == {"a": 2 * S, "one": 5000, "two": 8000, "open": 3 * S - 3000}
    assert [problem.reason for problem in batch.rejected] == ["an end without a begin"]


def test_what_never_ended_is_below_what_it_began_in() -> None:
    """And encloses nothing that came behind that."""
    events = [
        event("B", "outer", 0),
        event("B", "lost", 1),
        event("X", "in lost", 2, dur=1),
        event("E", "outer", 10),
        event("X", "after", 10, dur=1),
        event("B", "hangs", 12),
        event("X", "in hangs", 13, dur=5),
    ]
    assert parents(read(compact(events))) == {
        "outer": "", "lost": "outer", "in lost": "lost", "after": "", "hangs": "", "in hangs": "hangs",
    }  # fmt: skip


def test_asynchronous_pairs_overlap_on_no_thread() -> None:
    """`b` and `e` by id, on whichever thread; of one id, inner ones are below outer ones; `S` and `F` too."""
    pairs = [
        event("b", "test_a", 1_000_000, cat="test", id="1"),
        event("e", "test_a", 3_000_000, cat="test", id="1", tid=2),
        event("b", "test_b", 1_500_000, cat="test", id=2),
        event("b", "step", 1_600_000, cat="test", id=2),
        event("e", "step", 1_700_000, cat="test", id=2),
        event("e", "test_b", 2_500_000, cat="test", id=2),
        event("S", "old", 1, cat="x", id="0x1"),
        event("F", "old", 4, cat="x", id="0x1"),
        event("X", "main", 1_000_000, dur=9_000_000),
    ]
    batch = read(compact(pairs))
    assert durations(batch) == {"test_a": 2 * S, "test_b": S, "step": S // 10, "old": 3000, "main": 9 * S}
    assert parents(batch) == {"test_a": "", "test_b": "", "step": "test_b", "old": "", "main": ""}
    assert (batch.role[batch.name.index("test_a")], batch.worker[0]) == (Role.TEST, "")


def test_local_ids_are_of_their_process() -> None:
    """The same id in two processes is two spans; a global one pairs across processes."""
    local = [
        event(ph, name, ts, pid=pid, cat="c", id2={"local": "7"})
        for ph, name, ts, pid in (("b", "x", 1, 1), ("b", "x", 2, 2), ("e", "x", 5, 1), ("e", "x", 9, 2))
    ]
    shared = [event("b", "y", 1, pid=1, id2={"global": 3}), event("e", "y", 3, pid=2, id2={"global": 3})]
    batch = read(compact(local + shared))
    told = zip(batch.name, batch.start_ns, batch.end_ns, strict=True)
    assert sorted((name, end - start) for name, start, end in told) == [("x", 4000), ("x", 7000), ("y", 2000)]


@pytest.mark.parametrize(
    ("halves", "expected", "left"),
    [
        ("Ba5 Ea5", [("a", 0)], 0),
        ("Ea5 Ba5", [("a", 0)], 0),
        ("E5 Ba5", [("a", 0)], 0),
        ("E5 E5 Ba5 Bb5", [("a", 0), ("b", 0)], 0),
        ("Ba5 Bb5 E5 E5", [("a", 0), ("b", 0)], 0),
        ("Eb5 Ea5 Bb5 Ba5", [("a", 0), ("b", 0)], 0),
        ("Ba0 Eb5 Bb5 Ea9", [("a", 9), ("b", 0)], 0),
        ("Ea9 Eb5 Bb5 Ba0", [("a", 9), ("b", 0)], 0),
        ("Ba0 Bb5 E5 E9", [("a", 9), ("b", 0)], 0),
        ("Ba0 Eb0 Bb0 Ec9 Bc9 Ea9", [("a", 9), ("b", 0), ("c", 0)], 0),
        ("Ea2 Ba2 Ea4 Ba4 Ba6 Ea6", [("a", 0), ("a", 0), ("a", 0)], 0),
        ("Ba0 Ea5 Ba5 Ea9", [("a", 4), ("a", 5)], 0),
        ("E5 Ba5 E9", [("a", 4)], 1),
        ("Ex5 Ba5 Ea9", [("a", 4)], 1),
        ("E4 Ba5 E9 E9", [("a", 4)], 2),
    ],
)
def test_pairs_of_one_moment(halves: str, expected: list[tuple[str, int]], left: int) -> None:
    """Without a length, alone, nested and beside each other, an end first or last, with or without a name."""
    batch = read(compact([event(half[0], half[1:-1], int(half[-1])) for half in halves.split()]))
    told = zip(batch.name, batch.start_ns, batch.end_ns, strict=True)
    assert sorted((name, (end - start) // 1000) for name, start, end in told) == expected
    assert [problem.reason for problem in batch.rejected] == ["an end without a begin"] * left


@settings(max_examples=examples(50))
@given(st.data())
def test_pairs_do_not_depend_on_the_order_in_the_file(data: st.DataObject) -> None:
    """Spans nested at random on two threads, as complete events and as pairs in any order: the same spans."""
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(1, 2)), min_size=1, max_size=9)
    )
    names = [f"s{number}" for number in range(len(spans))]
    whole = [event("X", n, b * 10, dur=d * 10, tid=t) for n, (b, d, t) in zip(names, spans, strict=True)]
    halves = [
        half
        for n, (b, d, t) in zip(names, spans, strict=True)
        for half in (event("B", n, b * 10, tid=t), event("E", n, (b + d) * 10, tid=t))
    ]
    batch = read(compact(data.draw(st.permutations(halves))))
    assert durations(batch) == durations(read(compact(whole)))
    assert batch.rejected == []


def test_lanes_are_threads_of_processes() -> None:
    """Names may stand behind what they name; where two threads have one, their process tells them apart."""
    names = [
        {"ph": "M", "name": "thread_name", "pid": pid, "tid": 1, "args": {"name": "main"}} for pid in (1, 2)
    ]
    process = {"ph": "M", "name": "process_name", "pid": 2, "args": {"name": "web"}}
    events = [event("X", f"t{pid}", US, pid=pid, dur=2, cat="test") for pid in (1, 2, 3)]
    batch = read(compact([*events, *names, process, event("X", "text", US, tid="pool", dur=1)]))
    assert batch.worker == ["process 1 main", "web main", "thread 1", "pool"]
    assert [json.loads(each or b"{}").get("attributes") is not None for each in batch.resource] == [
        False, True, False, False,
    ]  # fmt: skip


def test_a_test_of_any_dialect_is_on_the_lane_of_its_thread() -> None:
    """Rules that know no threads leave the lane to the format."""
    told = {"test.case.name": "t1", "test.case.result.status": "pass"}
    batch = read(compact([event("X", "t1", US, dur=2, cat="test", args=told)]))
    assert (batch.role, batch.outcome, batch.worker) == ([Role.TEST], [Outcome.PASSED], ["thread 1"])


ZERO = 1_789_000_000 * S


@pytest.mark.parametrize(
    ("beside", "zero_ns"),
    [
        ({"baseTimeNanoseconds": ZERO}, ZERO),
        ({"baseTimeNanoseconds": str(ZERO)}, ZERO),
        ({"beginningOfTime": ZERO // 1000}, ZERO),
        ({"otherData": {"profile_start_ts": ZERO // MS}}, ZERO),
        ({"otherData": {"date": "Thu Sep 10 02:26:40 CEST 2026"}}, ZERO),
        ({"otherData": {"date": "Thu Sep 10 00:26:40 UTC 2026"}}, ZERO),
        ({"otherData": {"date": "Thu Sep 10 02:26:40 GMT+02:00 2026"}}, ZERO),
        ({"otherData": {"date": "2026-09-10T00:26:40Z"}}, ZERO),
        ({"metadata": {"run": {"start": ZERO / 1e9}}}, ZERO),
        ({"metadata": {"startTime": "2026-09-10T00:26:40.001Z"}}, ZERO),
    ],
)
def test_clocks_of_writers(beside: Json, zero_ns: int) -> None:
    """PyTorch, Clang, Bazel new and old, pytest-timing and Chrome's DevTools, wherever they stand."""
    batch = read(compact({"traceEvents": [event("X", "x", 1000.5, dur=10)], **beside}))
    assert abs(batch.start_ns[0] - zero_ns - 1_000_500) <= 1000
    assert (batch.end_ns[0] - batch.start_ns[0], batch.resource) == (10_000, [b""])
    assert (
        read(compact({**beside, "traceEvents": [event("X", "x", 1000.5, dur=10)]})).start_ns == batch.start_ns
    )


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"otherData": "v1"},
        {"metadata": []},
        {"otherData": {"date": "Thu Sep 10 02:26:40 XYZ 2026", "profile_start_ts": None}},
        {"otherData": {"date": "yesterday", "profile_start_ts": {}}},
        {"beginningOfTime": 1000},
        {"baseTimeNanoseconds": True},
        {"baseTimeNanoseconds": "soon"},
        {"metadata": {"run": {"start": "x"}, "startTime": "2026-09-10T00:26:40"}},
    ],
)
@pytest.mark.parametrize("first", [0, -5, 430_000_000_000])
def test_without_an_epoch_a_document_says_so(beside: Json, first: int) -> None:
    """Nothing starts before there was time, and every duration is right."""
    events = [event("X", "root", first, dur=2_000_000), event("X", "child", first + 500_000, dur=1_000_000)]
    batch = read(compact({"traceEvents": events, **beside}))
    assert durations(batch) == {"root": 2 * S, "child": S}
    assert parents(batch) == {"root": "", "child": "root"}
    assert min(batch.start_ns) == max(1000, first * 1000)
    assert [json.loads(each)["attributes"] for each in batch.resource] == [
        [{"key": "tracetui.clock", "value": {"stringValue": "relative"}}]
    ] * 2


def test_one_time_that_is_off_does_not_make_a_clock_relative() -> None:
    """Most of them decide."""
    events = [event("X", "off", 0, dur=1), *(event("X", f"x{n}", US + n, dur=1) for n in range(3))]
    batch = read(compact(events))
    assert (batch.start_ns, set(batch.resource)) == ([0, *((US + n) * 1000 for n in range(3))], {b""})


def test_what_is_left_out_is_counted() -> None:
    """Counters, instants, samples and elements that are no events: by phase, without a loss."""
    events = [
        {},
        {"name": "header", "version": 1},
        event("X", "x", US, dur=5000),
        *(event("C", "memory", US) for _ in range(3)),
        event("i", "mark", US - 1),
        event("X", "cat", US, dur=1, cat=["a"]),
        event("X", "cat", US, dur=1, cat={}, tid=[]),
    ]
    batch = read(compact(events))
    assert (batch.name, batch.rejected) == (["x", "cat", "cat"], [])
    assert {problem.reason: (problem.kind, problem.number) for problem in batch.noted} == {
        "events of phase C": (Kind.EVENTS_LEFT_OUT, 3),
        "events of phase i": (Kind.EVENTS_LEFT_OUT, 1),
        "no event": (Kind.EVENTS_LEFT_OUT, 2),
        "`cat` of a wrong type": (Kind.WRONG_TYPE, 2),
        "`tid` of a wrong type": (Kind.WRONG_TYPE, 1),
    }


@pytest.mark.parametrize(
    ("ts", "dur", "taken"),
    [
        ("1790000000000000", "5", 5000),
        (1.79e15, 5.5, 5500),
        ("1790000000000000.5", None, 0),
        (US, -3, -3000),
        (US, [], None),
        (None, 5, None),
        ("soon", 5, None),
        (True, 5, None),
        (1e300, 5, None),
        (US, "NaN", None),
    ],
)
def test_times_are_numbers_or_texts_of_them(ts: Any, dur: Any, taken: int | None) -> None:
    """What is no time costs its event, and only that."""
    batch = read(compact([event("X", "x", ts, dur=dur), event("X", "y", US, dur=1)]))
    found = durations(batch)
    assert (found.pop("y"), found) == (1000, {} if taken is None else {"x": taken})
    assert len(batch.rejected) == (taken is None)


def document() -> Json:
    """A small document of everything that is read."""
    return {
        "otherData": {"profile_start_ts": ZERO // MS, "build_id": "b"},
        "traceEvents": [
            event("M", "thread_name", 0, args={"name": "main"}),
            event("X", "complete", 1, dur=5, cat="test", args={"nodeid": "n", "result": {"status": "pass"}}),
            event("B", "pair", 2, cat="phase", args={"a": 1}),
            event("E", "pair", 3, args={"outcome": "failed"}),
            event("b", "async", 3, cat="c", id="7", scope="s"),
            event("e", "async", 5, cat="c", id="7", scope="s"),
            event("s", "flow", 3, cat="f", id=1),
            event("f", "flow", 4, cat="f", id=1, bp="e"),
            event("C", "counter", 4, args={"n": 1}),
        ],
        "metadata": {"run": {"start": 1}, "startTime": "x"},
        "displayTimeUnit": "ms",
        "stackFrames": {"1": {"name": "f"}},
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


WRONG: tuple[Any, ...] = (None, True, -1, 1.5, "x", [], {}, [[]], {"a": {}}, "\ud800", 10**30)


@pytest.mark.parametrize("first", range(len(WRONG)))
def test_a_wrong_type_in_any_place_loses_at_most_its_span(first: int) -> None:
    """Of an event's fields only times cost it; what stands beside the events costs none."""
    owners = {1: "complete", 2: "pair", 3: "pair", 4: "async", 5: "async"}
    everything, wrong = Counter(["complete", "pair", "async"]), WRONG[first]
    for path in some(places(document()), 4, first):
        if path == ("traceEvents",):
            continue
        hurt = document()
        holder: Any = hurt
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = wrong
        text = json.dumps(hurt).encode()
        batch = read(text + b"\n" + line(span("after")))
        lost = everything - Counter(batch.name)
        owner = owners.get(path[1]) if path[0] == "traceEvents" else None
        assert lost <= Counter([owner] if owner else []), path
        assert "after" in batch.name
        assert len(looked_at(text, read(text))) == len(read(text))


@pytest.mark.parametrize(
    "text",
    [
        b'[{"ph":"X","name":"a","ts":1,"dur":1},{"ph":"X","name":"b","ts":3,"dur":1},]',
        b'[\n{"ph":"X","name":"a","ts":1,"dur":1},\n{"ph":"X","name":"b","ts":3,"dur":1},\n]\n',
        b'[\n{"ph":"X","name":"a","ts":1,"dur":1},\n{"ph":"X","name":"b","ts":3,"dur":1},\n',
        b'[{"ph":"X","name":"a","ts":1,"dur":1},{"ph":"X","name":"b","ts":3,"dur":1}',
        b'{"traceEvents":[{"ph":"X","name":"a","ts":1,"dur":1},,{"ph":"X","name":"b","ts":3,"dur":1},],}',
        b'{"traceEvents":[\n{"ph":"X","name":"a","ts":1,"dur":1}\n{"ph":"X","name":"b","ts":3,"dur":1}]}',
    ],
)
def test_commas_and_ends_that_writers_leave_out(text: bytes) -> None:
    """Chrome's array format allows a comma at the end and no bracket; nothing is lost, and nothing told."""
    batch = read(text)
    assert (batch.name, batch.rejected, batch.torn, batch.noted) == (["a", "b"], [], [], [])


@pytest.mark.parametrize("newline", [b"", b"\n"])
def test_one_broken_event_costs_itself(newline: bytes) -> None:
    """What printf makes of no number, bytes that are no UTF-8, halves of surrogates."""
    good = b'{"ph":"X","name":"%s","ts":1,"dur":1}'
    events = [
        good % b"a",
        b'{"ph":"X","name":"nan","ts":1,"dur":-nan}',
        good % b"b\xff",
        good % b"c\\ud800",
        b'{"ph":"X","name":"d","ts":1,"dur":1,"args":{"v":NaN}}',
    ]
    batch = read(b"[" + newline + (b"," + newline).join(events) + b"]")
    assert [name[0] for name in batch.name] == ["a", "b", "c", "d"]
    assert len(batch.rejected) == 1


def links(batch: SpanBatch) -> list[tuple[str, str]]:
    """The names of spans that flows join: where to, and where from."""
    names = dict(zip(batch.span_id, batch.name, strict=True))
    return [(names[each.span_id], names[each.linked]) for each in batch.logs if each.linked]


def test_flows_are_links_to_the_span_before() -> None:
    """A step and an end that binds belong to the span around them, an end that does not to the next."""
    events = [
        event("X", "outer", 0, dur=100),
        event("X", "from", 10, dur=10),
        event("X", "step", 5, dur=10, tid=2),
        event("X", "to", 50, dur=10, tid=3),
        event("X", "next", 70, dur=10, tid=3),
        event("f", "flow", 52, id=7, tid=3, bp="e"),
        event("t", "flow", 12, id=7, tid=2),
        event("s", "flow", 11, id=7),
        event("s", "other", 11, id=7),
        event("f", "other", 52, id=7, tid=3),
        event("s", "nowhere", 11, id=8, tid=9),
        event("f", "nowhere", 52, id=8, tid=3),
        event("s", "itself", 12, id=9),
        event("f", "itself", 13, id=9, bp="e"),
    ]
    batch = read(compact(events))
    assert sorted(links(batch)) == [("next", "from"), ("step", "from"), ("to", "step")]
    assert [problem.number for problem in batch.noted] == [1]


def test_a_flow_goes_from_the_span_that_ends_to_the_one_that_begins() -> None:
    """nextest's retries: an attempt ends, a flow begins, and the next attempt begins, all at one moment."""
    attempts = [
        event("B", "first", 10),
        event("E", "first", 20),
        event("s", "retry", 20, id=0),
        event("B", "second", 20),
        event("f", "retry", 20, id=0, bp="e"),
        event("E", "second", 30),
    ]
    assert links(read(compact(attempts))) == [("second", "first")]


@pytest.mark.parametrize(("began", "goes_from"), [(20, "first"), (19, "second"), (5, "outer")])
def test_where_a_flow_goes_from_when_a_span_ends(began: int, goes_from: str) -> None:
    """From that one only if another begins there; else from the one around that moment."""
    name = "outer" if began < 10 else "second"
    events = [
        event("X", name, began, dur=30 - began),
        event("X", "first", 10, dur=20 - 10),
        event("s", "flow", 20, id=1),
        event("X", "to", 40, dur=10, tid=2),
        event("f", "flow", 45, id=1, tid=2, bp="e"),
    ]
    assert links(read(compact(events))) == [("to", goes_from)]


def test_instants_are_events_of_the_span_around_them() -> None:
    """On a thread by time, of an asynchronous span by its id; with the times of the span."""
    events = [
        event("X", "outer", 0, dur=100),
        event("X", "inner", 10, dur=10),
        event("i", "in", 15, s="t"),
        event("I", "out", 40),
        event("b", "async", 5, id=1),
        event("n", "note", 7, id=1),
        event("e", "async", 9, id=1),
        event("S", "old", 5, id=2),
        event("T", "old", 8, id=2),
        event("F", "old", 9, id=2),
        event("i", "lost", 500),
    ]
    batch = read(compact({"baseTimeNanoseconds": ZERO, "traceEvents": events}))
    names = dict(zip(batch.span_id, batch.name, strict=True))
    assert sorted((names[each.span_id], each.time_ns - ZERO) for each in batch.logs) == [
        ("async", 7000), ("inner", 15_000), ("old", 8000), ("outer", 40_000),
    ]  # fmt: skip
    assert [(problem.reason, problem.number) for problem in batch.noted] == [("events of phase i", 1)]


@pytest.mark.parametrize(
    "torn", [b'{"ph":"X","na', b'{"ph":"X","args":{"a":[', b'{"ph":"X","name":"', b'{"ph":"X",']
)
@pytest.mark.parametrize("head", [b"[\n", b'{"traceEvents":[\n'])
def test_a_torn_line_among_events_costs_itself(torn: bytes, head: bytes) -> None:
    """Two writers of one file, or one that was killed and started again."""
    good = b'{"ph":"X","name":"%s","ts":1,"dur":1},\n'
    text = head + good % b"a" + torn + b"\n" + good % b"b" + torn + b"\n" + good % b"c"
    for end in (b"", b"]}\n" if head[:1] == b"{" else b"]\n"):
        batch = read(text + end)
        assert batch.name == ["a", "b", "c"]
        assert len(batch.rejected) + len(batch.torn) in (2, 3)


@pytest.mark.parametrize("separator", [b"\n", b"", b"\r\n"])
def test_events_that_stand_for_themselves(separator: bytes) -> None:
    """One a line or back to back, without an array: one trace, in which begins find their ends."""
    events = [
        event("B", "pair", US),
        event("X", "inner", US + 1, dur=1),
        event("X", "bad", "soon"),
        event("E", "pair", US + 5),
        event("M", "thread_name", 0, args={"name": "main"}),
    ]
    lines = [json.dumps(each).encode() for each in events]
    batch = read(separator.join(lines), [(len(lines[0]) + 1, True)])
    assert (durations(batch), parents(batch)) == (
        {"pair": 5000, "inner": 1000},
        {"pair": "", "inner": "pair"},
    )
    assert (set(batch.worker), len(set(batch.trace_id)), len(batch.rejected)) == ({"main"}, 1, 1)


def test_a_setup_script_of_nextest_is_a_hook() -> None:
    """It runs before tests and is none."""
    batch = read(
        compact([event("X", "db", US, dur=5, cat="setup-script", args={"result": {"status": "fail"}})])
    )
    assert [(told.role, told.outcome, told.own) for told in batch.facts] == [
        (Role.HOOK, Outcome.FAILED, False)
    ]
