"""A span's place in its test run as flat columns: the same in every format with columns."""

from typing import TypedDict

import numpy as np

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.export.subject import outcome
from tracetui.export.tracks import lanes_of_all
from tracetui.model.role import Role


class FlatRow(TypedDict):
    """The flat columns of one span; texts are foreign, and empty if unknown.

    `test` and `suite` are those that it is or belongs to. `own_ns` is a test's time without hooks, else its
    self time. `run` is the id of the pipeline's run, else the trace of the run's suite; `attempt` counts from
    1, and `task` is its job.
    """

    process: str
    lane: str
    depth: int
    role: str
    outcome: str
    title: str
    own_ns: int
    test: str
    suite: str
    run: str
    attempt: int
    task: str
    revision: str
    branch: str


FLAT = tuple(FlatRow.__annotations__)
NUMBERS = frozenset(name for name, kind in FlatRow.__annotations__.items() if kind is int)


class Flat:
    """The flat columns of all spans of some findings."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._lanes = lanes_of_all(findings)
        self._test, self._suite = (self._nearest(role) for role in (Role.TEST, Role.SUITE))

    def of(self, row: int) -> FlatRow:
        """The flat columns of a row."""
        findings, snapshot = self._findings, self._findings.snapshot
        lane, facts = self._lanes.lanes[int(self._lanes.of[row])], snapshot.resource(row)
        return FlatRow(
            process=self._lanes.processes[lane.process],
            lane=lane.name,
            depth=int(findings.tree.depth[row]),
            role=Role(int(snapshot.role[row])).label,
            outcome=outcome(snapshot, row),
            title=findings.title(row),
            own_ns=int(findings.times.own[row]),
            test=self._title(self._test[row]),
            suite=self._title(self._suite[row]),
            run=facts.run_id or snapshot.trace_id(int(findings.runs.title_row[findings.runs.of[row]])),
            attempt=facts.attempt,
            task=facts.job,
            revision=facts.revision,
            branch=facts.branch,
        )

    def _nearest(self, role: Role) -> Rows:
        return nearest(self._findings.snapshot.role == role, self._findings.tree.parent)

    def _title(self, row: np.integer) -> str:
        return self._findings.snapshot.title(int(row)) if row >= 0 else ""
