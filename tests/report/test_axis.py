"""Axes of pages: which roots share one, its ticks, and bars by shapes alone."""

import pytest

from tests.builders import T0, S, line, snapshot, span
from tracetui.analysis.study.findings import study
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.axis import drawn, ruler, windows
from tracetui.report.drawing.bars import bar
from tracetui.report.drawing.style import BAD


def _windows(*times: tuple[int, int]) -> list[Window]:
    """The axes of roots that run from and to so many seconds."""
    roots = [span(f"r{n}", start=T0 + a * S, end=T0 + b * S) for n, (a, b) in enumerate(times)]
    findings = study(snapshot(line(*roots)), T0)
    axes = windows(findings)
    return [axes[row] for row in range(len(roots))]


def test_roots_near_each_other_share_an_axis() -> None:
    """Runs one after the other, with gaps no longer than what follows, are one stretch of time."""
    assert set(_windows((0, 60), (90, 150), (155, 160))) == {Window(T0, T0 + 160 * S)}


def test_a_long_gap_begins_another_axis() -> None:
    """A run of long ago has an axis of its own, each as long as what is on it."""
    old, new = _windows((0, 60), (5000, 5060))
    assert (old, new) == (Window(T0, T0 + 60 * S), Window(T0 + 5000 * S, T0 + 5060 * S))


def test_a_span_of_1970_squeezes_nothing() -> None:
    """A root without a sensible time is alone on its axis."""
    _, new = _windows((-T0 // S, -T0 // S + 1), (0, 60))
    assert new == Window(T0, T0 + 60 * S)


@pytest.mark.parametrize("cells", [1, 7, 12, 60, 200])
@pytest.mark.parametrize("seconds", [0, 1, 17, 4000])
def test_a_ruler_is_as_wide_as_its_axis(cells: int, seconds: int) -> None:
    """Labels stand where their time is, none cut off, none over another."""
    text = ruler(Window(T0, T0 + seconds * S), cells)
    assert len(text) == cells
    assert text.isascii()


def test_shapes_say_where_a_bar_begins() -> None:
    """Without colours, a cell filled from the right looks like one; with them, it is painted in reverse."""
    window = Window(0, 80)
    for start in range(80):
        plain = drawn(start, 80, window, 10, None)
        painted = drawn(start, 80, window, 10, BAD)
        assert len(plain[0].text) == len(painted[0].text) == start // 8
        assert sum(len(piece.text) for piece in plain) == sum(len(piece.text) for piece in painted) == 10
        assert not set("▏▎▍▌▋▊▉") & set("".join(piece.text for piece in plain))
    assert any(piece.reverse for piece in bar(4, 80, window, 10).pieces)


def test_what_is_not_on_the_axis_has_no_bar() -> None:
    """A span that ended before the axis begins leaves its row empty."""
    assert drawn(0, 10, Window(20, 30), 10, None) == []
