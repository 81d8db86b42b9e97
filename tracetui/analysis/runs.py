"""The runs of a recording, and what the newest of them says of itself at a glance."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.stretches import stretches
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree, nearest
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Summary:
    """What the header says of the newest runs: those that follow each other without a long gap.

    `name` is foreign text; `runs` how many; `state` one of `live`, `ended`, `cut off`, `empty`. Times in ns
    since the epoch; `end_ns` is what `Times` says. `outcomes` counts tests.
    """

    name: str
    runs: int
    state: str
    start_ns: int
    end_ns: int
    outcomes: Counter[Outcome]

    @property
    def tests(self) -> int:
        """How many tests were seen."""
        return self.outcomes.total()


EMPTY = Summary("", 0, "empty", 0, 0, Counter())


def top_suites(snapshot: Snapshot, tree: Tree) -> NDArray[np.intp]:
    """The rows of suites without a suite above them: one per run."""
    suite = snapshot.role == Role.SUITE
    above = np.where(tree.parent >= 0, nearest(suite, tree.parent)[tree.parent], -1)
    return np.flatnonzero(suite & (above < 0))


def count_runs(snapshot: Snapshot, tree: Tree, since_ns: int = 0) -> int:
    """Suite trees that started no earlier than `since_ns`, and traces that hold tests and (yet) no suite."""
    recent = snapshot.start_ns >= since_ns
    suites = top_suites(snapshot, tree)
    suites = suites[recent[suites]]
    traces = np.unique(snapshot.trace_index[recent & (snapshot.role == Role.TEST)])
    return len(suites) + len(np.setdiff1d(traces, snapshot.trace_index[suites]))


def summarise(snapshot: Snapshot, tree: Tree, times: Times) -> Summary:
    """The newest runs; a recording without suites counts as one run, named after its longest root."""
    if not len(snapshot):
        return EMPTY
    roots, (start_ns, end_ns) = next(stretches(snapshot, tree, times))
    within = (snapshot.start_ns >= start_ns) & (snapshot.start_ns <= end_ns)
    tests = snapshot.outcome[within & (snapshot.role == Role.TEST)]
    suites = [row for row in top_suites(snapshot, tree) if within[row]]
    longest = max(suites or roots, key=lambda row: int(times.total[row]))
    return Summary(
        name=snapshot.title(int(longest)),
        runs=max(1, len(suites)),
        state=_state(snapshot.outcome[within]),
        start_ns=start_ns,
        end_ns=end_ns,
        outcomes=Counter({Outcome(int(value)): int(count) for value, count in _counts(tests)}),
    )


def _counts(values: NDArray[np.uint8]) -> list[tuple[int, int]]:
    found, counts = np.unique(values, return_counts=True)
    return list(zip(found.tolist(), counts.tolist(), strict=True))


def _state(outcomes: NDArray[np.uint8]) -> str:
    if (outcomes == Outcome.RUNNING).any():
        return "live"
    return "cut off" if (outcomes == Outcome.CUT_OFF).any() else "ended"
