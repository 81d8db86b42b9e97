"""Results without a timeline as a workload: what each test takes, and nothing of workers and pauses."""

from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.schedule.xdist_units import file_of, group_of, scope_of
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome

QUEUE = "queue"
"""Tests that nobody is known to keep together are handed out one by one."""


def of_results(findings: Findings) -> Workload:
    """The tests of the shown run in the order of their file, as if one worker had run them: O(n)."""
    snapshot, rows = findings.snapshot, findings.tests
    rows = rows[snapshot.outcome[rows] != Outcome.RERUN]
    own = findings.times.own[rows]
    names = [snapshot.title(row) for row in rows.tolist()]
    items = (
        Item(name, file_of(name), scope_of(name), group_of(name), own_ns)
        for name, own_ns in zip(names, own.tolist(), strict=True)
    )
    return Workload(
        items=tuple(items),
        fixtures=(),
        gaps_ns=[],
        skews_ns=[],
        recorded_ns=0,
        workers=1,
        dist=QUEUE,
        is_ordered=False,
        doubts=(f"{findings.no_timeline}: pauses and fixtures are unknown",),
    )
