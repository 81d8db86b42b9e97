"""Each dialect of test spans has a sample, and an independent reader counts the same in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from tracetui.ingest import load
from tracetui.model.role import Role

DATA = Path(__file__).parents[1] / "data"
SAMPLES = {
    "ours": "dialects/tracetui-reruns.traces.jsonl",
    "resmoke": "resmoke/evergreen/metrics1.json",
    "pytest-opentelemetry": "dialects/pytest-opentelemetry-1.1.0.jsonl",
    "pytest-otel": "dialects/pytest-otel-2.5.1.traces.binpb",
    "dagger-pytest-otel": "dialects/dagger-pytest-otel-0.3.1.traces.binpb",
    "logfire": "dialects/logfire-5.2.0.traces.binpb",
    "Datadog": "dialects/datadog.jsonl",
    "TUnit": "dialects/tunit.jsonl",
    "Vitest": "dialects/vitest-4.1.12-runner.traces.jsonl",
    "playwright-opentelemetry": "dialects/playwright-opentelemetry-0.9.0.traces.jsonl",
    "Cucumber": "dialects/cucumber-12.9.0.traces.jsonl",
    "our reporters": "reporters/playwright.traces.jsonl",
}

Counted = tuple[str, str, str, int, int]


def framed(data: bytes) -> Iterator[bytes]:
    """The messages behind their lengths, as the Collector's file exporter writes them."""
    while data:
        length = int.from_bytes(data[:4], "big")
        yield data[4 : 4 + length]
        data = data[4 + length :]


def by_protobuf(data: bytes) -> list[Counted]:
    """Spans by the official decoder."""
    return [
        (
            span.trace_id.hex(),
            span.span_id.hex(),
            span.name,
            span.start_time_unix_nano,
            span.end_time_unix_nano,
        )
        for message in framed(data)
        for group in TracesData.FromString(message).resource_spans
        for scoped in group.scope_spans
        for span in scoped.spans
    ]


def by_json(data: bytes) -> list[Counted]:
    """Spans by the standard library."""
    return [
        (
            span["traceId"],
            span["spanId"],
            span["name"],
            int(span["startTimeUnixNano"]),
            int(span["endTimeUnixNano"]),
        )
        for text in data.splitlines()
        for group in json.loads(text).get("resourceSpans", ())
        for scoped in group["scopeSpans"]
        for span in scoped["spans"]
    ]


@pytest.mark.parametrize("dialect", SAMPLES)
def test_an_independent_reader_sees_the_same_spans(dialect: str) -> None:
    """Ids, names and times agree; what logfire tells of as pending and then as ended is one span."""
    path = DATA / SAMPLES[dialect]
    known = (by_protobuf if path.suffix == ".binpb" else by_json)(path.read_bytes())
    read = load([str(path)])
    snapshot = read.table.snapshot()
    told = {
        (
            snapshot.trace_id(row),
            snapshot.span_id_text(row),
            snapshot.name(row),
            int(snapshot.start_ns[row]),
            int(snapshot.end_ns[row]),
        )
        for row in range(len(snapshot))
    }
    assert told <= set(known)
    assert len({each[:2] for each in told}) == len(told) == len(snapshot)
    if dialect != "logfire":
        assert told == set(known)
    assert snapshot.health.rejected == snapshot.health.torn == 0
    assert (snapshot.role == Role.TEST).any()
    read.close()


def test_all_dialects_in_one_directory_are_one_recording(tmp_path: Path) -> None:
    """JSON and protobuf side by side: the spans of each, and nothing lost."""
    alone = 0
    for name in SAMPLES.values():
        (tmp_path / Path(name).name).write_bytes((DATA / name).read_bytes())
        read = load([str(DATA / name)])
        alone += len(read.table)
        read.close()
    together = load([str(tmp_path)])
    assert len(together.table) == alone
    assert together.formats == {"OTLP/JSON", "OTLP protobuf"}
    together.close()
