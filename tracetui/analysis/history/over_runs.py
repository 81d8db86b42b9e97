"""What tests, fixtures, hooks or files did over many runs: one value for a page, its JSON and a screen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tracetui.analysis.history.change_points import Trend, trends
from tracetui.analysis.history.records import Records, RunHead
from tracetui.analysis.history.selecting import branches, of_branch
from tracetui.analysis.history.series import series
from tracetui.model.role import Outcome


class HistoryValue(NamedTuple):
    """The history `by` test, fixture, hook or file: `rows` of `all_`, those that `name` selects.

    Unless `is_speed_known`, too few tests ran to say whether a test changed or the machine did. It covers one
    `branch`, or all if that is empty: `branches` are those there are (foreign texts).
    """

    heads: Sequence[RunHead]
    by: str
    rows: Sequence[Trend]
    all_: int
    name: str = ""
    is_speed_known: bool = True
    branch: str = ""
    branches: tuple[str, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Whether runs of several branches form one series."""
        return not self.branch and len(self.branches) > 1

    @property
    def runs(self) -> int:
        """The finished runs: others change nothing yet."""
        return sum(head.state != "live" for head in self.heads)

    @property
    def only(self) -> Trend | None:
        """The one row that was asked for by its name; None if several match."""
        return self.rows[0] if self.name and len(self.rows) == 1 else None


class Point(NamedTuple):
    """One run of a row: own time in ns, None if not measured; `speed` is the run's own compared with the
    usual.
    """

    head: RunHead
    own_ns: int | None
    at_least: bool
    outcome: Outcome
    speed: float


def value(records: Records, by: str = "test", name: str = "", branch: str = "") -> HistoryValue:
    """The changes over the runs; with a `name`, of the rows with that name, or with it as a part.

    With a `branch` only its runs count.
    """
    known_branches = branches(records)
    records = of_branch(records, branch) if branch else records
    tables = series(records, by)
    all_trends = trends(tables)
    known = any(table.is_speed_known for table in tables)
    exact = [trend for trend in all_trends if trend.name == name]
    part = name.casefold()
    rows = exact or [trend for trend in all_trends if part in trend.name.casefold()]
    return HistoryValue(records.heads, by, rows, len(all_trends), name, known, branch, known_branches)


def binned(trend: Trend, cells: int) -> list[int]:
    """Own times over the runs in at most `cells` cells, medians of neighbours; -1 if there are none."""
    took = trend.table.took_ns[trend.row]
    parts = np.array_split(took, min(cells, len(took)))
    return [-1 if np.isnan(part).all() else int(np.nanmedian(part)) for part in parts]


def points(history: HistoryValue, trend: Trend) -> list[Point]:
    """The runs of a row that had it, the last first."""
    made, row = trend.table, trend.row
    measured = []
    for place in np.flatnonzero(made.calls[row])[::-1].tolist():
        own = made.took_ns[row, place]
        measured.append(
            Point(
                head=history.heads[int(made.runs[place])],
                own_ns=None if np.isnan(own) else round(own),
                at_least=bool(made.at_least[row, place]),
                outcome=Outcome(int(made.outcome[row, place])),
                speed=float(made.speed[place]),
            )
        )
    return measured
