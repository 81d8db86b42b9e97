"""Each format by its own rules, with names that mean something to a terminal or a parser."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.builders import MS, T0, TRACE, Json, S, case, compact, exception, span
from tests.export.exporting import durations_of, exported, written
from tests.export.on_lanes import on_lane
from tests.export.samples import NAMES, SAMPLES
from tracetui.export import jaeger, otlp
from tracetui.export.formats import FORMATS
from tracetui.text import spelled_out


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    tests = [
        case(name, worker="gw\x1b[2J0", start=T0 + number * S, end=T0 + (number + 1) * S)
        for number, name in enumerate(NAMES)
    ]
    return written(tmp_path / "hostile.jsonl", *tests)


@pytest.mark.parametrize("to", ["perfetto", "jaeger", "otlp"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_round_trips_keep_tests_outcomes_and_durations(sample: Path, to: str, tmp_path: Path) -> None:
    """Jaeger's times are whole microseconds; spans that overlap by less than 1 ms may be cut for Perfetto."""
    back = tmp_path / "back.json"
    back.write_text(exported(sample, to).text)
    before, after = sorted(durations_of(sample).elements()), sorted(durations_of(back).elements())
    assert [test[:2] for test in after] == [test[:2] for test in before]
    off = {"otlp": 0, "jaeger": 1000, "perfetto": MS}[to]
    assert all(abs(one[2] - other[2]) <= off for one, other in zip(before, after, strict=True))
    assert before or sample.name in ("setuponly", "core-analyzer")


@pytest.mark.parametrize("to", ["perfetto", "jaeger", "otlp"])
def test_names_come_back(hostile: Path, to: str, tmp_path: Path) -> None:
    """All of them are read again as they were."""
    back = tmp_path / "back.json"
    back.write_text(exported(hostile, to).text)
    assert durations_of(back) == durations_of(hostile)


@pytest.mark.parametrize("to", ["speedscope", "jaeger", "otlp", "test-durations"])
def test_json_is_plain_ascii(hostile: Path, to: str) -> None:
    """No control code but line ends: it is safe to print."""
    text = exported(hostile, to).text
    assert text.isascii()
    assert not set(map(chr, (*range(32), 127))).difference("\n") & set(text)


def test_perfetto_gets_letters_as_they_are(hostile: Path) -> None:
    """It would show escapes; what cannot be printed is escaped all the same, and so is safe to print."""
    text = exported(hostile, "perfetto").text
    assert "日本語-🧪" in text
    assert r"bidi[\u202egnp.exe]" in text
    assert r"\u0000\u007f\u009b" in text
    assert text.replace("\n", "").isprintable()


def test_names_survive(hostile: Path) -> None:
    """As they were written, in each format's own place for them."""
    events = exported(hostile, "perfetto").json["traceEvents"]
    assert [each["name"] for each in events if each["ph"] == "X"] == list(NAMES)
    frames = exported(hostile, "speedscope").json["shared"]["frames"]
    assert frames == [{"name": name} for name in NAMES]
    (trace,) = exported(hostile, "jaeger").json["data"]
    assert {each["operationName"] for each in trace["spans"]} == set(NAMES)
    assert set(exported(hostile, "test-durations").json) == set(NAMES)
    text = exported(hostile, "csv").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["title"] for row in rows] == list(map(spelled_out, NAMES))
    assert {row["lane"] for row in rows} == {"gw#x1B[2J0"}
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
    assert [int(row["total_ns"]) for row in rows] == [S] * len(NAMES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_perfettos_rules(sample: Path) -> None:
    """Required fields, times that ascend, complete events of a thread that nest, and each thread named."""
    document = exported(sample, "perfetto").json
    events = [event for event in document["traceEvents"] if event["ph"] in "Xi"]
    threads = {
        (each["pid"], each["tid"]) for each in document["traceEvents"] if each["name"] == "thread_name"
    }
    assert [event["ts"] for event in events] == sorted(event["ts"] for event in events)
    opened: dict[tuple[int, int], list[float]] = {}
    for event in events:
        assert {"name", "ph", "ts", "pid", "tid"} <= set(event)
        assert (event["pid"], event["tid"]) in threads
        stack = opened.setdefault((event["pid"], event["tid"]), [])
        end = round((event["ts"] + event.get("dur", 0)) * 1000)
        while stack and event["ph"] == "X" and stack[-1] <= round(event["ts"] * 1000):
            stack.pop()
        if event["ph"] == "X":
            assert not stack or end <= stack[-1]
            stack.append(end)


def test_events_are_instants_in_their_time(tmp_path: Path) -> None:
    """Between the spans that began before and after; one outside its span is moved to its edge."""
    events = [exception(at=T0 + 5 * MS), exception("KeyError", at=T0 + 9 * S)]
    spans = [on_lane("a", 0, S, outcome="failed", events=events), on_lane("b", S, 2 * S)]
    document = exported(written(tmp_path / "x.jsonl", *spans), "perfetto").json
    told = [(event["ph"], event["ts"]) for event in document["traceEvents"] if event["ph"] in "Xi"]
    assert told == [("X", 0), ("i", 5000), ("i", 1_000_000), ("X", 1_000_000)]


def _profiles(document: Json) -> list[Any]:
    """The profiles, once it is certain that what opens closes, in order, at times that never go back."""
    for profile in document["profiles"]:
        stack: list[int] = []
        now = profile["startValue"]
        for event in profile["events"]:
            assert now <= event["at"] <= profile["endValue"]
            now = event["at"]
            if event["type"] == "O":
                stack.append(event["frame"])
            else:
                assert stack.pop() == event["frame"]
        assert not stack
    profiles: list[Any] = document["profiles"]
    return profiles


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_speedscopes_rules(sample: Path) -> None:
    """Evented profiles whose frames are there, each name once, and no id in any of it."""
    found = exported(sample, "speedscope")
    document = found.json
    assert _profiles(document)
    names = [frame["name"] for frame in document["shared"]["frames"]]
    assert len(names) == len(set(names))
    ids = json.dumps(exported(sample, "otlp").text)
    assert not any(str(span_id) in found.text for span_id in ids.split('spanId\\": \\"')[1:])


def test_speedscope_has_a_profile_for_each_lane(tmp_path: Path) -> None:
    """In their order, with the suite's own."""
    suite = span("depot", {"tracetui.span.role": "suite", "test.suite.name": "depot"}, end=T0 + 9 * S)
    tests = [case(f"t{n}", worker=f"gw{n}", start=T0 + S, end=T0 + 2 * S, parent=suite) for n in (1, 0)]
    document = exported(written(tmp_path / "x.jsonl", suite, *tests), "speedscope").json
    assert [profile["name"] for profile in _profiles(document)] == ["gw0", "gw1", "suite"]
    assert document["name"] == "depot"


def test_jaeger_has_one_object_a_trace(tmp_path: Path) -> None:
    """In order of their first spans; that Grafana shows the first only is said."""
    traces = [f"{number:032x}" for number in (7, 3)]
    spans = [span("x", trace=trace, start=T0 + number * S) for number, trace in enumerate(traces)]
    found = exported(written(tmp_path / "x.jsonl", *spans), "jaeger")
    assert [trace["traceID"] for trace in found.json["data"]] == traces
    assert found.notes == "2 traces of which Grafana's upload shows the first only"


def test_jaeger_caps_a_trace_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deepest and shortest go: no span that stays has lost its parent."""
    monkeypatch.setattr(jaeger, "MOST_SPANS", 3)
    root = span("root", end=T0 + S)
    children = [span(f"c{n}", start=T0 + n, end=T0 + n * MS, parent=root) for n in (1, 3, 2)]
    deep = span("deep", end=T0 + S, parent=children[0])
    found = exported(written(tmp_path / "x.jsonl", root, *children, deep), "jaeger")
    (trace,) = found.json["data"]
    assert [each["operationName"] for each in trace["spans"]] == ["root", "c2", "c3"]
    assert found.notes == "2 spans left out, the deepest and shortest: a trace has at most 3 here"


def test_otlp_is_strict(tmp_path: Path) -> None:
    """Hex ids, enums as integers, 64-bit integers as texts, and values that JSON has no sign for as texts."""
    attributes = {"n": 2**62, "x": float("nan"), "b": b"\x00", "l": [1, "a"], "m": {"k": True}, "none": None}
    links = [{"traceId": TRACE, "spanId": "00f067aa0ba902b7"}]
    made = span("a", attributes, status=2, message="no", events=[exception()], links=links)
    found = exported(written(tmp_path / "x.jsonl", made), "otlp")
    (again,) = found.json["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert again == made | {"attributes": made["attributes"][:1] + again["attributes"][1:]}
    values = {pair["key"]: pair["value"] for pair in again["attributes"]}
    assert values["x"] == {"doubleValue": "NaN"}
    assert values["l"] == {"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "a"}]}}
    assert values["m"] == {"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": True}}]}}
    assert values["b"] == {"bytesValue": "AA=="}
    assert not found.notes


def test_otlp_carries_what_few_spans_have(tmp_path: Path) -> None:
    """Trace state, flags, and how much was dropped, of the span and of what is in it."""
    more = {"traceState": "a=1", "flags": 257}
    event = exception() | {"droppedAttributesCount": 1}
    link = {"traceId": TRACE, "spanId": "00f067aa0ba902b7", **more, "droppedAttributesCount": 2}
    dropped = {"droppedAttributesCount": 3, "droppedEventsCount": 4, "droppedLinksCount": 5}
    made = span("a", {"n": 1}, events=[event], links=[link]) | more | dropped
    path = tmp_path / "x.jsonl"
    resource = {"attributes": [], "droppedAttributesCount": 6}
    scope = {"name": "s", "version": "1", "droppedAttributesCount": 7}
    whole = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": scope, "spans": [made]}]}]}
    path.write_bytes(compact(whole))
    assert exported(path, "otlp").json == whole


def test_otlp_lines_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line ends where it is full, by spans or by length."""
    spans = [span(f"s{number}") for number in range(5)]
    path = written(tmp_path / "x.jsonl", *spans)
    monkeypatch.setattr(otlp, "MOST_SPANS", 2)
    assert [text.count("spanId") for text in exported(path, "otlp").text.splitlines()] == [2, 2, 1]
    monkeypatch.setattr(otlp, "MOST_LENGTH", 1)
    assert len(exported(path, "otlp").text.splitlines()) == 5


@pytest.mark.parametrize("to", ["perfetto", "speedscope", "jaeger", "otlp"])
def test_what_never_ended_is_said(to: str, tmp_path: Path) -> None:
    """And in OTLP, where it gets an end, it does not pass for that."""
    spans = [on_lane("a", 0, S), on_lane("b", S, 0) | {"endTimeUnixNano": "0"}]
    found = exported(written(tmp_path / "x.jsonl", *spans), to)
    assert "1 span without an end: it ends at the last sign of life" in found.notes


def test_nothing_is_held_back(hostile: Path) -> None:
    """A document comes in parts, of which none is long: a span, or some hundred rows."""
    for to in FORMATS:
        assert exported(hostile, to).text
