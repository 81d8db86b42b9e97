"""Which run of a CI pipeline spans belong to: numbers for runs and their attempts, 0 if unknown."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

Counts = NDArray[np.int64]


class Pipelines:
    """What the resources of a snapshot, and its suites themselves, say of pipeline runs."""

    def __init__(self, snapshot: Snapshot, last: "Pipelines | None" = None) -> None:
        """`last` is the result for an earlier snapshot of the same table: resources are only ever
        appended.
        """
        with_run_id = {key for key, facts in snapshot.jobs.items() if facts.run_id}
        goes_on = last is not None and not last._of_suites and not with_run_id
        self._numbers: dict[tuple[str, int], int] = dict(last._numbers) if last and goes_on else {}
        known = last._of_origins if last and goes_on else np.empty(0, np.int64)
        more = [self._number(resource) for resource in snapshot.resources[len(known) :]]
        self._of_origins: Counts = np.concatenate((known, np.array(more, np.int64)))
        self._of_suites: dict[int, int] = {}
        for row in np.flatnonzero(snapshot.role == Role.SUITE).tolist() if with_run_id else ():
            if int(snapshot.key[row]) in with_run_id:
                self._of_suites[row] = self._number(snapshot.resource(row))

    def _number(self, facts: ResourceFacts) -> int:
        return self._numbers.setdefault(facts.pipeline_run, len(self._numbers) + 1) if facts.run_id else 0

    def goes_on(self, last: "Pipelines") -> bool:
        """Whether the numbers of unchanged rows are still the same."""
        known = len(last._of_origins)
        return (
            np.array_equal(self._of_origins[:known], last._of_origins)
            and bool(self._of_suites) == bool(last._of_suites)
            and all(self._of_suites.get(row, number) == number for row, number in last._of_suites.items())
        )

    def of(self, rows: Rows, snapshot: Snapshot) -> Counts:
        """The numbers of `rows` of the snapshot."""
        if not self._numbers:
            return np.zeros(len(rows), np.int64)
        numbers = self._of_origins[snapshot.origin_id[rows]]
        if self._of_suites:
            for place, row in enumerate(rows.tolist()):
                numbers[place] = self._of_suites.get(row, numbers[place])
        return numbers

    def of_all(self, snapshot: Snapshot) -> Counts | None:
        """The numbers of all rows; None if there are none."""
        if not self._numbers:
            return None
        numbers = self._of_origins[snapshot.origin_id]
        for row, number in self._of_suites.items():
            numbers[row] = number
        return numbers

    def of_trees(self, inner: Counts, roots: Rows, snapshot: Snapshot) -> Counts:
        """The numbers of whole trees, of which `inner` is what any span in them says.

        The root's own resource wins over others in its tree, and those over others in its trace.
        """
        if not self._numbers:
            return np.zeros(len(roots), np.int64)
        own, trace = self.of(roots, snapshot), snapshot.trace_index[roots]
        numbers = np.where(own > 0, own, inner)
        by_trace = np.zeros(len(snapshot.trace_ids), np.int64)
        np.maximum.at(by_trace, trace, numbers)
        return np.where(numbers > 0, numbers, by_trace[trace])
