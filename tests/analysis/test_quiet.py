"""Stretches in which nothing happened, found without a sort, and from a few moments to the next few."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import S
from tracetui.analysis.stalls.quiet import Gap, quiet

MOST = 5


def slow(moments: list[int]) -> list[tuple[int, int]]:
    """By what is said of them: all gaps, in order, their median, and how long all is."""
    events = sorted(set(moments))
    gaps = list(pairwise(events))
    if not gaps:
        return []
    usual = int(np.median([end - begin for begin, end in gaps]))
    least = max(3 * S, int((events[-1] - events[0]) * 0.02), 10 * usual)
    longest = sorted(gaps, key=lambda gap: gap[0] - gap[1])[:MOST]
    return [gap for gap in longest if gap[1] - gap[0] >= least]


@st.composite
def moments(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Tests that began and ended one after the other, with waits of any length, told in about that order."""
    units = draw(st.sampled_from((1, S // 1000, S, 60 * S)))
    waits = draw(st.lists(st.integers(0, 90), max_size=90))
    waits += draw(st.lists(st.integers(0, 1), max_size=200))
    at = np.cumsum(draw(st.permutations(waits))) * units
    begins = [int(each) for each in at] or [7]
    begins = draw(st.permutations(begins)) if draw(st.booleans()) else begins
    ends = [each + draw(st.integers(0, 2)) * units for each in begins if draw(st.integers(0, 9))]
    return begins, ends


@settings(max_examples=examples(70))
@given(moments(), st.integers(0, 100), st.booleans())
def test_the_longest_stretches(told: tuple[list[int], list[int]], known: int, has_now: bool) -> None:
    """Whatever is known before the rest comes, and how late it is."""
    begins, ends = told
    known = max(1, len(begins) * known // 100)
    found = quiet(np.array(begins[:known]), np.array(ends[:known], np.int64))
    found = found.among(begins[known:]).among(ends[known:])
    now = [max(begins + ends) + 5 * S] if has_now else []
    every = [*begins, *ends, *now]
    assert found.among(now).longest(MOST, lambda: np.array(every)) == slow(every)
    whole = quiet(np.array(begins), np.array(ends, np.int64))
    assert whole.gaps == found.gaps
    assert found.moments <= len(set(begins + ends))


@pytest.mark.parametrize("moved", [0, 4, -4])
def test_in_a_long_run_nobody_asks_for_all_moments(moved: int) -> None:
    """A pause of three minutes between 2,000 tests of a second; the last come first, or the first last."""
    begins = np.arange(2000) * S
    begins[1000:] += 180 * S
    begins = np.roll(begins, moved)

    def asked() -> np.ndarray:
        raise AssertionError

    assert quiet(begins, begins + S // 2).longest(MOST, asked) == [Gap(999 * S + S // 2, 1180 * S)]
