"""The time around and below each test, by row: in ns, and as a count of the application's spans."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.hooks.setups import setups, teardowns
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import nearest, nearest_above
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BILLED, Role

Numbers = NDArray[np.int64]


class Measures:
    """By row of a test; 0 for all other rows.

    `setup` and `teardown` are its phases of these kinds; `hook` and `archive` the time of hooks, wider
    fixtures and archivers inside its span, without counting nested ones twice.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    @cached_property
    def setup(self) -> Numbers:
        """See `setups`."""
        return setups(self._findings)

    @cached_property
    def teardown(self) -> Numbers:
        """See `teardowns`."""
        return teardowns(self._findings)

    @cached_property
    def hook(self) -> Numbers:
        """Of hooks with spans and of those without."""
        took = self._inside(Role.HOOK)
        snapshot, tree, times = self._findings.snapshot, self._findings.tree, self._findings.times
        gaps = derived_hooks(snapshot, tree, times)
        np.add.at(took, gaps.host, gaps.end - gaps.start)
        return took

    @cached_property
    def archive(self) -> Numbers:
        """Of archivers."""
        return self._inside(Role.ARCHIVER)

    @cached_property
    def app_spans(self) -> Numbers:
        """The number of spans below it that have nothing to do with testing."""
        snapshot, tree = self._findings.snapshot, self._findings.tree
        other = np.flatnonzero(snapshot.role == Role.OTHER)
        test = nearest(snapshot.role == Role.TEST, tree.parent, other)
        return np.bincount(test[test >= 0], minlength=len(snapshot)).astype(np.int64)

    @cached_property
    def _host(self) -> NDArray[np.integer]:
        """The nearest test, or hook or archiver that is billed separately, above each row."""
        snapshot = self._findings.snapshot
        stop = (snapshot.role == Role.TEST) | self._billed
        return nearest_above(stop, self._findings.tree.parent)

    @cached_property
    def _billed(self) -> NDArray[np.bool_]:
        snapshot = self._findings.snapshot
        return among(snapshot.role, BILLED) & ~snapshot.own

    def _inside(self, role: Role) -> Numbers:
        snapshot = self._findings.snapshot
        rows = np.flatnonzero(self._billed & (snapshot.role == role))
        rows = rows[self._host[rows] >= 0]
        host = self._host[rows]
        of_test = snapshot.role[host] == Role.TEST
        took = np.zeros(len(snapshot), np.int64)
        np.add.at(took, host[of_test], self._findings.times.total[rows[of_test]])
        return took
