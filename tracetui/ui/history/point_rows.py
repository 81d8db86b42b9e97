"""One test run by run, the last first."""

from textual.strip import Strip

from tracetui.analysis.history.change_points import Change, Trend
from tracetui.analysis.history.over_runs import HistoryValue, Point, points
from tracetui.text import Safe
from tracetui.ui.history.draw_history_row import point_row
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.themes import Paint


class PointRows(RowList):
    """The runs of one test."""

    DEFAULT_CSS = "PointRows { height: 1fr; min-height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self.trend: Trend | None = None
        self._points: list[Point] = []
        self._changes: dict[int, Change] = {}
        self._largest = 0
        self._paint = Paint({})

    @property
    def count(self) -> int:
        """How many runs had it."""
        return len(self._points)

    @property
    def point(self) -> Point | None:
        """The run under the cursor."""
        return self.under(self._points)

    def tell(self, value: HistoryValue, trend: Trend) -> None:
        """Show the runs of a test."""
        self.trend, self._points = trend, points(value, trend)
        self._changes = {value.heads[change.run].key: change for change in trend.changes}
        self._largest = max((point.own_ns or 0 for point in self._points), default=0)
        self.anchored(0, 0)

    def reframe(self) -> None:
        """The colours."""
        self._paint = Paint(self.app.theme_variables)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One run."""
        point = self._points[index]
        change = self._changes.get(point.head.key)
        return point_row(point, self._largest, self.room, self._paint, selected=selected, change=change)

    def empty(self) -> list[Safe]:
        """That no run had it."""
        return [Safe("It ran in none of these runs.")]

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""

    def let_go(self) -> None:
        """Drop the runs with their reading."""
        self.trend, self._points, self._changes = None, [], {}
