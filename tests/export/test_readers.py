"""Exports as others read them: Jaeger's UI, by its rules, OpenTelemetry's own decoder, DuckDB and Arrow."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from opentelemetry.proto_json.trace.v1.trace import TracesData

from tests.builders import T0, Json, S, span
from tests.export.exporting import exported, subject_of, written
from tests.export.samples import NAMES, SAMPLES, awkward
from tracetui.text import spelled_out


def drawn_by_jaeger(trace: Json) -> list[tuple[str, int]]:
    """The spans that Jaeger's UI draws, with their depth.

    Its parent is what the first reference means that leads to a span of the trace, and what hangs below no
    root is not drawn (`transform-trace-data` of jaeger-ui).
    """
    by_id = {each["spanID"]: each for each in trace["spans"]}
    above = {
        key: next((ref["spanID"] for ref in each["references"] if ref["spanID"] in by_id), None)
        for key, each in by_id.items()
    }
    depth: dict[str, int] = {}
    left = {key for key in by_id if above[key] is None}
    while left:
        depth |= {key: depth.get(above[key] or "", -1) + 1 for key in left}
        left = {key for key in by_id if above[key] in left}
    return [(by_id[key]["operationName"], found) for key, found in depth.items()]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_jaeger_draws_every_span(sample: Path) -> None:
    """Each has a process that is told, and times in whole microseconds inside those of the trace."""
    for trace in exported(sample, "jaeger").json["data"]:
        drawn = Counter(name for name, _ in drawn_by_jaeger(trace))
        assert drawn == Counter(each["operationName"] for each in trace["spans"])
        assert {each["processID"] for each in trace["spans"]} == set(trace["processes"])
        assert all(type(each[key]) is int for each in trace["spans"] for key in ("startTime", "duration"))


def test_links_of_roots_hang_nothing(tmp_path: Path) -> None:
    """A root that points to its own child would be below it, and none of the trace would be drawn."""
    root = span("root", end=T0 + S)
    child = span("child", start=T0 + 1, parent=root)
    orphan = span("orphan", start=T0 + 2, parent="00f067aa0ba902b7")
    root["links"] = [{"traceId": child["traceId"], "spanId": child["spanId"]}]
    orphan["links"] = [
        {"traceId": child["traceId"], "spanId": child["spanId"]},
        {"traceId": "ab" * 16, "spanId": "cd" * 8},
    ]
    found = exported(written(tmp_path / "x.jsonl", root, child, orphan), "jaeger")
    (trace,) = found.json["data"]
    assert sorted(drawn_by_jaeger(trace)) == [("child", 1), ("orphan", 0), ("root", 0)]
    by_name = {each["operationName"]: each["references"] for each in trace["spans"]}
    assert [ref["spanID"] for ref in by_name["orphan"]] == ["00f067aa0ba902b7", "cd" * 8]
    assert found.notes == "2 links of roots into their own trace, which would hang them there"


def test_a_circle_of_parents_is_drawn(tmp_path: Path) -> None:
    """From where we cut it."""
    one, other = (
        span(name, id=own * 8, parent=parent * 8, start=T0 + start)
        for name, own, parent, start in (("one", "a1", "b2", 0), ("other", "b2", "a1", 1))
    )
    (trace,) = exported(written(tmp_path / "x.jsonl", one, other), "jaeger").json["data"]
    assert drawn_by_jaeger(trace) == [("one", 0), ("other", 1)]


@pytest.mark.parametrize("to", ["jaeger", "otlp"])
def test_shared_ids_are_said(to: str, tmp_path: Path) -> None:
    """Readers take one for the other, or rename it."""
    spans = [span(name, id="a1" * 8, start=T0 + start) for start, name in enumerate(("one", "two"))]
    found = exported(written(tmp_path / "x.jsonl", *spans), to)
    assert found.notes == "1 span with the ids of another: readers may take it for that"


def test_opentelemetry_reads_otlp(tmp_path: Path) -> None:
    """Its decoder finds the spans that we find, with all that they say."""
    paths = [awkward(tmp_path / "x.jsonl"), *SAMPLES]
    what = subject_of(*paths)
    ours = (what.span_of(what.snapshot, row) for row in what.rows.tolist())
    expected = Counter(
        (each.trace_id, each.span_id, each.name, each.start_ns, len(each.attributes), len(each.events))
        for each in ours
    )
    found: Counter[tuple[object, ...]] = Counter()
    for text in exported(paths[0], "otlp", *paths[1:]).text.splitlines():
        for resource in TracesData.from_json(text).resource_spans:
            for each in (each for scope in resource.scope_spans for each in scope.spans):
                assert each.trace_id
                assert each.span_id
                ids = (each.trace_id.hex(), each.span_id.hex())
                about = (len(each.attributes), len(each.events))
                found[(*ids, each.name, each.start_time_unix_nano, *about)] += 1
    assert found == expected


def test_duckdb_and_arrow_read_csv(tmp_path: Path) -> None:
    """Names with quotes and line ends included, and numbers as numbers."""
    duckdb = pytest.importorskip("duckdb", reason="needs: pip install -e '.[fleet]'")
    from pyarrow.csv import ParseOptions, read_csv

    out = tmp_path / "out.csv"
    out.write_text(exported(awkward(tmp_path / "x.jsonl"), "csv").text, newline="")
    rows = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    totals = [(row["title"], int(row["total_ns"])) for row in rows]
    read = duckdb.sql(f"SELECT title, total_ns FROM read_csv('{out}', header = true)").fetchall()
    assert sorted(read) == sorted(totals)
    table = read_csv(out, parse_options=ParseOptions(newlines_in_values=True))
    found = zip(table["title"].to_pylist(), table["total_ns"].to_pylist(), strict=True)
    assert sorted(found) == sorted(totals)
    assert {name for name, _ in read} >= set(map(spelled_out, NAMES))
