"""What does not count is found from what has changed, as from the whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.analysis.forests import Batches, looked_at, processes
from tests.budgets import examples
from tracetui.analysis.counting import calls as calls_module
from tracetui.analysis.counting import counting, counting_growth
from tracetui.analysis.counting.calls import Calls


@settings(max_examples=examples(20))
@given(processes(), st.integers(-1, 6), st.sampled_from((2, 64, 64)))
def test_what_counts_is_what_counts_of_all(batches: Batches, gone: int, names: int) -> None:
    """Runs inside tests and hooks, set-ups alone, ends that were lost, in any order.

    And all of it is looked at only where tests of a suite may be idle no more.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (counting, calls_module):
            patch.setattr(module, "MOST_PHASE_NAMES", names)
        calls = Calls()
        for step, whole, timed in looked_at(batches, gone):
            if step is None:
                calls.forget()
                continue
            before = step.last.uncounted
            grown = counting_growth.grown(step, timed, whole.tree, calls)
            if grown is None:
                assert before
                assert len(before.idle_tests)
            else:
                compare(grown, (whole.snapshot, whole.uncounted), "counted")
