"""Times in every spelling that writers have, to ns since the epoch; what is no time costs no span."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui.formats.times import (
    FIRST_NS,
    LAST_NS,
    LATEST,
    NO_TIME,
    end_after,
    end_time,
    event_time,
    start_time,
    unit_hint,
)

NS, WHOLE_NS = 1_795_000_000_123_456_789, 1_795_000_000_000_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("spelled", [
    NS, str(NS), f" {NS} ", "2026-11-18T11:06:40.123456789Z", "2026-11-18 11:06:40.123456789",
    "2026-11-18T12:06:40,123456789+01:00",
])  # fmt: skip
def test_spellings_of_a_time(spelled: Any) -> None:
    """Numbers, their texts, and dates: to the nanosecond."""
    assert (start_time(spelled), end_time(spelled), event_time(spelled)) == (NS, NS, NS)


@pytest.mark.parametrize(("value", "unit", "ns"), [
    (1_795_000_000_000_000, 1000, WHOLE_NS), (1_795_000_000_000_000.5, 1000, WHOLE_NS + 500),
    ("1795000000000000", 1000, WHOLE_NS), (1.5, 10**9, 1_500_000_000), ("1.5e0", 10**9, 1_500_000_000),
    (1.79e18, 1, 1_790_000_000_000_000_000),
])  # fmt: skip
def test_other_units_and_fractions(value: Any, unit: int, ns: int) -> None:
    """Microseconds with a fraction keep it."""
    assert start_time(value, unit) == ns


@pytest.mark.parametrize("none", [None, "", 0, "0", 0.0, "0001-01-01T00:00:00Z"])
def test_no_time_is_none(none: Any) -> None:
    """An end that is not told: the span goes on."""
    assert (start_time(none), end_time(none), event_time(none)) == (0, 0, 0)


@pytest.mark.parametrize(
    "wrong", [True, [], {}, [5], {"a": 1}, "soon", float("nan"), float("inf"), "2026-13-01"]
)
def test_what_is_no_time_is_impossible(wrong: Any) -> None:
    """Before every start, so that it is seen; an event of it has none."""
    assert (start_time(wrong), end_time(wrong), event_time(wrong)) == (NO_TIME, NO_TIME, 0)


@pytest.mark.parametrize("time_ns", [NS, 2**32 - 1, 2**31, 2**32, 2**62 + 2**31])
def test_halves_of_javascript(time_ns: int) -> None:
    """`Long` writes two signed numbers of 32 bits; without one of them it is no time."""
    low, high = (half - 2**32 if half >= 2**31 else half for half in (time_ns % 2**32, time_ns >> 32))
    assert start_time({"low": low, "high": high, "unsigned": True}) == time_ns
    assert end_time({"low": low, "high": high}) == time_ns
    for wrong in ({"low": low}, {"low": str(low), "high": high}, {"low": True, "high": high}):
        assert start_time(wrong) == NO_TIME


def test_times_beyond_64_bits_are_at_their_edge() -> None:
    """Neither wraps around nor costs anything; an end before the epoch is no running span."""
    assert (start_time(2**63 - 1), start_time(2**63), start_time(-1)) == (LATEST, LATEST, 0)
    assert (end_time(2**70), end_time(-1)) == (LATEST, NO_TIME)


@pytest.mark.parametrize(("duration", "end"), [
    (5, NS + 5000), (1500.5, NS + 1_500_500), ("5", NS + 5000), (None, NS), ("", NS), (-3, NS), ("long", NS),
    ({}, NS), (True, NS), (1e300, LATEST),
])  # fmt: skip
def test_durations(duration: Any, end: int) -> None:
    """In microseconds; what is none is of no length."""
    assert end_after(NS, duration, 1000) == end


def test_what_has_a_duration_has_ended() -> None:
    """Even at the epoch."""
    assert end_after(0, None, 1000) == NO_TIME


@pytest.mark.parametrize(("start", "hint"), [
    (NS, "its start, read as nanoseconds, is 2026-"), (str(NS), "its start, read as nanoseconds, is 2026-"),
    (NS // 1000, ""), (FIRST_NS - 1, ""), (LAST_NS, ""), (2**62, ""), (None, ""), ("soon", ""), ([], ""),
])  # fmt: skip
def test_nanoseconds_in_a_field_of_microseconds(start: Any, hint: str) -> None:
    """They would be of the year 58,000: no time, and a hint; the duration stays as it is written."""
    assert unit_hint(start, 1000).startswith(hint)
    assert bool(unit_hint(start, 1000)) is bool(hint)
    assert not unit_hint(start, 1)
    if hint:
        assert start_time(start, 1000) == NO_TIME
        assert end_after(start_time(start, 1000), 2_000_000, 1000) == NO_TIME + 2_000_000_000


@given(JSON, st.sampled_from([1, 1000]))
def test_any_value_is_a_time_within_64_bits(value: Any, unit: int) -> None:
    """Never an error."""
    for read in (start_time, end_time, event_time):
        assert 0 <= read(value, unit) <= LATEST
    assert 0 < end_after(5, value, unit) <= LATEST
