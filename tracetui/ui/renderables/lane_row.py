"""One lane: its name, how busy it was, and what it did when; idle time is seen as idle."""

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.density import FAILED, SHAPES, Density, density
from tracetui.analysis.findings import Findings
from tracetui.analysis.lanes import Lane, Lanes
from tracetui.model.role import Role
from tracetui.text import fit_middle, sanitize
from tracetui.ui.renderables.axis import Ruler
from tracetui.ui.themes import Paint

NAME_WIDTH, NUMBER_WIDTH = 12, 8
AXIS_LEFT = 2 + NAME_WIDTH + 3 * NUMBER_WIDTH + 2
TITLES = (
    "  " + "lane".ljust(NAME_WIDTH) + "".join(word.rjust(NUMBER_WIDTH) for word in ("busy", "tests", "gap"))
)


@dataclass(frozen=True, eq=False)
class LaneFrame:
    """What all lanes of one frame share."""

    findings: Findings
    lanes: Lanes
    window: Window
    width: int
    paint: Paint

    @property
    def ruler(self) -> Ruler:
        """What the axis above has to show."""
        return Ruler(TITLES, AXIS_LEFT, self.bar_width, self.window, self.findings.summary.start_ns)

    @property
    def bar_width(self) -> int:
        """The cells of the time axis."""
        return max(0, self.width - AXIS_LEFT - 1)


def lane_row(frame: LaneFrame, lane: Lane, *, selected: bool) -> Strip:
    """One line, `frame.width` cells wide."""
    paint = frame.paint
    background = paint.variables["cursor-row" if selected else "background"]
    plain = Style(color=paint.variables["foreground"], bgcolor=background, bold=selected)
    quiet = Style(color=paint.variables["quiet"], bgcolor=background)
    wall = max(1, frame.lanes.wall_ns)
    numbers = (units.share(lane.busy_ns / wall), units.count(lane.tests), units.duration(lane.gap_ns))
    name = sanitize(lane.name + (" *" if lane.packed else ""))
    head = [
        Segment("▌ " if selected else "  ", Style(color=paint.variables["accent"], bgcolor=background)),
        Segment(fit_middle(name, NAME_WIDTH), plain),
        Segment("".join(number.rjust(NUMBER_WIDTH) for number in numbers) + "  ", quiet),
    ]
    cells = density(lane.work, frame.window, frame.bar_width)
    return Strip([*head, *_cells(cells, paint, background), Segment(" ", plain)]).adjust_cell_length(
        frame.width, plain
    )


def _cells(found: Density, paint: Paint, background: str) -> list[Segment]:
    idle = Style(color=paint.variables["scroll-thumb"], bgcolor=background)
    failed = Style(color=paint.variables["outcome-failed"], bgcolor=background)
    roles = {role: Style(color=colour, bgcolor=background) for role, colour in paint.roles.items()}
    segments = []
    look = zip(found.shapes, found.busy.tolist(), found.role.tolist(), found.failed.tolist(), strict=True)
    for shape, busy, role, bad in look:
        style = (failed if bad else roles[Role(role)]) if busy else idle
        segments.append(Segment(shape, style))
    return segments


def sums_content(lanes: Lanes) -> Content:
    """What the lanes add up to, in one line, and what the colours mean."""
    pole = lanes.long_pole
    sums = [
        ("wall", units.duration(lanes.wall_ns)),
        ("work", units.duration(lanes.work_ns)),
        ("floor (work / lanes)", units.duration(lanes.floor_ns)),
        ("idle", units.duration(lanes.idle_ns)),
        ("imbalance", units.duration(lanes.imbalance_ns)),
        *([("long pole", sanitize(pole.name))] if pole else []),
    ]
    first = Content("   ").join(
        Content.assemble((f"{name} ", "$quiet"), (value, "bold")) for name, value in sums
    )
    shapes = {Role.TEST: "█", **SHAPES}
    legend = [(f"{shape} {role.label}   ", f"$role-{role.label}") for role, shape in shapes.items()]
    packed = "   * no worker is named: rebuilt by packing" if any(lane.packed for lane in lanes.lanes) else ""
    second = Content.assemble(
        *legend, (f"{FAILED} failed   ", "$outcome-failed"), ("░ idle" + packed, "$quiet")
    )
    return Content("\n").join([first, second])
