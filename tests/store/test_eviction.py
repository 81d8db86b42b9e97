"""Rows that leave: what stays is as if they had never been there, and what was handed out never changes."""

from collections.abc import Sequence
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import T0, S, case, heartbeat, line, log_line, span, start_record, table
from tests.store.arriving import documents, store, told
from tests.store.evicting import evict
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.store.logs import LogIndex
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

GONE = "a" * 32
"""The trace that leaves; `documents` has another one."""


def append(kept: SpanTable, *parts: bytes) -> Snapshot:
    reader = OtlpJson()
    reader.feed(b"".join(parts))
    reader.finish()
    kept.append(0, reader.take())
    return kept.snapshot()


def shown(snapshot: Snapshot) -> object:
    """Spans, tree, cycles and orphans; duplicates and collisions were counted while they were there."""
    spans, _, _, *rest = cast("tuple[object, ...]", told(snapshot))
    return spans, rest


def is_of(record: bytes, trace_id: str) -> bool:
    return trace_id.encode() in record


@settings(max_examples=examples(30))
@given(st.lists(documents(), max_size=10), st.integers(0, 10), st.integers(0, 10))
def test_evicting_is_as_if_the_run_had_never_been(records: list[bytes], first: int, second: int) -> None:
    """Whenever it leaves, once or twice, whatever comes of it later: the same spans, tree and counts."""
    kept = SpanTable()
    kept.add_source("x")
    for place, record in enumerate(records):
        append(kept, record)
        if place in (first, second):
            evict(kept, GONE)
    evict(kept, GONE)
    never = store([[record] for record in records if not is_of(record, GONE)])
    after = kept.snapshot()
    assert shown(after) == shown(never)
    assert [after.title(row) for row in range(len(after))] == [never.title(row) for row in range(len(never))]


@settings(max_examples=examples(15))
@given(st.lists(documents(), max_size=8), st.lists(documents(), max_size=8))
def test_what_comes_after_is_as_it_would_have_been(before: Sequence[bytes], after: Sequence[bytes]) -> None:
    """Ends find their starts, children their parents and duplicates each other across an eviction."""
    mine = [record for record in after if not is_of(record, GONE)]
    kept = SpanTable()
    kept.add_source("x")
    append(kept, *before)
    evict(kept, GONE)
    append(kept, *mine)
    never = store([[record for record in before if not is_of(record, GONE)], mine])
    assert shown(kept.snapshot()) == shown(never)


def test_snapshots_keep_what_they_have() -> None:
    """A screen that still looks at what has left sees it as it was."""
    kept = table(line(case("old", trace=GONE), case("new", trace="b" * 32)))
    before = kept.snapshot()
    evict(kept, GONE)
    after = kept.snapshot()
    assert [before.title(row) for row in range(2)] == ["old", "new"]
    assert [after.title(row) for row in range(1)] == ["new"]
    assert (after.renewals, before.renewals) == (1, 0)
    assert after.health.count(Kind.EVICTED) == 1


def test_what_still_comes_of_a_run_that_left_is_counted() -> None:
    """Its last words do not bring it back; an hour later, its trace is another run."""
    kept = table(line(span("old", trace=GONE, end=T0 + S)))
    evict(kept, GONE)
    late = append(kept, line(span("late", trace=GONE, start=T0 + 2 * S, end=T0 + 3 * S)))
    assert (len(late), late.health.count(Kind.EVICTED)) == (0, 2)
    next_ = append(kept, line(span("next", trace=GONE, start=T0 + 4000 * S, end=T0 + 4001 * S)))
    assert [next_.name(row) for row in range(len(next_))] == ["next"]


def test_what_is_unfinished_can_still_end() -> None:
    """Rows move; start records still find their ends, and writers are still judged."""
    kept = table(line(span("old", trace=GONE)), start_record(span("b")) + heartbeat())
    evict(kept, GONE)
    kept.set_gone([1])
    assert kept.snapshot().outcome.tolist() == [7]
    done = append(kept, line(span("b")))
    assert (len(done), done.end_ns[0] > 0, kept.unfinished_sources) == (1, True, frozenset())


def test_what_was_told_again_runs_where_it_was_told_last() -> None:
    """Rows move: it is known all the same that its first file, of a writer that is gone, is not its last."""
    began = start_record(span("b", end=0))
    kept = table(line(span("old", trace=GONE)), began, began)
    evict(kept, GONE)
    assert kept.unfinished_sources == {1, 2}
    for gone, outcome in (([1], Outcome.RUNNING), ([1, 2], Outcome.CUT_OFF)):
        kept.set_gone(gone)
        assert kept.snapshot().outcome.tolist() == [outcome]
    for closed, outcome in (({1: T0 + S}, Outcome.RUNNING), ({1: T0 + S, 2: T0}, Outcome.UNKNOWN)):
        kept.set_gone([], closed)
        assert kept.snapshot().outcome.tolist() == [outcome]


def test_refused_spans_are_counted_and_known_ones_end() -> None:
    """No new span of a trace that is there; what began may end; a new trace is taken, until none is."""
    kept = table(start_record(span("a")))
    kept.refuse(known_only=True)
    read = append(kept, line(span("a"), span("b"), span("b")), line(span("c", trace="b" * 32)))
    assert sorted(read.name(row) for row in range(len(read))) == ["a", "c"]
    assert (read.end_ns > 0).all()
    assert (read.health.count(Kind.REFUSED), read.health.collisions) == (2, 0)
    kept.refuse(known_only=False)
    assert len(append(kept, line(span("d", trace="c" * 32)))) == 2


def test_log_records_of_a_trace_that_left_are_forgotten() -> None:
    """Others are found as before, and there is room for more."""
    index = LogIndex()
    reader = OtlpJson()
    reader.feed(b"".join(log_line({"traceId": trace, "spanId": "1" * 16}) for trace in (GONE, "b" * 32)))
    index.add(0, reader.take().logs)
    index.forget({GONE})
    assert (len(index.of(GONE, "1" * 16)), len(index.of("b" * 32, "1" * 16))) == (0, 1)


def test_bytes_grow_with_spans_and_shrink_when_they_leave() -> None:
    """The estimate follows what is there."""
    kept = table(line(*(span(f"s{number}", trace=GONE) for number in range(500))))
    full = kept.bytes
    assert full > 500 * 200
    evict(kept, GONE)
    assert kept.bytes < full / 100
