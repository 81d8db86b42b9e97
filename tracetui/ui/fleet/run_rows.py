"""One test run by run, with a cursor."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.history.change_points import Change
from tracetui.text import Safe
from tracetui.ui.fleet.answers import FleetRun, OneTest
from tracetui.ui.fleet.draw_runs import SORTS, RunLayout, layout, longest, run_row, titles_row
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint

Job = tuple[str, str, str, int]
ORDERS: dict[str, Callable[[FleetRun], Any]] = {
    "own": lambda run: -run.own_ns,
    "outcome": lambda run: (not run.outcome.bad, run.outcome.label),
}
"""The orders besides that of time, which shows the newest first."""


class ShownTest(NamedTuple):
    """What rows need of a test: its runs in each order, the cells of texts, and where it changed."""

    one: OneTest
    orders: Mapping[str, Sequence[FleetRun]]
    longest: Mapping[str, int]
    changes: Mapping[Job, Change]


def shown_test(one: OneTest) -> ShownTest:
    """What rows need of a test: O(n log n), away from the screen's thread."""
    orders = {name: sorted(one.runs, key=key) for name, key in ORDERS.items()}
    return ShownTest(one, {SORTS[0]: one.runs, **orders}, longest(one.runs), changes(one))


class RunTitles(KeptLines):
    """The titles of the columns."""

    DEFAULT_CSS = "RunTitles { height: 1; background: $surface; }"

    shown: reactive[tuple[RunLayout, str] | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if y or self.shown is None:
            return Strip.blank(self.size.width, self.rich_style)
        paint = Paint(self.app.theme_variables)
        return titles_row(*self.shown, paint).adjust_cell_length(
            self.size.width, paint.style("quiet", "surface")
        )


class FleetRuns(RowList):
    """The runs of a test."""

    DEFAULT_CSS = "FleetRuns { height: 1fr; min-height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self.sorted_by = SORTS[0]
        self._runs: Sequence[FleetRun] = ()
        self._changes: Mapping[Job, Change] = {}
        self._longest: Mapping[str, int] = {}
        self._paint = Paint({})
        self._layout = layout({}, 0, has_changes=False)

    @property
    def count(self) -> int:
        """How many runs there are."""
        return len(self._runs)

    @property
    def run(self) -> FleetRun | None:
        """The run under the cursor."""
        return self.under(self._runs)

    def tell(self, shown: ShownTest, sorted_by: str, cursor: int = 0) -> None:
        """Show the runs of a test in an order."""
        self.sorted_by = sorted_by
        self._runs, self._changes, self._longest = shown.orders[sorted_by], shown.changes, shown.longest
        self.anchored(cursor, cursor - self.size.height // 2)

    def labels(self) -> Sequence[str]:
        """What rows say, in this order."""
        return [" ".join((run.branch, run.revision, run.outcome.label, run.source)) for run in self._runs]

    def reframe(self) -> None:
        """The colours and the columns."""
        self._paint = Paint(self.app.theme_variables)
        self._layout = layout(self._longest, self.room, has_changes=bool(self._changes))
        for titles in self.screen.query(RunTitles):
            titles.shown = self._layout, self.sorted_by

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One run."""
        run = self._runs[index]
        change = self._changes.get((run.suite, run.variant, run.run, run.attempt))
        return run_row(run, self._layout, self._paint, selected=selected, change=change)

    def _nothing(self) -> list[Safe]:
        """No recording is read here: `empty` says it all."""
        return []

    def empty(self) -> list[Safe]:
        """Why there are no rows."""
        return [Safe("It ran in none of these runs.")]

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""


def changes(one: OneTest) -> dict[Job, Change]:
    """By suite, variant, run and attempt, the change that began there."""
    by_job = {}
    for trend in one.history.rows:
        for change in trend.changes:
            head = one.history.heads[change.run]
            by_job[head.suite, head.job, head.run_id, head.attempt] = change
    return by_job
