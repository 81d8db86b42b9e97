"""What a program may ask of its files: batches, a largest size, and files as resmoke writes them."""

from __future__ import annotations

import json
import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, Parse  # type: ignore[import-untyped]
from opentelemetry.proto.trace.v1 import trace_pb2
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.tracing.made_spans import span_with
from tests.tracing.recording import live_in, run_python, spans_in
from tracetui.ingest import load
from tracetui.tracing import FileSpanExporter, set_up_tracing
from tracetui.tracing.files.documents import DocumentSpanExporter


def test_a_batch_is_written_soon(tmp_path: Path) -> None:
    """Batched spans are in the file without a flush, whole, in order, and counted when they are written."""
    written = threading.Event()
    exporter = FileSpanExporter(tmp_path, batch_seconds=0.01)
    for number in range(100):
        assert exporter.export([span_with(name=f"{number}")]) is SpanExportResult.SUCCESS
    while exporter.written < 100:
        written.wait(0.01)
    assert [span.name for span in spans_in(tmp_path)] == [f"{number}" for number in range(100)]
    exporter.shutdown()


@pytest.mark.parametrize("end", ["exporter.force_flush()", "exporter.shutdown()"])
def test_a_batch_is_written_at_the_end(tmp_path: Path, end: str) -> None:
    """A flush or a shutdown writes what is held back; so does an exit without either."""
    exporter = FileSpanExporter(tmp_path, batch_seconds=0.2)
    exporter.export([span_with()] * 10)
    exec(end)
    assert (exporter.written, exporter.lost, len(spans_in(tmp_path))) == (10, 0, 10)
    program = """
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s", batch_seconds=0.2)
        tracing.tracer.start_span("last").end()
    """
    assert run_python(program, tmp_path).returncode == 0
    assert [span.name for span in spans_in(tmp_path / "spans")] == ["last"]
    assert live_in(tmp_path / "spans") == []


def test_a_batch_that_cannot_be_written_is_counted(tmp_path: Path) -> None:
    """Every span of a batch that fails is lost and counted, and one warning says why."""
    (tmp_path / "blocked").write_text("")
    warnings: list[str] = []
    exporter = FileSpanExporter(tmp_path / "blocked" / "x", batch_seconds=0.2, warn=warnings.append)
    exporter.export([span_with()] * 10)
    exporter.shutdown()
    assert (exporter.written, exporter.lost, len(warnings)) == (0, 10, 2)
    assert exporter.export([span_with()]) is SpanExportResult.FAILURE
    assert exporter.lost == 11


def test_a_fork_neither_repeats_nor_loses_a_batch(tmp_path: Path) -> None:
    """What a parent held back at a fork is written by the parent, once; a child writes its own."""
    result = run_python(
        """
        import os
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s", batch_seconds=0.2) as tracing:
            for number in range(20):
                tracing.tracer.start_span(f"parent {number}").end()
                if (pid := os.fork()) == 0:
                    tracing.tracer.start_span(f"child {number}").end()
                    tracing.shutdown()
                    os._exit(0)
                assert os.waitpid(pid, 0)[1] == 0
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    names = sorted(span.name for span in spans_in(tmp_path / "spans"))
    assert names == sorted(f"{who} {number}" for who in ("child", "parent") for number in range(20))


@pytest.mark.parametrize("batch_seconds", [0.0, 0.2])
def test_no_file_is_larger_than_asked(tmp_path: Path, batch_seconds: float) -> None:
    """A file that would grow over `max_bytes` is followed by another of the same kind; nothing is lost."""
    exporter = FileSpanExporter(tmp_path, max_bytes=10_000, batch_seconds=batch_seconds, service_name="s")
    for number in range(100):
        exporter.export([span_with(name=f"{number}")])
    exporter.export([span_with({"long": "x" * 20_000}, name="long")])
    exporter.shutdown()
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.jsonl")}
    assert len(sizes) > 5
    assert sum(size > 10_000 for size in sizes.values()) == 1
    assert all(re.fullmatch(r"\d{8}T\d{6}Z-s-\d+-[0-9a-f]{8}\.traces\.jsonl", name) for name in sizes)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.glob("*.jsonl"))
    assert len({span.name for span in spans_in(tmp_path)}) == exporter.written == 101


IDS = ("traceId", "spanId", "parentSpanId", "links")


def document(path: Path) -> dict[str, Any]:
    """A document of spans."""
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def as_resmoke_would(span: dict[str, Any]) -> dict[str, Any]:
    """What protobuf's `MessageToDict`, which resmoke uses, makes of a span without ids."""
    made: dict[str, Any] = MessageToDict(Parse(json.dumps(span), trace_pb2.Span()))
    return made


@pytest.mark.parametrize("pretty", [False, True])
def test_documents_are_as_resmoke_writes_them(tmp_path: Path, pretty: bool) -> None:
    """A batch is one document with names of kinds and codes and hex ids; ours and the viewer read it."""
    exporter = DocumentSpanExporter(tmp_path, pretty=pretty)
    other = span_with(name="other", resource=Resource({"service.name": "t"}))
    exporter.export([span_with({"a": 1}), span_with(name="second"), other])
    exporter.export([span_with(name="next batch")])
    text = (tmp_path / "metrics1.json").read_text()
    assert text.startswith('{\n  "resourceSpans": [\n' if pretty else '{"resourceSpans":[{"resource":')
    assert not text.endswith("\n")
    groups = document(tmp_path / "metrics1.json")["resourceSpans"]
    assert [len(group["scopeSpans"][0]["spans"]) for group in groups] == [2, 1]
    first = groups[0]["scopeSpans"][0]["spans"][0]
    assert (first["kind"], first["status"]["code"]) == ("SPAN_KIND_CLIENT", "STATUS_CODE_ERROR")
    assert (len(first["traceId"]), len(first["spanId"])) == (32, 16)
    without_ids = {key: value for key, value in first.items() if key not in IDS}
    assert as_resmoke_would(without_ids) == without_ids
    assert len(load([str(tmp_path)]).table) > 0


def test_a_document_is_never_written_over(tmp_path: Path) -> None:
    """Another exporter in the directory goes on after the highest number there is."""
    (tmp_path / "metrics7.json").write_text("theirs")
    for _ in range(2):
        assert DocumentSpanExporter(tmp_path).export([span_with()]) is SpanExportResult.SUCCESS
    assert (tmp_path / "metrics7.json").read_text() == "theirs"
    assert {path.name for path in tmp_path.iterdir()} == {"metrics7.json", "metrics8.json", "metrics9.json"}


def test_a_document_is_no_longer_than_evergreen_reads(tmp_path: Path) -> None:
    """A batch of more than 1 MiB is some documents, each below that, with all of its spans."""
    spans = [span_with({"long": "x" * 100_000}, name=f"{number}") for number in range(30)]
    DocumentSpanExporter(tmp_path).export(spans)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 4
    assert max(sizes) < 1024 * 1024


def test_documents_come_beside_the_lines(tmp_path: Path) -> None:
    """`resmoke_dir` has the same spans as `spans_dir`; one that cannot be written to costs no line."""
    (tmp_path / "blocked").write_text("")
    for name, lost in (("good", 0), ("blocked", 20)):
        warnings: list[str] = []
        with set_up_tracing(
            tmp_path / "spans" / name, service_name="s", resmoke_dir=tmp_path / name, warn=warnings.append
        ) as tracing:
            for _ in range(20):
                tracing.tracer.start_span("span").end()
        assert (tracing.spans_written, tracing.spans_undelivered, len(warnings)) == (20, lost, lost > 0)
    (path,) = (tmp_path / "good").glob("*.json")
    assert len(document(path)["resourceSpans"][0]["scopeSpans"][0]["spans"]) == 20


def test_nothing_but_traces_is_put_where_evergreen_collects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In `OTEL_COLLECTOR_DIR` every file is a trace: no `.gitignore`, and start records below it."""
    monkeypatch.setenv("OTEL_COLLECTOR_DIR", str(tmp_path / "build" / "OTelTraces"))
    tracing = set_up_tracing(service_name="s", warn=lambda _: None)
    tracing.tracer.start_span("root").end()
    tracing.tracer.start_span("open")
    files = [path for path in tracing.spans_dir.iterdir() if path.is_file()]
    assert [path.name.endswith(".traces.jsonl") for path in files] == [True]
    assert len(live_in(tracing.spans_dir)) == 3
    assert stat.S_IMODE(tracing.spans_dir.stat().st_mode) == 0o700
    tracing.shutdown()
