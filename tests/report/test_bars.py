"""The geometry of bars: cells are filled from the right eighth to the right eighth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MS
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.bars import EIGHTHS, Bar, Piece, bar, root_bar, share_bar

windows = st.builds(
    lambda start, length: Window(start, start + length), st.integers(0, 10**6), st.integers(1, 10**6)
)
times = st.integers(0, 3 * 10**6)


@st.composite
def seen(draw: st.DrawFn) -> tuple[int, int, Window]:
    """When a span starts and ends that a window shows some of, and the window."""
    window = draw(windows)
    start = draw(st.integers(0, window.end_ns))
    return start, draw(st.integers(max(start, window.start_ns), 3 * 10**6)), window


def eighths(drawn: Bar) -> tuple[int, int]:
    """From which to which eighth, counted from the window's left edge, a bar is filled."""
    begin, end = 8 * drawn.left, 8 * drawn.left
    for place, piece in enumerate(drawn.pieces):
        fill = EIGHTHS.index(piece.text[-1])
        if piece.reverse:
            assert place == 0
            assert len(piece.text) == 1
            begin += fill
            end += 8
        else:
            end += 8 * (len(piece.text) - 1) + fill
            assert set(piece.text[:-1]) <= {"█"}
            assert fill == 8 or place == len(drawn.pieces) - 1
    return begin, end


@given(seen(), st.integers(1, 300))
def test_a_bar_covers_its_time_to_an_eighth_of_a_cell(span: tuple[int, int, Window], cells: int) -> None:
    """What is drawn holds the span's part of the window, and no full eighth more."""
    start, end, window = span
    begin, until = eighths(bar(start, end, window, cells))
    left = max(0, start - window.start_ns) * 8 * cells
    right = min(window.length, end - window.start_ns) * 8 * cells
    within_one_cell = begin // 8 == (until - 1) // 8
    assert until * window.length >= right or within_one_cell
    assert (until - 1) * window.length < max(right, left + window.length) or within_one_cell
    assert begin * window.length <= left
    assert (begin + 1) * window.length > left or until == 8 * cells or within_one_cell


@given(times, times, windows, st.integers(0, 300))
def test_a_bar_stays_within_its_cells(one: int, other: int, window: Window, cells: int) -> None:
    """No bar is wider than the window, and what touches it is at least an eighth wide."""
    start, end = sorted((one, other))
    drawn = bar(start, end, window, cells)
    visible = bool(cells) and end >= window.start_ns and start <= window.end_ns
    assert bool(drawn.pieces) == visible
    assert drawn.left + drawn.width <= cells
    assert "".join(piece.text for piece in drawn.pieces).count(" ") == 0


@given(seen(), times, st.integers(1, 300))
def test_later_is_never_further_left(span: tuple[int, int, Window], longer_ns: int, cells: int) -> None:
    """A span that ends later ends no further left: a running bar only grows."""
    start, first, window = span
    second = first + longer_ns
    assert eighths(bar(start, first, window, cells))[1] <= eighths(bar(start, second, window, cells))[1]


def test_bars_by_example() -> None:
    """Whole cells, a part of one, parts at both ends, and nothing outside."""
    window = Window(0, 80)
    assert bar(0, 80, window, 10) == Bar(0, (Piece("█" * 10),))
    assert bar(8, 12, window, 10) == Bar(1, (Piece("▌"),))
    assert bar(12, 28, window, 10) == Bar(1, (Piece("▌", reverse=True), Piece("█"), Piece("▌")))
    assert bar(12, 16, window, 10) == Bar(1, (Piece("▌", reverse=True),))
    assert bar(3, 3, window, 10) == Bar(0, (Piece("▏"),))
    assert bar(80, 90, window, 10) == Bar(9, (Piece("▉", reverse=True),))
    assert bar(81, 90, window, 10) == bar(-9, -1, window, 10) == Bar(0, ())


@given(windows, st.floats(0.01, 100), st.floats(0, 1))
def test_zooming_keeps_the_middle_in_its_place(window: Window, factor: float, place: float) -> None:
    """The time that is zoomed around stays where it is on the screen."""
    around = window.start_ns + int(window.length * place)
    zoomed = window.zoomed(factor, around)
    assert zoomed.length >= 100
    share = (around - window.start_ns) / window.length
    assert abs((around - zoomed.start_ns) - zoomed.length * share) <= 1
    assert abs(zoomed.length - max(100, window.length * factor)) <= 1


def test_moving_keeps_the_length() -> None:
    """A pan by half a window is half a window later."""
    assert Window(MS, 3 * MS).moved(0.5) == Window(2 * MS, 4 * MS)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 200))
def test_a_share_is_as_long_as_it_is_large(value: int, most: int, cells: int) -> None:
    """To an eighth of a cell, never longer than there is room, and as wide as that."""
    drawn = share_bar(value, most, cells)
    filled = sum(EIGHTHS.index(cell) for cell in drawn)
    assert len(drawn) == cells
    assert filled == min(8 * cells, 8 * cells * value // max(1, most))


@pytest.mark.parametrize(
    ("value", "cells"), [(0, 0), (1, 0.2), (100, 2), (2_500, 10), (10_000, 20), (1 << 62, 20)]
)
def test_one_that_is_much_longer_flattens_no_other(value: int, cells: float) -> None:
    """A hundredth is a tenth of the bar; what is not nothing is at least an eighth of a cell."""
    drawn = root_bar(value, max(value, 10_000), 20) if value else root_bar(value, 10_000, 20)
    assert len(drawn) == 20
    filled = sum(EIGHTHS.index(each) for each in drawn) / 8
    assert abs(filled - cells) <= 0.125
