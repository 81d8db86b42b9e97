"""Nanoseconds and counts as people read them."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui import units
from tracetui.units import DAY, HOUR, MAX_NS, MINUTE, MS, US, S

WORTH = {"ns": 1, "us": US, "ms": MS, "s": S, "m": MINUTE, "h": HOUR, "d": DAY}
durations = st.integers(0, MAX_NS) | st.integers(0, 62).flatmap(lambda bits: st.integers(0, 2**bits))


def worth(text: str) -> float:
    """A duration's text back to ns."""
    parts = re.findall(r"([0-9.]+)([a-z]+)", text)
    assert "".join(number + unit for number, unit in parts) == text
    return sum(float(number) * WORTH[unit] for number, unit in parts)


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0"),
        (1, "1ns"),
        (850, "850ns"),
        (999, "999ns"),
        (1000, "1.0us"),
        (12_340, "12.3us"),
        (999_499, "999us"),
        (999_500, "1.0ms"),
        (4 * MS, "4.0ms"),
        (810 * MS, "810ms"),
        (999_500_000, "1.00s"),
        (9_994 * MS, "9.99s"),
        (9_995 * MS, "10.0s"),
        (12_300 * MS, "12.3s"),
        (59_949 * MS, "59.9s"),
        (59_950 * MS, "1m00s"),
        (241 * S, "4m01s"),
        (3599 * S + 500 * MS, "1h00m"),
        (2 * HOUR + 5 * MINUTE, "2h05m"),
        (23 * HOUR + 59 * MINUTE + 30 * S, "1d00h"),
        (3 * DAY + 4 * HOUR, "3d04h"),
        (-5 * MS, "-5.0ms"),
    ],
)
def test_durations_by_example(ns: int, text: str) -> None:
    """As people say it, and right at every border between units."""
    assert units.duration(ns) == text


@given(durations.filter(bool))
def test_a_duration_read_back_is_nearly_itself(ns: int) -> None:
    """No more is lost than the digits that are not shown: at most one part in twenty."""
    assert worth(units.duration(ns)) == pytest.approx(ns, rel=0.05)


@given(durations, durations)
def test_durations_never_change_order(one: int, other: int) -> None:
    """What is longer never reads as shorter."""
    shorter, longer = sorted((one, other))
    if shorter:
        assert worth(units.duration(shorter)) <= worth(units.duration(longer))


@given(st.integers(0, 1000 * DAY - HOUR))
def test_durations_are_narrow(ns: int) -> None:
    """Up to a thousand days they are ASCII of at most 7 cells."""
    text = units.duration(ns)
    assert text.isascii()
    assert len(text) <= 7


def test_moments_are_in_utc() -> None:
    """Times of day and dates, to the millisecond."""
    moment = int(datetime(2026, 11, 22, 16, 2, 11, tzinfo=UTC).timestamp()) * S + 402 * MS
    assert units.wall_clock(moment) == "16:02:11.402"
    assert units.timestamp(moment) == "2026-11-22 16:02:11.402"


@given(st.integers(-(2**80), 2**80))
def test_no_moment_is_too_far(ns: int) -> None:
    """A time that no calendar holds is shown as what it is."""
    text = units.timestamp(ns)
    assert text == f"{ns}ns" or re.fullmatch(r"[0-9]{1,4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3}", text)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (12844, "12 844"), (10**9, "1 000 000 000")]
)
def test_counts_are_grouped(number: int, text: str) -> None:
    """Groups of three, set apart."""
    assert units.count(number).replace("\u2009", " ").replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (512, "512 B"),
        (1_400_000, "1.4 MB"),
        (999_499, "999.5 kB"),
        (999_500, "1.0 MB"),
        (3 * 10**9, "3.0 GB"),
        (5 * 10**12, "5.0 TB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_sizes_are_in_powers_of_ten(number: int, text: str) -> None:
    """Bytes as file managers count them."""
    assert units.size(number) == text


def test_shares_are_percentages() -> None:
    """One digit after the point."""
    assert [units.share(part) for part in (0, 0.1374, 1)] == ["0.0%", "13.7%", "100.0%"]


@given(st.integers(0, MAX_NS), st.integers(1, 200))
def test_an_axis_step_is_the_smallest_that_is_few_enough(span_ns: int, most: int) -> None:
    """It cuts the axis into no more intervals than asked for, and not into far fewer."""
    step = units.axis_step(span_ns, most)
    assert step * most >= span_ns
    if step > 1:
        assert step / 2.5 * most <= span_ns or step <= 2


@given(st.integers(-(2**62), 2**62), st.integers(0, 2**40), st.integers(1, 100))
def test_ticks_stand_on_the_axis(start: int, length: int, most: int) -> None:
    """Within the range, a step apart, at multiples of the step, as many as asked for and at most one more."""
    ticks = list(units.ticks(start, start + length, most))
    step = units.axis_step(length, most)
    assert all(start <= at <= start + length and at % step == 0 for at in ticks)
    assert all(later - at == step for at, later in pairwise(ticks))
    assert len(ticks) <= most + 1
    assert not ticks or (ticks[0] - step < start and ticks[-1] + step > start + length)


@given(st.integers(0, 2**50), st.integers(0, 2**50), st.integers(1, 60))
def test_neighbouring_ticks_are_told_apart(start: int, length: int, most: int) -> None:
    """Far from the origin too, each tick has a label of its own that means what it says."""
    step = units.axis_step(length, most)
    ticks = list(units.ticks(start, start + length, most))
    labels = [units.tick(at, step) for at in ticks]
    assert len(set(labels)) == len(labels)
    for at, label in zip(ticks, labels, strict=True):
        assert label in ("0", "0s") if at == 0 else worth(label) == pytest.approx(at, rel=1e-9)


@pytest.mark.parametrize(
    ("ns", "step", "label"),
    [
        (0, S, "0s"),
        (0, US, "0"),
        (500 * MS, 500 * MS, "500ms"),
        (1500 * MS, 500 * MS, "1.5s"),
        (90 * S, 30 * S, "1m30s"),
        (120 * S, 30 * S, "2m"),
        (2 * HOUR, HOUR, "2h00m"),
        (HOUR + 5 * S, 5 * S, "1h00m05s"),
        (DAY, HOUR, "1d00h"),
        (DAY + 10 * MINUTE, 10 * MINUTE, "1d00h10m"),
        (-20 * S, 10 * S, "-20s"),
    ],
)
def test_ticks_by_example(ns: int, step: int, label: str) -> None:
    """Only as precise as the step."""
    assert units.tick(ns, step) == label


@pytest.mark.parametrize(
    ("ns", "step", "label"),
    [
        (57_721 * units.S, units.MINUTE, "16:02"),
        (57_721 * units.S, units.S, "16:02:01"),
        (57_721 * units.S + 402 * units.MS, 100 * units.MS, "16:02:01.402"),
        (57_721 * units.S + 402 * units.US, 100 * units.US, "16:02:01.000402"),
        (57_721 * units.S + 7, 1, "16:02:01.000000007"),
        (2 * units.DAY, units.HOUR, "01-03"),
        (units.MAX_NS * 99, units.DAY, f"{units.MAX_NS * 99}ns"),
    ],
)
def test_clock_ticks(ns: int, step: int, label: str) -> None:
    """The time of day, as precise as the step; at midnight the day."""
    assert units.clock_tick(ns, step) == label


def test_seconds_are_counted_whole() -> None:
    """What is counted second by second has no fractions."""
    told = [units.seconds(ns) for ns in (-1, 0, 999 * units.MS, 3 * units.S, 59_900 * units.MS, 65 * units.S)]
    assert told == ["0s", "0s", "0s", "3s", "59s", "1m05s"]


@pytest.mark.parametrize(
    ("ns", "whole", "said"),
    [
        (0, 10, "0"),
        (3, 2 * units.S, "~0"),
        (199_999, 2 * units.S, "~0"),
        (200_000, 2 * units.S, "200us"),
        (3, 0, "3ns"),
    ],
)
def test_a_part_that_means_nothing(ns: int, whole: int, said: str) -> None:
    """Below a ten-thousandth of the whole nobody wants to know how much it is."""
    assert units.duration_within(ns, whole) == said


def test_counts_and_nouns_agree() -> None:
    """One is one, and none are many."""
    assert [units.many(number, "span") for number in (0, 1, 2, 12844)] == [
        "0 spans",
        "1 span",
        "2 spans",
        f"{units.count(12844)} spans",
    ]
    assert units.many(2, "process", "processes") == "2 processes"
