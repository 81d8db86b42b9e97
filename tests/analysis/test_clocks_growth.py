"""Clocks that are right are known to be so from what has changed, as from the whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.forests import ODD, Batches, looked_at, processes
from tracetui.analysis import clocks_growth
from tracetui.analysis.clocks_growth import Trust
from tracetui.analysis.skew_growth import Disorder

gone = st.integers(-1, 6)


@settings(max_examples=200, deadline=None)
@given(processes(ODD), gone, st.sampled_from((1, 4096)))
def test_what_is_trusted_is_right(batches: Batches, gone: int, large: int) -> None:
    """Whatever comes, of any process, in any order: where nothing is said to be wrong, nothing is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocks_growth, "LARGE", large)
        trust = Trust()
        for step, whole, _ in looked_at(batches, gone):
            if step and trust.holds(step, whole.tree, whole.now_ns):
                assert whole.clocks is None


@settings(max_examples=200, deadline=None)
@given(processes(), gone)
def test_what_is_out_of_order_is_followed(batches: Batches, gone: int) -> None:
    """By parents that end, writers that are heard of, spans that find their parents or their processes."""
    followed: Disorder | None = None
    for step, whole, _ in looked_at(batches, gone):
        found = Disorder(whole.written, whole.tree)
        if step and followed:
            assert followed.follow(step, whole.tree)
            np.testing.assert_array_equal(followed.counts, found.counts)
            np.testing.assert_array_equal(followed.out, found.out)
        followed = found if step is None else followed or found


@settings(max_examples=200, deadline=None)
@given(processes())
def test_of_ordinary_times_all_is_known(batches: Batches) -> None:
    """Nothing that comes of a run under way has all looked at, unless a clock may be off."""
    trust = Trust()
    for step, whole, _ in looked_at(batches):
        if step and step.last.clocks is None:
            is_settled = Disorder(whole.written, whole.tree).is_settled
            assert trust.holds(step, whole.tree, whole.now_ns) == is_settled
