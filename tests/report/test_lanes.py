"""The lanes as a page."""

from tests.builders import T0, line, small_run, snapshot, span
from tracetui.analysis.findings import Findings, study
from tracetui.analysis.lanes import lanes
from tracetui.report.lanes import page
from tracetui.text import Safe, width


def text(found: Findings, cells: int) -> list[str]:
    """The lines of the page."""
    every = lanes(found.snapshot, found.tree, found.times)
    return ["".join(segment.text for segment in row) for row in page(every, cells)]


def test_a_line_per_lane_as_wide_as_asked_for() -> None:
    """Titles, a line per worker on the same axis, and the sums."""
    found = study(snapshot(small_run()), T0 + 10**9)
    for cells in (80, 120, 200):
        rows = text(found, cells)
        assert [row.split()[0] for row in rows[:3]] == ["lane", "gw0", "gw1"]
        assert {width(Safe(row)) for row in rows[:3]} == {cells}
        assert rows[-1].startswith("wall ")


def test_nothing_to_show_is_said() -> None:
    """A recording without work has no lanes."""
    (row,) = text(study(snapshot(line(span("GET /"))), T0), 80)
    assert "no lanes" in row
