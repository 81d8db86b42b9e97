"""Finding the tests that need a look."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree import Tree
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot


def failed_tests(snapshot: Snapshot, since_ns: int = 0) -> NDArray[np.intp]:
    """The rows of tests that failed, of spans that started no earlier than `since_ns`."""
    bad = np.isin(snapshot.outcome, (Outcome.FAILED, Outcome.ERROR))
    return np.flatnonzero(bad & (snapshot.role == Role.TEST) & (snapshot.start_ns >= since_ns))


def next_failure(snapshot: Snapshot, tree: Tree, row: int, direction: int, since_ns: int = 0) -> int | None:
    """The failed test nearest after `row` in display order, or before it for a negative `direction`."""
    places = tree.position[failed_tests(snapshot, since_ns)].astype(np.int64)
    ahead = (places - int(tree.position[row])) * direction
    ahead = ahead[ahead > 0]
    return int(tree.order[tree.position[row] + int(ahead.min()) * direction]) if len(ahead) else None


def failed_inside(snapshot: Snapshot, tree: Tree, row: int, most: int = 5) -> tuple[int, ...]:
    """The first phases, hooks and archivers that failed below a failed test: they hold its exceptions.

    Also of an attempt that was not the last one: that is why there was another.
    """
    outcome = Outcome(int(snapshot.outcome[row]))
    if snapshot.role[row] != Role.TEST or not (outcome.bad or outcome is Outcome.RERUN):
        return ()
    below = tree.subtree(row)[1:]
    bad = np.isin(snapshot.outcome[below], (Outcome.FAILED, Outcome.ERROR))
    return tuple(below[bad][:most].tolist())
