"""The lanes as a page."""

from pathlib import Path

from tests.builders import T0, line, small_run, snapshot, span
from tests.jscore import write
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load
from tracetui.report.lanes import page, strips, value
from tracetui.text import Safe, width


def text(found: Findings, cells: int) -> list[str]:
    """The lines of the page."""
    every = found.lanes_of(None)
    drawn = page(value(found, every), strips(found, every), cells)
    return ["".join(segment.text for segment in row) for row in drawn]


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


def test_standing_still_is_said_and_not_called_busy(tmp_path: Path) -> None:
    """Who waited for an archiver was not busy; the line below says when, how long and for what."""
    rows = text(study(load([str(write(tmp_path))]).table.snapshot(), 2 * T0), 120)
    assert [row.split()[2] for row in rows[1:5]] == ["73.6%", "99.5%", "73.7%", "73.7%"]
    assert ["┄" in row for row in rows[1:5]] == [True, False, True, True]
    told = "2m29s .. 6m30s, while job1 archived jstests/core/timeseries_computed_field.js"
    assert f"■ all 4 lanes were stalled for 4m01s: {told}; 12m03s of lane time" in rows
