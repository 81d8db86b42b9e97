"""How the left column of the overview is divided."""

from hypothesis import given
from hypothesis import strategies as st

from tracetui.ui.division import GAP, LEAST_CHART, Division, Wanted, divided

lines = st.integers(0, 40)
wants = st.builds(Wanted, st.integers(4, 60), st.integers(1, 7), st.integers(1, 30), lines, lines)


@given(st.integers(0, 120), wants)
def test_nothing_is_cut_off(room: int, wanted: Wanted) -> None:
    """All panels with their gaps fit, but for the last gap, and none is larger than it wants to be."""
    given_lines = divided(room, wanted)
    shown = [height for height in given_lines if height]
    assert not shown or wanted.above + sum(shown) + GAP * len(shown) <= room
    assert given_lines.spent <= max(wanted.spent, wanted.least_spent)
    assert given_lines.runs <= wanted.runs
    assert given_lines.durations in (0, wanted.durations)


@given(st.integers(0, 120), wants)
def test_costs_and_chart_come_together(room: int, wanted: Wanted) -> None:
    """There are costs with a chart, or two lines below all panels for both: never one of them."""
    given_lines = divided(room, wanted)
    assert (given_lines == Division()) == (not given_lines.spent)
    assert (given_lines.chart >= LEAST_CHART) == bool(given_lines.spent)


def test_runs_before_names() -> None:
    """With little room, earlier runs are worth more than the names behind a cost."""
    assert divided(40, Wanted(8, 6, 20, 4, 6)) == Division(spent=19, chart=6, runs=4, durations=0)
    assert divided(27, Wanted(8, 6, 20, 4, 6)) == Division(spent=6, chart=6, runs=4, durations=0)
