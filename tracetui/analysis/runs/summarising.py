"""Summaries of consecutive jobs, or shards: sums over their columns."""

from collections import Counter
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.jobs.jobs import Jobs
from tracetui.analysis.runs.losses import Losses, Lost
from tracetui.analysis.runs.summary import Summary
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot


class Summaries(Struct, frozen=True, eq=False, dict=True):
    """The summaries of the jobs (or shards) of `columns`, for any slice together."""

    snapshot: Snapshot
    columns: Jobs

    def title(self, row: int) -> str:
        """A suite's title; a part of a run without its suite is named after its service."""
        is_part = self.snapshot.role[row] not in (Role.SUITE, Role.OTHER)
        service = self.snapshot.resource(row).service if is_part else ""
        return service or self.snapshot.title(row)

    def losses(self, jobs: slice) -> Losses:
        """What is missing from the recording, from their point of view."""
        return self._lost.seen_by(range(*jobs.indices(len(self.columns.row))))

    def summary(self, jobs: slice, apart: str) -> Summary:
        """Their summary; `apart` is what distinguishes them from others: foreign text."""
        columns = self.columns
        outcomes = _counter(columns.outcomes[jobs])
        reruns = outcomes.pop(Outcome.RERUN, 0)
        expected = columns.expected[jobs]
        length = columns.end_ns[jobs] - columns.start_ns[jobs]
        dated = columns.start_ns[jobs] >= units.NO_EPOCH
        longest = int(length.argmax())
        # Times without an epoch make no length with others, nor those of several documents without one.
        timed = dated if dated.any() else np.arange(len(length)) == longest
        return Summary(
            name=self.title(int(columns.title_row[jobs][longest])),
            suites=int(columns.suites[jobs].sum()),
            state=self._state(jobs),
            is_quiet=bool(columns.quiet[jobs].any() and not (columns.live & ~columns.quiet)[jobs].any()),
            start_ns=int(columns.start_ns[jobs][timed].min()),
            end_ns=int(columns.end_ns[jobs][timed].max()),
            outcomes=outcomes,
            spans=int(columns.spans[jobs].sum()),
            bytes=int(columns.bytes[jobs].sum()),
            reruns=reruns,
            expected=int(expected.sum()) if expected.all() else 0,
            suite_outcomes=_counter(columns.suite_outcomes[jobs]),
            failed=int(columns.failed[jobs].sum()),
            nested=int(columns.nested[jobs].sum()),
            idle=int(columns.idle[jobs].sum()),
            apart=apart,
            lost=self.losses(jobs).own,
        )

    @cached_property
    def _lost(self) -> Lost:
        return Lost(self.snapshot, self.columns)

    def _state(self, jobs: slice) -> str:
        columns = self.columns
        if columns.live[jobs].any():
            return "live"
        if columns.missing[jobs].any():
            return "incomplete"
        return "cut off" if columns.cut_off[jobs].any() else "ended"


def _counter(column: NDArray[np.int64]) -> Counter[Outcome]:
    counts = column.sum(0).tolist()
    return Counter({outcome: counts[outcome] for outcome in Outcome if counts[outcome]})
