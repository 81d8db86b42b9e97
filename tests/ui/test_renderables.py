"""Drawing as plain functions: whatever the values, a row has its width and a header its losses."""

import json
from itertools import pairwise

import pytest
from rich.cells import cell_len
from textual.content import Content

from tests.budgets import some
from tests.builders import (
    HOSTILE_NAMES,
    MS,
    T0,
    Json,
    S,
    case,
    document,
    exception,
    line,
    small_run,
    snapshot,
    span,
)
from tests.ui.hostile import CORPUS
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.waterfall.arrangement import View, arrange
from tracetui.analysis.waterfall.sibling_groups import Grouper
from tracetui.formats.detail import decode_span
from tracetui.report.drawing.palettes import PALETTES
from tracetui.ui.detail.draw_detail import MOST_LINES, Subject, detail_lines
from tracetui.ui.detail.draw_detail_line import MOST_ATTRIBUTES
from tracetui.ui.failures.draw_stack import stack_lines
from tracetui.ui.feed.reading import Reading
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_axis import axis_text
from tracetui.ui.waterfall.draw_frame import Frame
from tracetui.ui.waterfall.draw_span_row import node_row
from tracetui.ui.waterfall.draw_summary import summary_content

WIDTHS = some(range(40, 261), 3)
NAMES = (*HOSTILE_NAMES, *CORPUS, "", "x" * 9999, "日本語" * 99)
PAINT = Paint(PALETTES[0].colours)


@pytest.fixture(scope="module")
def hostile() -> Findings:
    """A test with each of the names, one below the other, thirty levels deep, the last one running."""
    spans: list[Json] = []
    for place, name in enumerate(NAMES):
        parent = spans[-1] if spans and place < 30 else None
        spans.append(case(name, "failed", start=T0 + place, end=T0 + place * S, parent=parent))
    return study(snapshot(b"".join(map(line, spans)), small_run()), T0 + 100 * S)


def reading(findings: Findings, *, busy: bool = False) -> Reading:
    """As it comes to the screen."""
    return Reading(findings, 1_000_000, 3_000_000, busy)


def test_span_rows_have_their_width(hostile: Findings) -> None:
    """A row of the waterfall is exactly as wide as its frame, for any width, name, depth and window."""
    view = View(chosen=dict.fromkeys(range(len(hostile.snapshot)), False))
    arranged = arrange(hostile, view, Grouper(), settled=True)
    for width in WIDTHS:
        for window in (Window(T0, T0 + 20 * S), Window(T0 - S, T0 - MS), Window(T0 + S, T0 + S)):
            frame = Frame(arranged, arranged.outline, window, T0 + 100 * S, width, PAINT)
            for index in range(0, len(arranged.outline), 1 + width % 3):
                strip = node_row(frame, index, selected=index == width)
                assert cell_len(strip.text) == strip.cell_length == width


def test_axis_has_its_width() -> None:
    """The axis has exactly its cells, for any width and window."""
    for cells in range(261):
        for length in (1, 100, 12_345, S, 61 * S, 3600 * S, 10**17):
            for start in (T0, T0 - 5 * S, T0 + 10**12):
                text = axis_text(Window(start, start + length), T0, cells)
                assert len(text) == cells
                assert text.isprintable()


def test_axis_ticks_stand_where_they_say() -> None:
    """Each tick stands in the cell of its time."""
    text = axis_text(Window(T0 - S, T0 + 9 * S), T0, 100)
    assert text.index("╵0s") == 10
    assert text.index("╵5s") == 60


def test_axis_labels_do_not_touch() -> None:
    """Between two labels there is a blank, at any width."""
    for cells in range(10, 261):
        for start in (T0, T0 + 123 * S, T0 - 3601 * S):
            text = axis_text(Window(start, start + 97 * S), T0, cells).strip()
            assert all(before == " " for before, tick in pairwise(text) if tick == "╵")


def content_of(made: Json, cells: int) -> Content:
    """A span from a file as the detail pane shows it."""
    recorded = json.dumps(document(made)).encode() + b"\n"
    told = snapshot(recorded)
    start = int(told.offset[0])
    data = recorded[start : start + int(told.length[0])]
    made_again = decode_span(data, told.origin(0).resource, told.origin(0).scope)
    lines = detail_lines(Subject(made_again), cells, whole=True)
    return Content("\n").join([line.content for line in lines])


def test_detail_of_many_attributes() -> None:
    """Of a hundred thousand attributes a thousand are shown, and how many more there are."""
    content = content_of(span("many", {f"key {number}": number for number in range(100_000)}), 100).plain
    assert f"… {100_000 - MOST_ATTRIBUTES} more attributes" in content
    assert "key 999 " in content
    assert "key 1000 " not in content


@pytest.mark.parametrize(
    "made",
    [
        span("huge", {"text": "x" * 10_000_000}),
        span("lines", {"text": "x\n" * 1_000_000}),
        span("list", {"values": list(range(100_000))}),
        span("bytes", {"core": b"\0" * 1_000_000}),
        span("stack", events=[exception(stacktrace="line\n" * 1_000_000)]),
        span("events", events=[exception()] * 10_000),
        span("key", {"k" * 1_000_000: 1}),
        span("message", message="m" * 10_000_000, status=2),
    ],
    ids=lambda made: made["name"],
)
def test_detail_is_bounded(made: Json) -> None:
    """However large a span is, the pane has some thousand lines at most, each as wide as it is at most."""
    lines = content_of(made, 80).plain.split("\n")
    assert len(lines) <= 2 * MOST_LINES
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("cells", [2, 10, 40, 80, 200])
def test_detail_lines_fit(cells: int) -> None:
    """No line of a hostile span is wider than the pane, but for the least that a pane has."""
    told = {name: [name, {name: name}] for name in NAMES}
    made = span(
        "x", told, events=[exception(name, name, stacktrace=name) for name in NAMES], message=NAMES[0]
    )
    for each in content_of(made, cells).plain.split("\n"):
        assert cell_len(each) <= max(cells, 60)


def test_summary_of_a_running_span() -> None:
    """The own time of a running test goes on after the findings were made; a finished one's stands still."""
    findings = study(snapshot(small_run()), T0 + 2 * S)
    running = findings.running[0].row
    assert "own 1.47s" in summary_content(findings, running, T0 + 2 * S).plain
    assert "own 11.5s" in summary_content(findings, running, T0 + 12 * S).plain


def test_a_stack_of_nothing_but_libraries_is_shown() -> None:
    """Library frames are folded beside the reader's own; where there are none of these, nothing is hidden."""
    frames = (
        'File "/v/site-packages/demo/test_a.py", line 1, in a\nFile "/v/site-packages/b.py", line 2, in b'
    )
    told = [each.plain for each in stack_lines(f"Traceback (most recent call last):\n{frames}", 80)]
    assert told[1:] == ["  /v/site-packages/demo/test_a.py:1  a", "  /v/site-packages/b.py:2  b"]
    told = [each.plain for each in stack_lines(f'File "test_b.py", line 3, in c\n{frames}', 80)]
    assert told == ["  test_b.py:3  c", "  … 2 library frames"]
