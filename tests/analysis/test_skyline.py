"""The whole run at a glance, the slow tests in it, and bars outside their parents."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MS, T0, case, line, snapshot
from tracetui.analysis.history.slow import FACTOR, MOST, slow_tests
from tracetui.analysis.study.findings import study
from tracetui.analysis.timeline.concurrency import EMPTY, STEPS, skyline
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.bars import Bar, Piece, bar, bar_within


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50), st.booleans()), min_size=1, max_size=9))
def test_heights_are_how_many_ran_at_once(tests: list[tuple[int, int, bool]]) -> None:
    """On average over each interval; and a failed test is where it ended."""
    read = snapshot(
        line(
            *(
                case(f"t::{place}", "failed" if bad else "passed", start=T0 + at, end=T0 + at + took)
                for place, (at, took, bad) in enumerate(tests)
            )
        )
    )
    found = skyline(read, study(read, T0).times, np.ones(len(read), np.bool_))
    edges = T0 + np.arange(0, 111, 10, dtype=np.int64)
    for place, height in enumerate(found.heights(edges).tolist()):
        first, last = 10 * place, 10 * place + 10
        work = sum(max(0, min(at + took, last) - max(at, first)) for at, took, _ in tests)
        assert abs(height - work / 10) < 1e-6
    ends = [at + took for at, took, bad in tests if bad]
    assert found.failures(edges).tolist() == [
        any(10 * place <= end < 10 * place + 10 for end in ends) for place in range(11)
    ]


def test_the_skyline_of_nothing() -> None:
    """It is flat, and has a step for every other."""
    assert EMPTY.heights(np.arange(5)).tolist() == [0.0] * 4
    assert STEPS > 500


def test_slow_tests_are_few_and_slow() -> None:
    """No more than so many, each several times what is usual."""
    usual = [case(f"t::{number}", start=T0, end=T0 + MS) for number in range(100)]
    slow = [case(f"t::slow{number}", start=T0, end=T0 + (10 + number) * MS) for number in range(MOST + 3)]
    read = snapshot(line(*usual, *slow, case("t::near", start=T0, end=T0 + FACTOR * MS)))
    found = slow_tests(study(read, T0), np.ones(len(read), np.bool_)).rows
    assert sorted(read.title(int(row)) for row in found) == sorted(f"t::slow{n}" for n in range(3, MOST + 3))


def test_a_bar_outside_its_parent_is_thin() -> None:
    """Before the parent began, after it ended, and wholly outside; inside it is any bar."""
    window = Window(0, 100)
    assert bar_within(20, 60, Window(0, 100), window, 10) == bar(20, 60, window, 10)
    assert bar_within(20, 60, None, window, 10) == bar(20, 60, window, 10)
    thin, thick = Piece("──"), Piece("██")
    assert bar_within(20, 60, Window(40, 60), window, 10) == Bar(2, (thin, thick))
    assert bar_within(20, 60, Window(0, 40), window, 10) == Bar(2, (thick, thin))
    assert bar_within(20, 60, Window(70, 90), window, 10) == Bar(2, (Piece("────"),))


@given(st.integers(1, 10**18), st.integers(1, 300))
def test_edges_are_where_cells_begin(length: int, cells: int) -> None:
    """From the start of the window to its end, and each moment lies in its cell."""
    window = Window(T0, T0 + length)
    edges = window.edges(cells)
    assert (edges[0], edges[-1], len(edges)) == (T0, T0 + length, cells + 1)
    assert (np.diff(edges) >= 0).all()
    assert 0 <= window.cell(T0 + length - 1, cells) < cells
