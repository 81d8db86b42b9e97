"""Rows of the list of failures: a kind of failure, and each failure of that kind."""

from collections.abc import Container

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.failures.causes import Alike
from tracetui.analysis.overview.running import lane
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.text import NOTHING_SHARED, Shared, fit, fit_name, sanitize, width
from tracetui.ui.theme.themes import Paint

TIME_WIDTH = 9
LANE_WIDTH = 8
FLAKY = " flaky"
ROOMY = 90
"""From this width on, lanes have a column."""


class FailureFrame(Struct, frozen=True, eq=False):
    """What all rows of one frame share; `shared` is what their titles have in common, `flaky` names the flaky
    tests.
    """

    findings: Findings
    width: int
    paint: Paint
    shared: Shared = NOTHING_SHARED
    flaky: Container[str] = ()

    def style(self, name: str, *, selected: bool, bold: bool = False) -> Style:
        """A colour on the row's background."""
        return self.paint.style(name, "cursor-row" if selected else "background", bold=bold)


def group_row(frame: FailureFrame, alike: Alike, *, folded: bool, selected: bool) -> Strip:
    """What they have in common, and how many they are."""
    count = f"{len(alike.rows)}× " if len(alike.rows) > 1 else ""
    room = frame.width - 4 - len(count)
    return Strip(
        [
            Segment("▌" if selected else " ", frame.style("accent", selected=selected)),
            Segment("▸ " if folded else "▾ ", frame.style("quiet", selected=selected)),
            Segment(count, frame.style("foreground", selected=selected, bold=True)),
            Segment(
                fit(sanitize(alike.headline), room) + " ", frame.style("outcome-failed", selected=selected)
            ),
        ],
        frame.width,
    )


def failure_row(frame: FailureFrame, row: int, *, selected: bool) -> Strip:
    """One failure: outcome, title, lane, own time."""
    findings, snapshot = frame.findings, frame.findings.snapshot
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    word = "" if role is Role.TEST else f"{role.label} "
    lane_width = LANE_WIDTH if frame.width >= ROOMY else 0
    mark = FLAKY if role is Role.TEST and snapshot.title(row) in frame.flaky else ""
    room = frame.width - 6 - len(word) - len(mark) - lane_width - TIME_WIDTH - 1
    name = fit(sanitize(lane(snapshot, findings.tree, row)), lane_width - 1) if lane_width else ""
    title = fit_name(sanitize(findings.title(row)), room, frame.shared)
    return Strip(
        [
            Segment("▌" if selected else " ", frame.style("accent", selected=selected)),
            Segment(
                f"   {MARKS[outcome]} ", frame.style(f"outcome-{outcome.label}", selected=selected, bold=True)
            ),
            Segment(word, frame.style(f"role-{role.label}", selected=selected)),
            Segment(
                title + " " * (room - width(title)),
                frame.style("foreground", selected=selected, bold=selected),
            ),
            *([Segment(mark, frame.style("warning", selected=selected))] if mark else ()),
            Segment((" " + name) if lane_width else "", frame.style("role-worker", selected=selected)),
            Segment(
                units.duration(int(findings.times.own[row])).rjust(TIME_WIDTH) + " ",
                frame.style("foreground", selected=selected),
            ),
        ],
        frame.width,
    )
