"""Times that are not kept but worked out say the same, however they are asked for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tests.benchmarks.live_run import LiveRun, fill
from tracetui.analysis.study.study import Study
from tracetui.analysis.time.sparse_times import Ends, SelfTimes, Totals, totals
from tracetui.ingest import Ingest

START = np.array([10, 20, 30, 40], np.int64)
TOOK = np.array([5, 6, 7, 8], np.int64)
OWN = np.array([1, 2, 3, 4], np.int64)
SELF = SelfTimes(OWN, np.array([1, 3], np.int32), np.array([20, 40], np.int64))
MOST_BYTES = 12
"""A span's times: its own time, and of a test its self time; what it took is in its start and end."""


def test_ends() -> None:
    """By row, by rows, by a mask, and all; what is in a doubtful place ends where it begins."""
    ends = Ends(START, TOOK, None)
    assert int(ends[1]) == 26
    assert (ends[np.array([3, 0])].tolist(), ends[START > 20].tolist()) == ([48, 15], [37, 48])
    assert ends[:].tolist() == [15, 26, 37, 48]
    assert Ends(START, TOOK, np.array([False, True, False, True]))[:].tolist() == [15, 20, 37, 40]


def test_totals() -> None:
    """By row, by rows, by a mask, and all: from start to end, never less than nothing, unless told."""
    took = Totals(START, START + np.array([5, -3, 7, 8]), np.array([2], np.int32), np.array([70], np.int64))
    assert [int(took[row]) for row in range(4)] == took[:].tolist() == [5, 0, 70, 8]
    assert (took[np.array([3, 2])].tolist(), took[START > 20].tolist()) == ([8, 70], [70, 8])
    assert took[1:3].tolist() == [0, 70]
    assert Ends(START, took, None)[:].tolist() == [15, 20, 100, 48]


@given(
    st.sets(st.integers(0, 40), max_size=4),
    st.lists(st.integers(0, 40), max_size=40),
    st.sampled_from((list, sorted, lambda rows: sorted(set(rows)))),
)
@example({0, 40}, list(range(41)), list)
@example({0}, list(range(1, 9)), list)
@example({0}, list(range(9)), list)
@example({40}, list(range(9)), list)
def test_many_rows_and_few(apart: set[int], rows: list[int], order: Callable[[list[int]], list[int]]) -> None:
    """Whatever rows are asked for, however often and in which order, each has its own value."""
    rows = order(rows)
    every = np.arange(41, dtype=np.int64)
    told = np.array(sorted(apart), np.int32)
    totals, wanted = Totals(every, every * 3, told, -1 - told.astype(np.int64)), np.array(rows, np.int32)
    for asked in (totals[wanted], totals[wanted.tolist()]):
        assert asked.tolist() == [-1 - row if row in apart else 2 * row for row in rows]


def _spans(data: st.DataObject, count: int) -> tuple[list[int], list[int]]:
    """Ends of spans that begin at 1, of which 0 is none, and how long they are taken to be."""
    ends, took = (data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)) for _ in range(2))
    return ends, took


@given(st.data(), st.integers(0, 6), st.integers(0, 3))
def test_totals_go_on(data: st.DataObject, first: int, more: int) -> None:
    """What has changed is as written, or as told; the rest is as it was, and what differs is known."""
    count = first + more
    start = np.ones(count, np.int64)
    (ends, took), (later_ends, later_took) = _spans(data, first), _spans(data, count)
    changed = sorted(
        {*data.draw(st.sets(st.integers(0, count - 1) if count else st.nothing())), *range(first, count)}
    )
    apart = [row for row in changed if data.draw(st.booleans())]
    before = totals(start[:first], np.array(ends, np.int64), np.array(took, np.int64))
    assert before[:].tolist() == took
    assert all(took[row] != max(ends[row] - 1, 0) for row in before.rows.tolist())
    end = np.array([later_ends[row] if row in changed else ends[row] for row in range(count)], np.int64)
    rows, told = np.array(changed, np.int32), np.array(apart, np.int32)
    grown = before.but(start, end, rows, told)
    grown[told] = np.array(later_took, np.int64)[told]
    expected = [took[row] if row not in changed else max(int(end[row]) - 1, 0) for row in range(count)]
    for row in apart:
        expected[row] = later_took[row]
    tidied = grown.tidied()
    assert grown[:].tolist() == tidied[:].tolist() == expected
    assert tidied.rows.tolist() == totals(start, end, np.array(expected, np.int64)).rows.tolist()
    other = [row for row in range(first) if took[row] != expected[row]]
    assert tidied.differing(before).tolist() == other


def test_self_times() -> None:
    """By row, by rows, by a mask, and all; nothing that was handed out is written to."""
    assert [int(SELF[row]) for row in range(4)] == SELF[:].tolist() == [1, 20, 3, 40]
    assert (SELF[np.array([3, 0])].tolist(), SELF[START > 20].tolist()) == ([40, 1], [3, 40])
    SELF[:][0] = 9
    assert OWN.tolist() == [1, 2, 3, 4]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), unique_by=lambda pair: pair[0]), st.data())
def test_self_times_go_on(looked_at: list[tuple[int, int]], data: st.DataObject) -> None:
    """What was looked at again says what was found, in whatever order; the rest says what it said."""
    before = np.array(data.draw(st.lists(st.integers(0, 2), min_size=5, max_size=5)), np.int64)
    own = np.array(data.draw(st.lists(st.integers(0, 2), min_size=10, max_size=10)), np.int64)
    rows = np.array([row for row, _ in looked_at], np.int32)
    old = np.setdiff1d(np.arange(5), rows)
    known = np.flatnonzero(before != own[:5]).astype(np.int32)
    expected = own.copy()
    expected[old] = before[old]
    expected[rows] = found = np.array([value for _, value in looked_at], np.int64)
    grown = SelfTimes(own[:5], known, before[known]).but(own, rows, found)
    assert grown[:].tolist() == expected.tolist()
    assert grown.rows.tolist() == np.flatnonzero(expected != own).tolist()


def test_times_take_little_room(tmp_path: Path) -> None:
    """Each reading has its own, beside what the next one is made of."""
    run = LiveRun(tmp_path, "long")
    fill(run, 4000, 10**18, 10**18 + 10**12)
    ingest = Ingest([str(tmp_path)], follow=True)
    ingest.sweep()
    while ingest.step():
        pass
    found = Study()(ingest.table.snapshot(), 10**18 + 10**12)
    total, self_ = found.times.total, found.times.self_
    arrays = (total.rows, total.ns, found.times.own, self_.rows, self_.ns)
    assert sum(each.nbytes for each in arrays) <= MOST_BYTES * len(found.snapshot)
    run.close()
