"""What all rows of one frame of the waterfall share: times, geometry, colours."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from rich.style import Style

from tracetui.analysis.alarms.hung import Hung, hung
from tracetui.analysis.critical_path.overlay import Overlay
from tracetui.analysis.jobs.services import NO_SERVICE, Services
from tracetui.analysis.lanes.density import Work
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.waterfall.arrangement import Arrangement
from tracetui.analysis.waterfall.outline import Outline
from tracetui.analysis.waterfall.sibling_groups import Group
from tracetui.model.role import Outcome, Role
from tracetui.text import sanitize
from tracetui.ui.theme.glyphs import UNICODE, Glyphs
from tracetui.ui.theme.hung_marks import hung_colour
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_axis import Ruler
from tracetui.ui.waterfall.draw_columns import LEAST_BARS, LEAST_NAMES, TEXTS, WIDE, Column, columns_for

EventMarks = Sequence[tuple[int, bool]]
"""When each event was, in ns since the epoch, and whether it is an exception."""


def _no_events(_: int) -> EventMarks:
    return ()


def _no_work(_: int) -> Work | None:
    return None


class Frame(Struct, frozen=True, eq=False, dict=True):
    """`now_ns` is where running bars end, widths are in cells.

    `columns` are those the user chose, and `names` the width of the column of names, None for the defaults.
    With a `path` what is not on it is dimmed. `events` gives the times of a row's events, and `work` what is
    below a folded node, once known.
    """

    arrangement: Arrangement
    outline: Outline
    window: Window
    now_ns: int
    width: int
    paint: Paint
    columns: Sequence[str] | None = None
    is_wall_clock: bool = False
    events: Callable[[int], EventMarks] = _no_events
    work: Callable[[int], Work | None] = _no_work
    glyphs: Glyphs = UNICODE
    names: int | None = None
    path: Overlay | None = None

    @property
    def findings(self) -> Findings:
        """The shown revision."""
        return self.arrangement.findings

    def group(self, node: int) -> Group:
        """The group behind a node."""
        return self.arrangement.group(node)

    @property
    def services(self) -> Services | None:
        """The services whose colours bars have."""
        return self.arrangement.services

    def service_colour(self, number: int) -> str:
        """The name of a service's colour; quiet for none, or several."""
        return "role-other" if number == NO_SERVICE else self.paint.service_name(number)

    def bar_colour(self, row: int, role: Role, outcome: Outcome) -> str:
        """The name of the colour of a span's bar: a bad outcome wins over its service."""
        if row in self.hung:
            return hung_colour(self.hung[row])
        if self.is_dim(row):
            return "quiet"
        if self.services is None or outcome.bad or outcome is Outcome.CUT_OFF:
            return self.paint.bar_name(role, outcome)
        return self.service_colour(self.services.number(self.findings.snapshot, row))

    def group_colour(self, group: Group, role: Role) -> str:
        """The same for the bars of a group."""
        if all(map(self.is_dim, group.rows.tolist())):
            return "quiet"
        if self.services is None:
            return f"role-{role.label}"
        return self.service_colour(self.services.shared(self.findings.snapshot, group.rows))

    def is_dim(self, row: int) -> bool:
        """Whether a critical path is shown, and a span is not on it."""
        return self.path is not None and not self.path.has(row)

    @cached_property
    def hung(self) -> Mapping[int, Hung]:
        """What of a live run hangs, by row: O(what runs)."""
        return hung(self.findings, self.now_ns) if self.findings.summary.is_live else {}

    @cached_property
    def shown_columns(self) -> tuple[Column, ...]:
        """The columns that fit."""
        return columns_for(self.width, self.columns, has_services=self.services is not None)

    @cached_property
    def columns_width(self) -> int:
        """The width of all columns."""
        return sum(column.cells for column in self.shown_columns)

    @cached_property
    def name_width(self) -> int:
        """The width of the column of names, including marks."""
        if self.names is not None:
            most = self.width - self.columns_width - LEAST_BARS - 3
            return max(LEAST_NAMES, min(self.names, most))
        share = 9 if self.width >= WIDE else 12
        return max(20, min(72, (self.width - self.columns_width) * share // 20))

    @property
    def indent(self) -> int:
        """Cells for each level."""
        return 2 if self.width >= WIDE else 1

    @cached_property
    def bar_left(self) -> int:
        """The first cell of the time axis."""
        return self.name_width + self.columns_width + 2

    @property
    def edges(self) -> tuple[int, ...]:
        """The cells between names and columns, and between columns and bars."""
        return self.name_width, self.bar_left - 2, self.bar_left - 1

    @cached_property
    def bar_width(self) -> int:
        """The cells of the time axis."""
        return max(0, self.width - self.bar_left - 1)

    @cached_property
    def stalled_cells(self) -> frozenset[int]:
        """The cells of the axis that are mostly in a stall."""
        half = self.window.length // max(1, 2 * self.bar_width)
        cells: set[int] = set()
        for stall in self.findings.overview.still:
            first, last = (
                self.window.cell(at + half, self.bar_width) for at in (stall.start_ns, stall.end_ns)
            )
            cells.update(range(max(0, first), min(self.bar_width, last)))
        return frozenset(cells)

    @property
    def ruler(self) -> Ruler:
        """The axis above the rows."""
        titles = "   span".ljust(self.name_width)
        for column in self.shown_columns:
            room = column.cells
            titles += f" {column.title}".ljust(room) if column.name in TEXTS else column.title.rjust(room)
        origin = 0 if self.is_wall_clock else self.findings.summary.start_ns
        said = sanitize(self.findings.no_timeline)
        is_wall_clock = self.is_wall_clock
        return Ruler(titles, self.bar_left, self.bar_width, self.window, origin, is_wall_clock, said=said)

    def style(self, colour: str, *, selected: bool, bold: bool = False) -> Style:
        """A theme colour on the background of a row."""
        return self.paint.style(colour, "cursor-row" if selected else "background", bold=bold)
