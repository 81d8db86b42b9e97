"""The table of spans: what is one span, what is upserted, what a snapshot promises."""

import gc
from collections.abc import Iterator

import numpy as np
import pytest

from tests.builders import MS, T0, heartbeat, line, snapshot, span, start_record, table, unfinished
from tests.store.appending import append
from tracetui.model.columns import STORED
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.store.accounting.dropped import Dropped
from tracetui.store.health import MOST_EXAMPLES, Trouble
from tracetui.store.joining.index import IdIndex, Sorted
from tracetui.store.table import SpanTable

ONE = span("one", id="1" * 16)


def test_a_span_seen_twice_is_kept_once() -> None:
    """The same ids, name and start, from two files, are one span and one duplicate."""
    read = snapshot(line(ONE), line(ONE))
    assert (len(read), read.health.duplicates, read.health.collisions) == (1, 1, 0)


def test_same_ids_other_name_or_start_is_a_collision() -> None:
    """Other spans under the same ids are kept and counted, never merged."""
    read = snapshot(line(ONE, {**ONE, "name": "two"}, span("one", id="1" * 16, start=T0 + 1)))
    assert (len(read), read.health.duplicates, read.health.collisions) == (3, 0, 2)


def test_a_span_without_a_name_is_called_so() -> None:
    """A row of blanks is none: neither as a name nor as a title."""
    read = snapshot(line(span("one"), span(""), span("  "), {"spanId": "1" * 16}))
    assert [read.name(row) for row in range(4)] == ["one", *["(no name)"] * 3]
    assert [read.title(row) for row in range(4)] == ["one", *["(no name)"] * 3]
    assert [read.worker(row) for row in range(4)] == [""] * 4


def test_one_id_in_two_traces_is_two_spans() -> None:
    """A span is known by trace and span id: resmoke's old ids repeat between traces."""
    child = span("child", trace="b" * 32, parent=ONE)
    read = snapshot(line(ONE, {**ONE, "traceId": "b" * 32}, child))
    assert (len(read), read.health.collisions, read.parent_row.tolist()) == (3, 0, [-1, -1, 1])


def test_a_span_that_collides_with_its_child_is_not_its_own_parent() -> None:
    """Resmoke's second suite and its first hook share an id: the hook hangs below the suite, in any order."""
    suite = span("suite", id="1" * 16, start=T0, end=T0 + 9 * MS)
    hook = span("hook", id="1" * 16, parent="1" * 16, start=T0 + MS, end=T0 + 2 * MS)
    test = span("test", id="2" * 16, parent="1" * 16, start=T0 + 3 * MS, end=T0 + 4 * MS)
    for order in ((suite, hook, test), (test, hook, suite), (hook, suite, test)):
        read = snapshot(line(*order))
        parents = {
            read.name(row): read.name(int(above)) for row, above in enumerate(read.parent_row) if above >= 0
        }
        assert parents == {"hook": "suite", "test": "suite"}


def test_a_finished_span_replaces_its_start_record() -> None:
    """Whichever comes first, the finished span is shown, and neither is a duplicate."""
    for parts in (
        (start_record(ONE), line(ONE)),
        (line(ONE), start_record(ONE)),
        (line(unfinished(ONE)), line(ONE)),
    ):
        store = table(*parts)
        read = store.snapshot()
        assert (len(read), read.health.duplicates, read.end_ns[0]) == (1, 0, T0 + MS)
        assert read.outcome[0] == Outcome.UNKNOWN
        assert not store.unfinished_sources


def test_a_renamed_span_replaces_its_start_record() -> None:
    """The name of a span may change while it runs; its end still finds its start."""
    read = snapshot(start_record(ONE), line({**ONE, "name": "renamed"}))
    assert [read.name(row) for row in range(len(read))] == ["renamed"]


def test_an_orphan_is_re_homed_when_its_parent_arrives() -> None:
    """An unknown parent makes a provisional root, counted as an orphan until the parent is there."""
    store = SpanTable()
    store.add_source("x")
    read = append(store, line(span("child", parent=ONE)))
    assert (read.parent_row.tolist(), read.orphans) == ([-1], 1)
    later = append(store, line(ONE))
    assert (later.parent_row.tolist(), later.orphans) == ([1, -1], 0)
    assert read.parent_row.tolist() == [-1]


def test_a_snapshot_never_changes() -> None:
    """What was handed out stays as it was, whatever is appended, upserted or judged later."""
    store = SpanTable()
    store.add_source("x")
    read = append(store, start_record(ONE))
    store.set_gone([0])
    append(store, line(ONE, *[span(str(number), start=number + 1) for number in range(3000)]))
    assert (len(read), read.end_ns.tolist(), read.outcome.tolist()) == (1, [0], [Outcome.RUNNING])
    assert not read.end_ns.flags.writeable


def test_the_unfinished_of_a_gone_writer_is_cut_off() -> None:
    """Started and not ended is running while its writer lives, cut off when it is gone, and back again."""
    store = table(start_record(ONE), line(unfinished(span("two"))))
    for gone, outcomes in (([0], [7, 8]), ([0, 1], [7, 7]), ([], [8, 8])):
        store.set_gone(gone)
        assert store.snapshot().outcome.tolist() == outcomes


def test_another_heartbeat_is_no_new_revision() -> None:
    """The first tells who writes; those after it nothing that is shown, unless a record came with them."""
    store = table(line(ONE))
    append(store, heartbeat(T0))
    first = store.revision
    append(store, heartbeat(T0 + 1))
    assert (store.revision, store.heartbeats[0].time_ns) == (first, T0 + 1)
    append(store, heartbeat(T0 + 2) + start_record(span("two", end=0)))
    assert store.revision > first


def test_revision_grows_only_with_change() -> None:
    """A judgement that changes nothing makes no new revision; one that does makes one."""
    store = table(start_record(ONE))
    before = store.revision
    store.set_gone([])
    assert store.revision == before
    store.set_gone([0])
    assert store.revision > before


def test_what_writers_dropped_is_the_sum_of_their_last_words() -> None:
    """Heartbeats carry totals: the last of each source counts."""
    store = table(heartbeat(dropped=2) + heartbeat(dropped=5), heartbeat(dropped=1))
    assert store.snapshot().health.dropped == 6
    assert store.fruitful_sources == {0, 1}


def test_what_a_writer_dropped_counts_once_over_the_lives_of_its_files() -> None:
    """Lives that are over said what the one that is there says now, or more; other writers count apart."""
    beats = [heartbeat(dropped=dropped, pid=pid) for dropped, pid in ((2, 7), (5, 7), (6, 7), (3, 8))]
    store = table(*beats)
    for source, total in ((0, 14), (1, 9), (2, 9), (3, 9)):
        store.reset(source)
        assert store.snapshot().health.dropped == total
    (seven, eight) = store.health.kinds[Kind.DROPPED].examples
    assert (seven.reason, eight.reason) == (
        "6 spans, according to its last heartbeat",
        "3 spans, according to its last heartbeat",
    )


def test_what_was_dropped_is_counted_again_only_where_a_writer_tells_something_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not for the heartbeats of others, nor for the hundreds of files that they have left behind."""
    counted = []
    lost = Dropped.lost

    def asked(self: Dropped) -> Iterator[tuple[int, Trouble]]:
        counted.append(self)
        return lost(self)

    monkeypatch.setattr(Dropped, "lost", asked)
    store = table(heartbeat(dropped=2, pid=7), *(heartbeat(pid=8) for _ in range(50)))
    assert len(counted) == 1
    for number in range(1, 51):
        store.reset(number)
    append(store, heartbeat(pid=8), source=1)
    assert len(counted) == 1
    append(store, heartbeat(dropped=3, pid=7))
    assert len(counted) == 2
    assert store.health.dropped == 3


def test_one_is_one() -> None:
    """Counts and nouns agree."""
    (only,) = table(heartbeat(dropped=1, pid=7)).snapshot().health.kinds[Kind.DROPPED].examples
    assert only.reason == "1 span, according to its last heartbeat"


def test_problems_are_examples_counts_are_complete() -> None:
    """Every bad line is counted, the first are kept with file, offset and reason."""
    read = snapshot(line(ONE) + b"garbage}\n" * 500)
    assert (read.health.rejected, len(read.health.problems)) == (500, MOST_EXAMPLES)
    assert read.health.problems[0][:2] == ("source0", len(line(ONE)))


def test_ids_that_are_no_hex_stay_themselves() -> None:
    """Odd ids keep their text and their identity, whatever is beside them in a batch."""
    odd = ["", "0x0000000000000z", " 123456789abcdeg", "1_2_3_4_5_6_7_8_", "zz", "é" * 16]
    spans = [span(f"s{place}", id=id_) for place, id_ in enumerate(odd)]
    for made in spans:
        made["spanId"] = odd[int(made["name"][1:])]
    below = [span(f"below{id_}", parent=id_) for id_ in odd[1:]]
    whole = snapshot(line(*spans, *below, ONE))
    assert [whole.span_id_text(row) for row in range(len(odd))] == odd
    assert [int(row) for row in whole.parent_row[len(odd) : -1]] == list(range(1, len(odd)))
    apart = snapshot(*(line(made) for made in (*spans, *below, ONE)))
    assert apart.parent_row.tolist() == whole.parent_row.tolist()
    assert apart.span_id.tolist() == whole.span_id.tolist()


def test_columns_not_objects() -> None:
    """Tens of thousands of spans add far fewer Python objects than spans."""
    lines = [
        line(*[span("s", start=T0 + number, id=f"{number + 1:016x}") for number in range(begin, begin + 500)])
        for begin in range(0, 50_000, 500)
    ]
    store = SpanTable()
    store.add_source("x")
    append(store, lines[0])
    gc.collect()
    before = len(gc.get_objects())
    for data in lines[1:]:
        append(store, data)
    gc.collect()
    assert len(store) == 50_000
    assert len(gc.get_objects()) - before < 5_000


def test_all_equal_ids_do_not_lose_spans() -> None:
    """Thousands of spans under one id, each its own parent, are all kept."""
    spans = [span("s", id="1" * 16, parent="1" * 16, start=T0 + number) for number in range(2_000)]
    read = snapshot(line(*spans))
    assert (len(read), read.health.collisions) == (2_000, 1_999)
    assert int((read.parent_row == np.arange(2_000)).sum()) == 0


def test_the_index_finds_every_row_of_an_id() -> None:
    """However the pairs arrive, a look-up gives all rows of an id and no other."""
    random = np.random.default_rng(7)
    ids = random.integers(0, 50, 400).astype(np.uint64)
    index = IdIndex()
    for begin in range(0, 400, 23):
        rows = np.arange(begin, min(begin + 23, 400), dtype=np.int32)
        index.add(Sorted.of(ids[rows]), rows)
    wanted = np.arange(60, dtype=np.uint64)
    positions, rows = index.find(Sorted.of(wanted))
    for id_ in range(60):
        assert sorted(rows[positions == id_].tolist()) == np.flatnonzero(ids == id_).tolist()


def test_a_part_has_the_columns_that_it_was_asked_for() -> None:
    """And no others: who needs one has to say so."""
    read = snapshot(line(*(span(f"s{number}", start=T0 + number) for number in range(4))))
    part = read.part(np.array([3, 1], np.int32), np.array([-1, 0], np.int32), ("start_ns", "name_id"))
    assert (len(part), part.parent_row.tolist()) == (2, [-1, 0])
    assert [part.name(row) for row in range(2)] == ["s3", "s1"]
    has = {name for name in STORED if len(getattr(part, name))}
    assert has == {"start_ns", "name_id", "parent_row"}
