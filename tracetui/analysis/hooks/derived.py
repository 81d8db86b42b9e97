"""Hooks that write no spans (resmoke's): what a test's wrapper took besides the test proper and archiving."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.analysis.tree.families import running_maximum
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

_KNOWN = (Role.PHASE, Role.ARCHIVER)


class Derived(NamedTuple):
    """Stretches of time in ns, by `host` (the row of the wrapper) and then by start; none is empty.

    `is_after` says whether it is after the test proper or before it.
    """

    host: Rows
    start: Nanoseconds
    end: Nanoseconds
    is_after: NDArray[np.bool_]

    def only(self, places: NDArray[np.intp]) -> "Derived":
        """Those at `places`."""
        return Derived(self.host[places], self.start[places], self.end[places], self.is_after[places])


def derived_hooks(snapshot: Snapshot, tree: Tree, times: Times, below: Rows | None = None) -> Derived:
    """The gaps between the children of a wrapper, and at its ends: O(n log n).

    For all wrappers, or for those all of whose children are among the rows `below`.
    """
    role = snapshot.role
    inside = np.flatnonzero(among(role, _KNOWN)) if below is None else below[among(role[below], _KNOWN)]
    host = tree.parent[inside]
    wrapped = (host >= 0) & (role[host] == Role.TEST) & ~snapshot.own[host]
    inside, host = inside[wrapped], host[wrapped]
    order = np.lexsort((snapshot.start_ns[inside], host))
    inside, host = inside[order], host[order]
    phases = np.zeros(len(snapshot), np.bool_)
    phases[host[role[inside] == Role.PHASE]] = True  # Without a test proper nothing tells where it was.
    inside, host = inside[phases[host]], host[phases[host]]
    if not len(inside):
        return Derived(host, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
    first = np.concatenate([[True], host[1:] != host[:-1]])
    last = np.append(first[1:], True)
    begin, until = snapshot.start_ns[host], times.end[host]
    reached = np.clip(running_maximum(times.end[inside], host), begin, until)
    before = np.where(first, begin, np.concatenate([[0], reached[:-1]]))
    upto = np.clip(snapshot.start_ns[inside], begin, until)
    met = running_maximum((role[inside] == Role.PHASE).astype(np.int64), host) > 0
    was_after = ~first & np.concatenate([[False], met[:-1]])
    gaps = Derived(
        np.concatenate([host, host[last]]),
        np.concatenate([before, reached[last]]),
        np.concatenate([upto, until[last]]),
        np.concatenate([was_after, np.ones(int(last.sum()), np.bool_)]),
    )
    order = np.lexsort((gaps.start, gaps.host))
    return gaps.only(order[gaps.end[order] > gaps.start[order]])
