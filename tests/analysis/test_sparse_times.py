"""Times that are not kept but worked out say the same, however they are asked for."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.live_run import LiveRun, fill
from tracetui.analysis.study.study import Study
from tracetui.analysis.time.sparse_times import Ends, SelfTimes
from tracetui.ingest import Ingest

START = np.array([10, 20, 30, 40], np.int64)
TOOK = np.array([5, 6, 7, 8], np.int64)
OWN = np.array([1, 2, 3, 4], np.int64)
SELF = SelfTimes(OWN, np.array([1, 3], np.int32), np.array([20, 40], np.int64))
MOST_BYTES = 20
"""A span's times: what it took and its own time, and of a test its self time."""


def test_ends() -> None:
    """By row, by rows, by a mask, and all; what is in a doubtful place ends where it begins."""
    ends = Ends(START, TOOK, None)
    assert int(ends[1]) == 26
    assert (ends[np.array([3, 0])].tolist(), ends[START > 20].tolist()) == ([48, 15], [37, 48])
    assert ends[:].tolist() == [15, 26, 37, 48]
    assert Ends(START, TOOK, np.array([False, True, False, True]))[:].tolist() == [15, 20, 37, 40]


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
    arrays = (found.times.total, found.times.own, found.times.self_.rows, found.times.self_.ns)
    assert sum(each.nbytes for each in arrays) <= MOST_BYTES * len(found.snapshot)
    run.close()
