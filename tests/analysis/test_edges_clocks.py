"""Which times can be, which lie together, which are written in another unit: each limit at its edge."""

import numpy as np
import pytest

from tests.builders import MS, T0, S, case, line, snapshot, span
from tracetui.analysis.assignment.packing import packed
from tracetui.analysis.jobs.stretches import stretches
from tracetui.analysis.lanes.lane_axis import shifts
from tracetui.analysis.study.findings import study
from tracetui.analysis.time.wrong_units import wrong_units

HOUR, DAY = 3600 * S, 86_400 * S
FIRST_NS, LAST_NS = 946_684_800 * S, 4_102_444_800 * S
"""The beginning of 2000, and of 2100."""


@pytest.mark.parametrize(("beyond", "is_wrong"), [(0, False), (1, True)])
def test_the_longest_a_span_may_take(beyond: int, is_wrong: bool) -> None:
    """A hundred days, and not a nanosecond more."""
    made = span("x", start=T0, end=T0 + 100 * DAY + beyond)
    clocks = study(snapshot(line(made)), T0 + 101 * DAY).clocks
    assert (clocks is not None and bool(clocks.wrong.any())) == is_wrong


@pytest.mark.parametrize(("end", "is_relative"), [(1, False), (2, True)])
def test_a_document_that_tells_no_time_has_no_clock(end: int, is_relative: bool) -> None:
    """0 and 1 are no times; what tells another one near 1970 has a clock of its own."""
    clocks = study(snapshot(line(span("x", start=1, end=end))), T0).clocks
    assert (clocks is not None and bool(clocks.relative.any())) == is_relative


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        (FIRST_NS // 10**3 - 1, ""),
        (FIRST_NS // 10**3, "microseconds"),
        (LAST_NS // 10**3 - 1, "microseconds"),
        (LAST_NS // 10**3, ""),
        (FIRST_NS // 10**6 - 1, ""),
        (FIRST_NS // 10**6, "milliseconds"),
        (LAST_NS // 10**6 - 1, "milliseconds"),
        (LAST_NS // 10**6, ""),
        (FIRST_NS // 10**9 - 1, ""),
        (FIRST_NS // 10**9, "seconds"),
        (LAST_NS // 10**9 - 1, "seconds"),
        (LAST_NS // 10**9, ""),
        (FIRST_NS, ""),
    ],
)
def test_a_unit_is_told_by_its_century(start: int, unit: str) -> None:
    """From 2000 to the end of 2099 in that unit."""
    found = list(wrong_units(snapshot(line(span("x", start=start, end=start + 1)))))
    assert [each.unit for each in found] == ([unit] if unit else [])
    assert [each.rows.tolist() for each in found] == ([[0]] if unit else [])


@pytest.mark.parametrize(
    ("gap", "after", "expected"),
    [
        pytest.param(10 * S, 1, 1, id="ten seconds are no gap"),
        pytest.param(10 * S + 1, 1, 2, id="more than ten seconds are one"),
        pytest.param(20 * S, 20 * S, 1, id="as long as what lies after it"),
        pytest.param(20 * S + 1, 20 * S, 2, id="longer than what lies after it"),
    ],
)
def test_a_gap_parts_what_lies_far_apart(gap: int, after: int, expected: int) -> None:
    """More than ten seconds, and more than all that comes after it took."""
    second = T0 + S + gap
    found = study(
        snapshot(line(span("a", start=T0, end=T0 + S), span("b", start=second, end=second + after))), T0
    )
    assert len(list(stretches(found.snapshot, found.tree, found.times))) == expected


@pytest.mark.parametrize(
    ("gap", "traces", "runs"),
    [
        pytest.param(HOUR, "aa", 1, id="one trace, an hour"),
        pytest.param(HOUR + 1, "aa", 2, id="one trace, more than an hour"),
        pytest.param(10 * S, "ab", 1, id="two traces, ten seconds"),
        pytest.param(10 * S + 1, "ab", 2, id="two traces, more than ten seconds"),
    ],
)
def test_what_is_one_run(gap: int, traces: str, runs: int) -> None:
    """Suites of one trace up to an hour apart, those of several in one file up to ten seconds."""
    suite, end = {"tracetui.span.role": "suite"}, T0 + S
    first = span("s", suite, start=T0, end=end, trace=traces[0] * 32)
    second = span("s", suite, start=end + gap, end=end + gap + S, trace=traces[1] * 32)
    test = case("t", start=end + gap, end=end + gap + S, trace=traces[1] * 32, parent=second)
    assert len(study(snapshot(line(first, second, test)), end + gap + S).runs) == runs


@pytest.mark.parametrize(
    ("took", "overlap", "lanes"),
    [
        pytest.param(50 * MS, MS, 1, id="a millisecond"),
        pytest.param(50 * MS, MS + 1, 2, id="more than a millisecond"),
        pytest.param(1000 * MS, 10 * MS, 1, id="a hundredth"),
        pytest.param(1000 * MS, 10 * MS + 1, 2, id="more than a hundredth"),
        pytest.param(100 * MS, MS, 1, id="both"),
        pytest.param(100 * MS, MS + 1, 2, id="more than both"),
    ],
)
def test_blocks_may_overlap_a_little(took: int, overlap: int, lanes: int) -> None:
    """By a millisecond or by a hundredth of the later one they are still one worker's."""
    start = np.array([T0, T0 + 3000 * MS - overlap])
    end = np.array([T0 + 3000 * MS, T0 + 3000 * MS - overlap + took])
    assert len(set(packed(start, end, 9).tolist())) == lanes
    assert packed(start, end, 1).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("second", "shifted"), [(200, [0, 0]), (201, [0, 201]), (0, [0, 0])], ids=["twice", "more", "at once"]
)
def test_shards_on_one_axis(second: int, shifted: list[int]) -> None:
    """Up to twice the longest of them apart they share one."""
    assert shifts([0, second], [100, second + 100]) == shifted
    assert shifts([], []) == []
