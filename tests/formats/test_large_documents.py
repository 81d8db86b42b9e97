"""Documents too large to be parsed whole are read element by element, and give what small ones give."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import Json, compact, document, indented, line, resource_spans, span
from tests.formats.reading import listed, one, read
from tracetui.formats.framing import documents, lines
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.streaming import elements, held, one_document
from tracetui.model.batch import SpanBatch

DATA = Path(__file__).parent.parent / "data"
ZIPKIN = {"traceId": "463ac35c9f6413ad", "timestamp": 1, "duration": 9, "name": "z"}
JAEGER = {"traceID": "abc", "startTime": 1, "duration": 7, "operationName": "j"}


def jaeger(trace: str, spans: int, processes: int) -> Json:
    """A trace; the process of some of its spans is not there."""
    return {
        "traceID": trace,
        "spans": [
            JAEGER | {"traceID": trace, "spanID": f"{n:x}", "processID": f"p{n % 3}"} for n in range(1, spans)
        ],
        "processes": {f"p{n}": {"serviceName": f"s{n}"} for n in range(processes)},
    }


LARGE = {
    "Chrome object": (DATA / "chrome/bazel.json").read_bytes(),
    "Chrome array": compact([{"ph": "X", "name": f"x{n}", "ts": n, "dur": 1} for n in range(40)]),
    "array of documents": compact([document(one(n)) for n in range(9)]),
    "array of groups": json.dumps([resource_spans(one(n)) for n in range(9)], indent=1).encode(),
    "one document": compact({"resourceSpans": [resource_spans(one(n), one(n + 50)) for n in range(9)]}),
    "Zipkin": compact([ZIPKIN | {"id": f"{n:016x}"} for n in range(1, 30)]),
    "Zipkin's traces": compact([[ZIPKIN | {"id": f"{n:016x}"}] for n in range(1, 30)]),
    "shared spans": compact(
        [
            ZIPKIN | {"id": f"{n:016x}", "kind": kind, "shared": kind == "SERVER" or None}
            for kind in ("CLIENT", "SERVER")
            for n in range(1, 9)
        ]
    ),
    "Tempo": compact({"trace": {"resourceSpans": [resource_spans(one(n)) for n in range(9)]}}),
    "Tempo's batches": compact({"batches": [resource_spans(one(n)) for n in range(9)]}),
    "bare group": compact(resource_spans(*map(one, range(9)))),
    "Jaeger's traces": compact({"data": [jaeger("abc", 29, 2), jaeger("def", 2, 1)]}),
    "Jaeger's trace": compact(dict(reversed(jaeger("abc", 29, 2).items()))),
    "Jaeger": compact({"data": [{"spans": [JAEGER | {"spanID": f"{n:x}"}]} for n in range(1, 30)]}),
}


def read_at(limit: int, data: bytes, some_cuts: list[int] | None = None) -> SpanBatch:
    """What is read where documents of more than `limit` bytes are large."""
    with patch.object(one_document, "STREAM_BYTES", limit):
        return read(data, [(min(cut, len(data)), bool(cut % 2)) for cut in some_cuts or []])


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("limit", [40, 400])
@settings(max_examples=examples(10))
@given(cuts=st.lists(st.integers(0, 6000), max_size=5))
def test_large_documents_give_what_small_ones_do(name: str, limit: int, cuts: list[int]) -> None:
    """The same spans, wherever bytes are cut, between healthy documents, on one line with them or not."""
    small = line(span("before"))
    for data in (LARGE[name], small + LARGE[name] + b"\n" + small, small.rstrip() + LARGE[name] + small):
        whole, streamed = read(data), read_at(limit, data, cuts)
        assert (streamed.rejected, streamed.torn) == (whole.rejected, whole.torn) == ([], [])
        assert nameless(streamed) == nameless(whole) if name.startswith("Chrome") else streamed == whole


def nameless(batch: SpanBatch) -> SpanBatch:
    """Without the name of its trace: a document that is shown while it comes is called by what there was."""
    names = {each: str(number) for number, each in enumerate(dict.fromkeys(batch.trace_id))}
    batch.trace_id = [names[each] for each in batch.trace_id]
    batch.logs = [record._replace(trace_id=names[record.trace_id]) for record in batch.logs]
    return batch


@settings(max_examples=examples(15))
@given(
    cuts=st.lists(st.integers(0, 9000), max_size=8),
    large=st.sampled_from([50, 700, 3000]),
    piece=st.sampled_from([7, 100, 2000]),
)
@pytest.mark.parametrize("wrapper", ["resourceSpans", "batches"])
def test_a_large_group_is_entered(wrapper: str, cuts: list[int], large: int, piece: int) -> None:
    """Its spans one by one, with resource and scope, as if the group had been read whole."""
    groups = [resource_spans(*(one(9 * n + m) for m in range(9))) for n in range(3)]
    data = line(span("before")) + compact({wrapper: groups}) + b"\n" + line(span("behind"))
    with patch.object(elements, "LARGE_BYTES", large), patch.object(held, "_AT_ONCE", piece):
        assert read_at(40, data, cuts) == read(data)


def chrome_lines(count: int, separator: bytes) -> Iterator[bytes]:
    yield b'{"traceEvents":['
    for number in range(count):
        yield b'%b{"ph":"X","name":"op%d","ts":%d,"dur":9,"pid":1,"tid":1}' % (
            separator if number else b"",
            number % 7,
            1_790_000_000_000_000 + 10 * number,
        )
    yield b'],"displayTimeUnit":"ms"}'


@pytest.mark.parametrize("separator", [b",", b",\n"])
def test_a_document_may_be_longer_than_any_line(separator: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held of it is a piece, however long it grows; all of its events are read."""
    for module, name in ((documents, "MOST_BYTES"), (lines, "MOST_BYTES"), (elements, "MOST_BYTES")):
        monkeypatch.setattr(module, name, 1 << 18)
    monkeypatch.setattr(one_document, "STREAM_BYTES", 1 << 16)
    data = b"".join(chrome_lines(20_000, separator))
    reader = OtlpJson()
    for begin in range(0, len(data), 30_000):
        reader.feed(data[begin : begin + 30_000])
        assert reader.pending <= 1 << 17
    reader.finish()
    batch = listed(reader.take())
    assert (len(batch), batch.rejected, batch.torn) == (20_000, [], [])
    assert batch.start_ns[-1] - batch.start_ns[0] == 199_990_000


def test_a_document_may_be_one_large_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than any line may be, and never held whole."""
    for module, name in ((documents, "MOST_BYTES"), (lines, "MOST_BYTES"), (elements, "MOST_BYTES")):
        monkeypatch.setattr(module, name, 1 << 16)
    monkeypatch.setattr(one_document, "STREAM_BYTES", 1 << 12)
    monkeypatch.setattr(elements, "LARGE_BYTES", 1 << 13)
    data = compact({"resourceSpans": [resource_spans(*(one(n) for n in range(1, 1000)))]})
    assert len(data) > 1 << 17
    reader = OtlpJson()
    for begin in range(0, len(data), 1000):
        reader.feed(data[begin : begin + 1000])
    reader.finish()
    batch = listed(reader.take())
    assert (len(batch), batch.rejected) == (999, [])
    assert set(batch.resource) == set(read(compact(document(one(1)))).resource)


def test_a_large_document_without_an_end_is_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is whole in it is read, and what there was is told."""
    monkeypatch.setattr(one_document, "STREAM_BYTES", 100)
    data = b"".join(chrome_lines(50, b","))[:-60]
    batch = read(data)
    assert (len(batch), batch.rejected) == (49, [])
    assert [(each.offset, each.length) for each in batch.torn] == [(0, len(data))]


def test_a_large_document_of_nothing_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements that nobody knows are rejected each; an object without any is noted as a log's line is."""
    monkeypatch.setattr(one_document, "STREAM_BYTES", 100)
    assert len(read(compact([{"no": "span" * 20}] * 5)).rejected) == 5
    other = {"settings": {"data": [1, 2, 3]}, "text": "x" * 300}
    assert [problem.number for problem in read(compact(other)).noted] == [1]
    assert read(compact(other) + line(span("after"))).name == ["after"]


SPANS = [span(f"s{number}", id=f"{number + 1:016x}") for number in range(9)]


@pytest.mark.parametrize("text", [line(*SPANS), compact({"batches": document(*SPANS)["resourceSpans"]}),
                                  indented(*SPANS)])  # fmt: skip
def test_the_whole_spans_of_a_torn_document_are_read(text: bytes) -> None:
    """Wherever it is cut: at the end of a file, and before the next record."""
    ends = [text.index(f'"s{number}"'.encode()) for number in range(9)]
    for cut in range(ends[0], ends[-1], 37):
        batch = read(text[:cut])
        whole_ones = sum(end < cut for end in ends)
        assert batch.name in ([f"s{n}" for n in range(whole_ones)], [f"s{n}" for n in range(whole_ones - 1)])
        assert (len(batch.torn), batch.rejected) == (1, [])
        assert set(batch.resource) <= set(read(text).resource)


def test_the_whole_spans_of_a_torn_line_are_read() -> None:
    """The next record is read too, and it is one loss."""
    text, after = line(*SPANS), line(span("after", id="f" * 16))
    for cut in range(text.index(b'"s2"'), text.index(b'"s3"'), 7):
        for between in (b"\n", b"\r\n"):
            batch = read(text[:cut] + between + after)
            assert batch.name in (["s0", "s1", "after"], ["s0", "s1", "s2", "after"])
            assert (len(batch.rejected), batch.torn) == (1, [])
        assert read(text[:cut] + after).name[:2] == ["s0", "s1"]


@settings(max_examples=examples(15))
@given(cuts=st.lists(st.integers(0, 4000), max_size=8), missing=st.integers(1, 900))
def test_a_record_behind_a_large_torn_one_is_read(cuts: list[int], missing: int) -> None:
    """Wherever the large one is torn, and bytes are cut: it is one loss, and what is whole in it is read."""
    torn = line(*SPANS).rstrip()[:-missing]
    ends = [end.end() for end in re.finditer(rb'"name":"s\d"', torn)]
    data = torn + b"\n" + line(span("behind", id="e" * 16)) + line(span("last", id="f" * 16))
    batch = read_at(150, data, cuts)
    assert batch.name[-2:] == ["behind", "last"]
    assert batch.name[:-2] in ([f"s{n}" for n in range(len(ends) - less)] for less in (0, 1))
    assert len(batch.rejected) + len(batch.torn) == 1


def test_brackets_that_nobody_closes_cost_their_line() -> None:
    """However deep: the record behind them is read."""
    batch = read_at(100, b"[" * 5000 + b"\n" + line(span("behind")))
    assert (batch.name, len(batch.rejected), batch.torn) == (["behind"], 1, [])


def test_documents_in_a_large_list_are_no_records_by_themselves() -> None:
    """Though each begins a line."""
    lines = [line(span(f"s{n}", id=f"{n + 1:016x}")).rstrip() for n in range(9)]
    batch = read_at(100, b"[\n" + b",\n".join(lines) + b"\n]\n")
    assert (batch.name, batch.rejected, batch.torn) == ([f"s{n}" for n in range(9)], [], [])
