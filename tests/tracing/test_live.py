"""Start records: the contract with whoever watches."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto_json.logs.v1.logs import LogsData

from tests.tracing.recording import lines_of, live_in, starts_in
from tracetui.tracing import Tracing, set_up_tracing
from tracetui.tracing.live import boot_id, log


@pytest.fixture
def tracing(tmp_path: Path) -> Iterator[Tracing]:
    with set_up_tracing(tmp_path, service_name="s", warn=lambda _: None) as tracing:
        yield tracing


def test_a_span_without_a_local_parent_is_announced(tmp_path: Path, tracing: Tracing) -> None:
    """The start record has the span's ids, name, start and attributes; its resource names the writer."""
    span = tracing.tracer.start_span(
        "root", tracing.context, attributes={"a": 1}, start_time=1_700_000_000_000_000_007
    )
    beat, start = live_in(tmp_path)
    context = span.get_span_context()
    assert start.raw["eventName"] == "tracetui.span.start"
    assert (start.trace, start.id) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")
    assert start.raw["timeUnixNano"] == "1700000000000000007"
    assert start.attributes == {
        "tracetui.span.name": "root",
        "tracetui.span.start_time_unix_nano": 1_700_000_000_000_000_007,
        "a": 1,
    }
    writer = {
        "process.pid": os.getpid(),
        "host.name": platform.node(),
        "tracetui.boot_id": boot_id(),
    }
    assert beat.raw["eventName"] == "tracetui.heartbeat"
    assert beat.attributes == {**writer, "tracetui.open_spans": 1, "tracetui.dropped_spans": 0}
    assert start.resource.items() >= {**writer, "service.name": "s"}.items()
    assert beat.resource == start.resource
    span.end()


@pytest.mark.parametrize("role", ["suite", "worker", "test", "phase"])
def test_the_levels_of_a_test_run_are_announced(tmp_path: Path, tracing: Tracing, role: str) -> None:
    """A span with one of our roles is announced with its parent, others below a local parent are not."""
    with tracing.tracer.start_as_current_span("root", context=tracing.context) as root:
        tracing.tracer.start_span("plain").end()
        tracing.tracer.start_span("shown", attributes={"tracetui.span.role": role}).end()
        names = [start.attributes["tracetui.span.name"] for start in starts_in(tmp_path)]
        shown = starts_in(tmp_path)[-1]
    assert names == ["root", "shown"]
    assert shown.attributes["tracetui.span.role"] == role
    assert shown.attributes["tracetui.span.parent_span_id"] == f"{root.get_span_context().span_id:016x}"


def test_the_lines_are_otlp_logs(tmp_path: Path, tracing: Tracing) -> None:
    """The official decoder reads every line, and gives every field of it back."""
    span = tracing.tracer.start_span("root", context=tracing.context)
    for line in lines_of(tmp_path, "live/*.jsonl"):
        assert LogsData.from_dict(json.loads(line)).to_dict() == json.loads(line)
    span.end()


def test_the_files_of_a_process_share_their_stem(tmp_path: Path, tracing: Tracing) -> None:
    """`x.traces.jsonl` has its start records in `live/x.logs.jsonl`."""
    with tracing.tracer.start_as_current_span("root", context=tracing.context):
        tracing.tracer.start_span("child").end()
        (traces,), (starts,) = tmp_path.glob("*.jsonl"), tmp_path.glob("live/*.jsonl")
    assert traces.name.removesuffix(".traces.jsonl") == starts.name.removesuffix(".logs.jsonl")


def test_a_heart_beats_while_spans_are_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats go on while a span is open, and there is none while nothing is."""
    monkeypatch.setattr(log, "HEARTBEAT_SECONDS", 0.02)

    def beats() -> int:
        return sum(record.raw["eventName"] == "tracetui.heartbeat" for record in live_in(tmp_path))

    with set_up_tracing(tmp_path, service_name="s") as tracing:
        with tracing.tracer.start_as_current_span("root", context=tracing.context):
            while beats() < 3:
                time.sleep(0.01)
        quiet = beats()
        time.sleep(0.1)
        assert beats() <= quiet + 1


def test_the_file_stays_while_a_span_is_open(tmp_path: Path, tracing: Tracing) -> None:
    """A shutdown with a span open leaves its start record: it was cut off."""
    tracing.tracer.start_span("open", context=tracing.context)
    tracing.shutdown()
    assert [start.attributes["tracetui.span.name"] for start in starts_in(tmp_path)] == ["open"]


def test_the_file_goes_when_all_is_said(tmp_path: Path, tracing: Tracing) -> None:
    """A clean shutdown leaves finished spans only."""
    tracing.tracer.start_span("done", context=tracing.context).end()
    tracing.shutdown()
    assert list(tmp_path.glob("live/*")) == []
