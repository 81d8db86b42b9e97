"""Processor time in four bytes: exact where it is short, close where it is long, unknown where not told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MS, T0, line, snapshot, span
from tracetui.model.numbers.processor_time import CPU, UNKNOWN, cpu_ns, packed, packed_all


def through(text: str) -> int:
    return int(cpu_ns(np.array([packed(text)], np.float32))[0])


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "1" * 19, "²"])
def test_what_is_no_number_is_unknown(text: str) -> None:
    """Unknown is not zero: who tells nothing may have computed all the time."""
    assert through(text) == UNKNOWN


@given(st.integers(0, 1 << 24))
def test_short_times_are_exact(nanoseconds: int) -> None:
    """Up to 16 ms, zero included."""
    assert through(str(nanoseconds)) == nanoseconds


@given(st.integers(0, 10**18 - 1))
def test_long_times_are_close(nanoseconds: int) -> None:
    """To one part in 16 million; and many at once are what one by one they are."""
    assert abs(through(str(nanoseconds)) - nanoseconds) <= nanoseconds / (1 << 24)
    many = packed_all(np.array([nanoseconds, UNKNOWN], np.int64))
    assert cpu_ns(many).tolist() == [through(str(nanoseconds)), UNKNOWN]


def test_any_span_may_tell_it() -> None:
    """It is a column of every span, whatever its role; where none tells it, the column takes no room."""
    plain, told = span("a", end=T0 + MS), span("b", {CPU: 5000}, start=T0 + 1)
    assert cpu_ns(snapshot(line(plain, told)).cpu).tolist() == [UNKNOWN, 5000]
    assert snapshot(line(plain)).cpu.strides == (0,)
