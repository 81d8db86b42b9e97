"""How the left column of the overview is divided."""

from hypothesis import given
from hypothesis import strategies as st

from tracetui.ui.overview.panel_layout import LEAST_CHART, Division, Wanted, divided

lines = st.integers(0, 40)
wants = st.builds(Wanted, st.integers(4, 60), st.integers(1, 7), st.integers(1, 30), lines, lines)


@given(st.integers(0, 120), wants, st.integers(0, 1))
def test_nothing_is_cut_off(room: int, wanted: Wanted, gap: int) -> None:
    """All panels with their gaps fit, but for the last gap, and none is larger than it wants to be."""
    given_lines = divided(room, wanted, gap)
    shown = [height for height in given_lines if height]
    assert not shown or wanted.above + sum(shown) + gap * len(shown) <= room
    assert given_lines.spent <= max(wanted.spent, wanted.least_spent)
    assert given_lines.runs <= wanted.runs
    assert given_lines.durations in (0, wanted.durations)


@given(st.integers(0, 120), wants)
def test_costs_come_first(room: int, wanted: Wanted) -> None:
    """There are costs, or two lines below all panels: nothing else without them, nor a chart of few lines."""
    given_lines = divided(room, wanted)
    assert (given_lines == Division()) == (not given_lines.spent)
    assert not given_lines.chart or given_lines.chart >= LEAST_CHART


def test_runs_before_names() -> None:
    """With little room, earlier runs are worth more than the names behind a cost."""
    assert divided(40, Wanted(8, 6, 20, 4, 6)) == Division(spent=19, chart=6, runs=4, durations=0)
    assert divided(27, Wanted(8, 6, 20, 4, 6)) == Division(spent=6, chart=6, runs=4, durations=0)


def test_names_where_a_chart_does_not_fit() -> None:
    """The room that is too little for a chart is not left empty."""
    assert divided(36, Wanted(24, 6, 20, 0, 6)) == Division(spent=11)
