"""What a writer lost with files that were taken away is not lost to who had read them."""

import shutil
from pathlib import Path

import pytest

from tests.builders import heartbeat, line, span
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.store.table import SpanTable
from tracetui.tracing import set_up_tracing

SPANS = [span(str(number)) for number in range(10)]


def table(sources: dict[str, bytes]) -> SpanTable:
    made = SpanTable()
    for label, data in sources.items():
        number = made.add_source(label)
        reader = OtlpJson()
        reader.feed(data)
        reader.finish()
        made.append(number, reader.take(), len(data))
    return made


@pytest.mark.parametrize(
    ("read", "dropped", "removed", "lost"),
    [(10, 10, 10, 0), (9, 10, 10, 1), (10, 14, 10, 4), (10, 14, 4, 10), (0, 10, 10, 10), (10, 10, 0, 10)],
)
def test_what_was_read_before_it_was_removed_is_not_lost(
    read: int, dropped: int, removed: int, lost: int
) -> None:
    """No more than was removed, nor than was read, is taken off what the writer dropped."""
    store = table(
        {
            "spans/20261129T000000Z-depot-7-0123abcd.traces.jsonl": line(*SPANS[:read]),
            "spans/live/20261129T000001Z-depot-7-4567cdef.logs.jsonl": heartbeat(
                pid=7, dropped=dropped, removed=removed
            ),
        }
    )
    store.over(0)
    assert store.snapshot().health.dropped == lost


@pytest.mark.parametrize("name", ["20261129T000000Z-depot-8-0123abcd.traces.jsonl", "other.jsonl"])
def test_what_was_read_of_others_makes_up_for_nothing(name: str) -> None:
    """Another process's file that is gone, or one that tells of no process."""
    store = table({name: line(*SPANS), "live.logs.jsonl": heartbeat(pid=7, dropped=10, removed=10)})
    store.over(0)
    assert store.snapshot().health.dropped == 10


def test_files_that_are_there_make_up_for_nothing() -> None:
    """What is removed is not in them."""
    store = table(
        {
            "20261129T000000Z-depot-7-0123abcd.traces.jsonl": line(*SPANS),
            "live.logs.jsonl": heartbeat(pid=7, dropped=10, removed=10),
        }
    )
    assert store.snapshot().health.dropped == 10


def test_a_directory_that_is_deleted_while_it_is_watched_loses_nothing(tmp_path: Path) -> None:
    """A real writer, whose directory goes and is made again: the viewer has all spans, and none is lost."""
    spans = tmp_path / "spans"
    ingest = Ingest([str(spans)], follow=True)

    def look() -> None:
        ingest.sweep()
        while ingest.step():
            pass

    with set_up_tracing(spans, service_name="depot", is_global=False, warn=lambda _: None) as tracing:
        with tracing.tracer.start_as_current_span("run"):
            for number in range(100):
                tracing.tracer.start_span(f"before {number}").end()
            look()
            shutil.rmtree(spans)
            look()
            for number in range(100):
                tracing.tracer.start_span(f"after {number}").end()
            assert tracing.spans_lost > 0
            look()
        look()
    look()
    snapshot = ingest.table.snapshot()
    ingest.close()
    assert (len(snapshot), snapshot.health.dropped) == (201, 0)
