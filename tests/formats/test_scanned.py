"""The native path: whatever the bytes, it says what decoding one by one says."""

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.spans import DIALECTS, T0, lines
from tests.budgets import examples, some
from tests.formats.reading import listed
from tracetui import kernel
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned import scanned
from tracetui.formats.scanned.scanned import Scanned
from tracetui.kernel.scan import Scan, Scanner
from tracetui.model.batch import LISTS, SpanBatch
from tracetui.model.numbers.processor_time import cpu_ns

pytestmark = pytest.mark.skipif(bool(kernel.why_not()), reason="no kernel")

DATA = Path(__file__).parent.parent / "data"
SPANS = 120


@pytest.fixture(autouse=True)
def _everything_is_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is so short that it would be read one by one."""
    monkeypatch.setattr(scanned, "LEAST_BYTES", 0)


class OneByOne(OtlpJson):
    """The slow path alone."""

    def __init__(self) -> None:
        super().__init__()
        self._scanned = Scanned(None)


def read(reader: OtlpJson, data: bytes, cuts: Sequence[int] = ()) -> SpanBatch:
    begin = 0
    for cut in sorted(cuts):
        reader.feed(data[begin:cut])
        begin = cut
    reader.feed(data[begin:])
    reader.finish()
    return reader.take()


def told(batch: SpanBatch) -> dict[str, object]:
    """Everything in a batch, in the order of the bytes."""
    whole = listed(batch)
    beside = {name: sorted(getattr(whole, name)) for name in ("rejected", "torn", "noted")}
    beside["logs"] = [whole.log_records]
    expected = {whole.span_id.index(batch.span_id[at]): tests for at, tests in batch.expected.items()}
    return {name: getattr(whole, name) for name in LISTS} | beside | {"expected": expected}


def assert_same(data: bytes, cuts: Sequence[int] = ()) -> None:
    fast, slow = told(read(OtlpJson(), data, cuts)), told(read(OneByOne(), data, cuts))
    for name, values in slow.items():
        assert fast[name] == values, name


RECORDINGS = {
    (dialect, per_line): b"".join(lines(dialect, SPANS, per_line))
    for dialect in DIALECTS
    for per_line in (1, 60)
}


def test_a_line_that_is_not_read_is_scanned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads it by other means does not try the same again."""
    scans: list[tuple[int, int]] = []
    scan = Scanner.scan

    def noted(self: Scanner, text: bytes, begin: int, end: int, *rest: Any) -> Scan | None:
        scans.append((begin, end))
        return scan(self, text, begin, end, *rest)

    monkeypatch.setattr(Scanner, "scan", noted)
    refused = RECORDINGS["tracetui", 60].splitlines(keepends=True)[0][:-2] + b',"more":1}\n'
    assert len(read(OtlpJson(), 3 * refused)) == 180
    assert sum(end - begin for begin, end in scans) == 3 * len(refused)


@pytest.mark.parametrize("per_line", [1, 512])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_nearly_all_take_the_fast_path(dialect: str, per_line: int) -> None:
    """Of a recording in each dialect at least 99 of 100 spans do."""
    batch = read(OtlpJson(), b"".join(lines(dialect, 6000, per_line)))
    assert len(batch) == 6000
    assert sum(map(len, batch.packed)) >= 0.99 * len(batch)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("per_line", [1, 60])
def test_recordings_read_the_same(dialect: str, per_line: int) -> None:
    """Every column of every span, whichever path it took."""
    assert_same(RECORDINGS[dialect, per_line])


SAMPLES = sorted(path for path in DATA.rglob("*") if path.suffix in (".json", ".jsonl"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_read_the_same(path: Path) -> None:
    """What real writers wrote, three times over, so that there is something to learn from."""
    data = path.read_bytes()
    assert_same(data.rstrip() + b"\n" + data.rstrip() + b"\n" + data)


def again(field: bytes) -> Callable[[bytes], bytes]:
    """A field once more at the end of a span: the last one counts."""
    return lambda span: span[:-1] + b"," + field + b"}"


def instead(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda span: span.replace(old, new, 1)


SPELLED = {
    '{"intValue":"0"}': 0,
    '{"intValue":"7"}': 7,
    '{"intValue":"016777215"}': 16_777_215,
    '{"intValue":"999999999999999999"}': 999_999_999_999_999_999,
    '{"intValue":"1000000000000000000"}': -1,
    '{"intValue":"-5"}': -1,
    '{"intValue":"5x"}': -1,
    '{"intValue":""}': -1,
    '{"intValue":12}': 12,
    '{"intValue": "12"}': 12,
    '{"stringValue":"12"}': 12,
    '{"doubleValue":12.5}': -1,
    '{"boolValue":true}': -1,
}


@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("spelling", SPELLED)
def test_processor_time_reads_the_same(spelling: str, others: bool) -> None:
    """A number as any writer spells it, among many spelled as usual or as it is; else nobody told."""
    usual = '{"intValue":"41"}'
    spans = b",".join(
        b'{"traceId":"%032x","spanId":"%016x","name":"n","startTimeUnixNano":"%d","endTimeUnixNano":"%d",'
        b'"attributes":[{"key":"tracetui.cpu_ns","value":%b}],"status":{}}'
        % (7, number, T0, T0 + 5, (usual if others and number != 60 else spelling).encode())
        for number in range(1, SPANS + 1)
    )
    data = b'{"resourceSpans":[{"scopeSpans":[{"spans":[' + spans + b"]}]}]}\n"
    assert_same(data)
    told = cpu_ns(np.array(listed(read(OtlpJson(), data)).cpu, np.float32))
    expected = SPELLED[spelling]
    assert told[59] == int(np.float32(expected))
    assert (told[:59] == (41 if others else told[59])).all()


EVIL: dict[str, Callable[[bytes], bytes]] = {
    "name again": again(b'"name":"evil"'),
    "status again": again(b'"status":{"code":2}'),
    "attributes again": again(b'"attributes":[{"key":"tracetui.span.role","value":{"stringValue":"hook"}}]'),
    "no attributes again": again(b'"attributes":[]'),
    "null attributes again": again(b'"attributes":null'),
    "times again": again(b'"endTimeUnixNano":"5"'),
    "other ids again": again(b'"traceId":"' + b"e" * 32 + b'"'),
    "an odd field": again(b'"odd":[{"key":"tracetui.span.role"}]'),
    "a name in a name": instead(b'"name":"', b'"name":"x","name":"'),
    "a brace in a name": instead(b'"name":"', b'"name":"{"x'),
    "a name with an escape": instead(b'"name":"', b'"name":"\\u0041\\"'),
    "a name with half a surrogate": instead(b'"name":"', b'"name":"\\ud800'),
    "a name that is no UTF-8": instead(b'"name":"', b'"name":"\xff'),
    "a name of no text": instead(b'"name":"', b'"name":7,"x":"'),
    "a key escaped": instead(b'"key":"', b'"key":"\\u0074'),
    "a key twice": instead(b'"value":{', b'"key":"pytest.outcome","value":{'),
    "a key behind its value": instead(b'"}},{"key"', b'"},"key":"tracetui.span.role"},{"key"'),
    "a value twice": instead(b'{"stringValue":"', b'{"stringValue":"failed","stringValue":"'),
    "another kind of value": instead(b'{"stringValue":"', b'{"intValue":"7","stringValue":"'),
    "a value that is no text": instead(b'{"stringValue":"', b'{"boolValue":true,"x":"'),
    "a value escaped": instead(b'{"stringValue":"', b'{"stringValue":"\\u0070\\n'),
    "a brace in a value": instead(b'{"stringValue":"', b'{"stringValue":"}},{'),
    "white space": instead(b'"key":', b' "key" : '),
    "white space before a value": instead(b'"value":{', b'"value": {'),
    "an upper-case id": instead(b'"spanId":"', b'"spanId":"A'),
    "no end": instead(b'"endTimeUnixNano"', b'"endTimeUnixNano":"0","x"'),
    "an end of zeros": lambda span: span.replace(b'"endTimeUnixNano":"1795', b'"endTimeUnixNano":"0000'),
    "an end past all time": instead(b'"endTimeUnixNano":"1', b'"endTimeUnixNano":"9'),
    "a time with a letter": instead(b'"startTimeUnixNano":"17', b'"startTimeUnixNano":"1x'),
    "a time with a sign": instead(b'"startTimeUnixNano":"1', b'"startTimeUnixNano":"+'),
    "a negative time": instead(b'"startTimeUnixNano":"1', b'"startTimeUnixNano":"-'),
    "a kind of no number": instead(b'"kind":', b'"kind":[],"x":'),
    "a kind of no number at the end": again(b'"kind":true'),
    "events of no list": again(b'"events":5'),
    "an event of no object": again(b'"events":[5]'),
    "a link of no object": again(b'"links":[{},"x"]'),
    "a message of no text": again(b'"status":{"code":2,"message":[]}'),
    "a key of no text": instead(b'"key":"', b'"key":7,"x":"'),
    "an attribute of no object": instead(b'"attributes":[', b'"attributes":[5,'),
    "an id of no text": instead(b'"spanId":"', b'"spanId":{},"x":"'),
    "a time of no number": instead(b'"endTimeUnixNano":"', b'"endTimeUnixNano":[],"x":"'),
    "an id with dashes": instead(b'"traceId":"', b'"traceId":"0-'),
    "no object": lambda _: b'"span"',
    "two spans": lambda span: span + b"," + span,
    "a NaN": again(b'"odd":NaN'),
    "no JSON": lambda span: span[:-1],
    "the end of all lists": lambda span: span + b'],"x":[{}',
    "a line end": instead(b'"name"', b'\n"name"'),
    "a role that is new": instead(
        b'"stringValue":"', b'"stringValue":"hook"}},{"key":"x","value":{"stringValue":"'
    ),
}


@pytest.mark.parametrize(("per_line", "evil"), some(product((1, 60), EVIL), 3))
def test_evil_spans_read_the_same(per_line: int, evil: str) -> None:
    """One span among its like that says something else, in a way that is easily overlooked."""
    for dialect in DIALECTS:
        parts = RECORDINGS[dialect, per_line].split(b'{"traceId"')
        for place in (51, 52):
            rest = b'{"traceId"' + parts[place]
            changed = _changed(rest, EVIL[evil])
            around = (
                b'{"traceId"'.join(parts[:place]),
                b"".join(b'{"traceId"' + part for part in parts[place + 1 :]),
            )
            assert_same(around[0] + changed + around[1])


@pytest.mark.parametrize(("per_line", "evil"), some(product((1, 60), EVIL), 3, 1))
def test_when_all_spans_are_evil(per_line: int, evil: str) -> None:
    """After shapes were learned, none of the next spans may be one that can be taken: they read the same."""
    good = RECORDINGS["tracetui", per_line]
    head, *parts = good.split(b'{"traceId"')
    bad = head + b"".join(_changed(b'{"traceId"' + part, EVIL[evil]) for part in parts)
    batches = []
    for reader in (OtlpJson(), OneByOne()):
        reader.feed(good)
        reader.take()
        batches.append(read(reader, bad))
    fast, slow = map(told, batches)
    assert fast == slow
    assert all(len(columns) for columns in batches[0].columns())


@pytest.mark.parametrize("field", [b'"attributes":[],', b"", b'"attributes":null,'])
def test_spans_without_attributes(field: bytes) -> None:
    """No attributes, in any spelling, teach no shape and cost no span."""
    span = (
        b'{"traceId":"%032x","spanId":"%016x","name":"n",%b"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}'
    )
    spans = b",".join(span % (7, number, field, number, number + 5) for number in range(1, SPANS + 1))
    data = b'{"resourceSpans":[{"scopeSpans":[{"spans":[' + spans + b"]}]}]}\n"
    assert_same(data)
    assert len(listed(read(OtlpJson(), data)).span_id) == SPANS


def _changed(rest: bytes, change: Callable[[bytes], bytes]) -> bytes:
    end = _end(rest)
    return change(rest[:end]) + rest[end:]


def _end(text: bytes) -> int:
    """Where the JSON object ends that `text` begins with."""
    depth, inside, place = 0, False, 0
    while True:
        byte = text[place : place + 1]
        if inside:
            place += byte == b"\\"
            inside = byte != b'"'
        else:
            inside = byte == b'"'
            depth += (byte == b"{") - (byte == b"}")
            if not depth:
                return place + 1
        place += 1


PIECES = [
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b" ",
    b"\n",
    b"\0",
    b"\xff",
    b"\\ud800",
    b"NaN",
    b"1",
    b"a",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A recording with bytes flipped, cut out, doubled or put in."""
    data = RECORDINGS[draw(st.sampled_from(sorted(RECORDINGS)))]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.sampled_from([0, 1, 1, 1, 2, 8, 40, 400, 3000]))
        piece = data[at : at + length]
        put = draw(st.sampled_from([b"", piece + piece, *PIECES, draw(st.binary(max_size=3))]))
        data = data[:at] + put + data[at + length :]
    return data


@settings(max_examples=examples(35))
@given(damaged(), st.lists(st.integers(0, 150_000), max_size=3))
def test_damaged_recordings_read_the_same(data: bytes, cuts: list[int]) -> None:
    """However it is damaged, and cut into blocks."""
    assert_same(data, [cut for cut in cuts if cut < len(data)])
