"""Start records: the contract with whoever watches."""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto_json.logs.v1.logs import LogsData

from tests.tracing.recording import lines_of, live_in, starts_in
from tracetui.ingest import Ingest
from tracetui.model.role import Outcome
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


def names_in(directory: Path) -> list[str]:
    """The names in the start records, in order."""
    return [start.attributes["tracetui.span.name"] for start in starts_in(directory)]


@pytest.mark.parametrize("role", ["hook", "archiver"])
def test_a_hook_is_announced_once_it_is_long(
    tmp_path: Path, tracing: Tracing, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """A hook that is still running after its time of grace gets a start record, with its own start time."""
    with tracing.tracer.start_as_current_span("root", context=tracing.context):
        hook = tracing.tracer.start_span("hook", attributes={"tracetui.span.role": role}, start_time=7)
        while names_in(tmp_path) != ["root", "hook"]:
            time.sleep(0.01)
        assert starts_in(tmp_path)[1].raw["timeUnixNano"] == "7"
        hook.end()


def test_a_short_hook_leaves_no_start_record(
    tmp_path: Path, tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks that end within their time of grace are only finished spans; a long one among them is shown."""
    monkeypatch.setattr(log, "PATIENCE_SECONDS", 0.3)
    with tracing.tracer.start_as_current_span("root", context=tracing.context):
        hook = tracing.tracer.start_span("long", attributes={"tracetui.span.role": "hook"})
        while "long" not in names_in(tmp_path):
            tracing.tracer.start_span("short", attributes={"tracetui.span.role": "hook"}).end()
        hook.end()
    assert names_in(tmp_path) == ["root", "long"]


def test_a_hook_that_is_open_at_the_end_was_cut_off(tmp_path: Path, tracing: Tracing) -> None:
    """However young it is, a hook that never ended is named in what is left behind."""
    tracing.tracer.start_span("hook", attributes={"tracetui.span.role": "hook"})
    tracing.shutdown()
    assert names_in(tmp_path) == ["hook"]


def test_the_file_does_not_grow_for_ever(
    tmp_path: Path, tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is large, a new file has what is open, and only that; the old one is gone."""
    monkeypatch.setattr(log, "LARGE_BYTES", 20_000)
    largest = 0
    with set_up_tracing(tmp_path / "small", service_name="s") as small:
        start = small.tracer.start_as_current_span
        with start("root", context=small.context), start("suite", attributes={"tracetui.span.role": "suite"}):
            for number in range(300):
                small.tracer.start_span(f"test {number}", attributes={"tracetui.span.role": "test"}).end()
                (file,) = tmp_path.glob("small/live/*")
                largest = max(largest, file.stat().st_size)
            names = names_in(tmp_path / "small")
    assert names[:2] == ["root", "suite"]
    assert names[-1] == "test 299"
    assert largest < 24_000
    assert list(tmp_path.glob("small/live/*")) == []


def test_a_reader_that_follows_survives_the_change_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through many changes of files the viewer knows each span once, which of them run, and no loss twice."""
    monkeypatch.setattr(log, "LARGE_BYTES", 3_000)
    ingest = Ingest([str(tmp_path)], follow=True)
    tracing = set_up_tracing(tmp_path, service_name="s", warn=lambda _: None)
    root = tracing.tracer.start_span("root", tracing.context)
    files: set[str] = set()
    for number in range(80):
        tracing.tracer.start_span(f"test {number}", attributes={"tracetui.span.role": "test"}).end()
        files |= {path.name for path in tmp_path.glob("live/*")}
        drain(ingest)
        outcomes = ingest.table.snapshot().outcome
        assert (len(outcomes), sum(outcomes == Outcome.RUNNING)) == (number + 2, 1)
    root.end()
    tracing.shutdown()
    drain(ingest)
    health = ingest.table.health
    ingest.close()
    assert len(files) > 3
    assert (health.duplicates, health.collisions, health.rejected, health.torn, health.resets) == (0,) * 5
    assert sum(ingest.table.snapshot().outcome == Outcome.RUNNING) == 0


def drain(ingest: Ingest) -> None:
    """A sweep, and all that there is to read now."""
    ingest.sweep()
    while ingest.step():
        pass


def test_a_removed_file_is_made_again_with_all_that_is_open(tmp_path: Path, tracing: Tracing) -> None:
    """After `rm -rf` a start soon brings back what was announced before and is still open."""
    tracing.tracer.start_span("root", tracing.context)
    tracing.tracer.start_span("done", tracing.context).end()
    shutil.rmtree(tmp_path / "live")
    started = 0
    while not list(tmp_path.glob("live/*")):
        tracing.tracer.start_span(f"{started}", tracing.context)
        started += 1
    assert names_in(tmp_path) == ["root", *map(str, range(started))]
    assert started <= 64


def test_a_change_is_shown_by_another_record(tmp_path: Path, tracing: Tracing) -> None:
    """Of a span that is shown as open; of one that has ended, or never was shown, nothing is said."""
    with tracing.tracer.start_as_current_span("root", context=tracing.context) as root:
        with tracing.tracer.start_as_current_span("unseen") as unseen:
            tracing.show_change(unseen)
        root.set_attribute("known", 7)
        tracing.show_change(root)
        first, last = starts_in(tmp_path)
    assert (first.id, first.raw["timeUnixNano"]) == (last.id, last.raw["timeUnixNano"])
    assert ("known" in first.attributes, last.attributes["known"]) == (False, 7)
    tracing.show_change(root)
    assert len(starts_in(tmp_path)) == 2
