"""One line of what is running: lane, title, phase, columns, and its bar on the axis of the rows below."""

from rich.segment import Segment
from textual.strip import Strip

from tracetui.analysis.overview.running import Running
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.text import fit, fit_middle, sanitize
from tracetui.ui.timeline.draw_bar_area import span_area
from tracetui.ui.waterfall.draw_columns import cell_text, numbers
from tracetui.ui.waterfall.draw_frame import Frame

LANE_WIDTH = 8
INNER_WIDTH = 12
WIDE_NAMES = 48


def pinned_row(frame: Frame, running: Running) -> Strip:
    """`frame.width` cells."""
    findings, row = frame.findings, running.row
    role = Role(int(findings.snapshot.role[row]))
    inner = INNER_WIDTH if frame.name_width >= WIDE_NAMES else 0
    room = frame.name_width - 3 - LANE_WIDTH - inner
    values = numbers(findings, row, frame.now_ns, frame.shown_columns)
    columns = "".join(cell_text(column, values, findings) for column in frame.shown_columns)
    quiet = frame.style("quiet", selected=False)
    lane, title = sanitize(running.lane), sanitize(findings.snapshot.title(row))
    head = [
        Segment(f" {MARKS[Outcome.RUNNING]} ", frame.style("outcome-running", selected=False, bold=True)),
        Segment(fit(lane, LANE_WIDTH - 1) + " ", frame.style("role-worker", selected=False)),
        Segment(fit_middle(title, room), frame.style(f"role-{role.label}", selected=False)),
        Segment((" " + fit(sanitize(running.inner), inner - 1))[:inner] if inner else "", quiet),
        Segment(columns + "  ", quiet),
    ]
    return Strip([*head, *span_area(frame, row, selected=False)]).adjust_cell_length(frame.width, quiet)
