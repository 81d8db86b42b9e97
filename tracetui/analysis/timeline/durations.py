"""Results without a timeline: of their spans it is known how long each took, and neither when nor in which
order (`model.resource_facts.DURATIONS`).

Their starts are the day of their suite, if that is known, and stand for nothing else: nothing may be drawn,
laid on a lane or waited for by them.
"""

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.tree.tree import Tree
from tracetui.model.numbers.distinct import distinct
from tracetui.model.resource_facts import DURATIONS
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]


def durations_only(snapshot: Snapshot) -> Mask | None:
    """By row, whether only its duration is known; None if all have a place in time: O(1) then."""
    if DURATIONS not in snapshot.clocks:
        return None
    said = np.array([resource.clock == DURATIONS for resource in snapshot.resources], np.bool_)
    return said[snapshot.origin_id]


def no_timeline(snapshot: Snapshot, within: Mask | None) -> str:
    """Why no test `within` (by row; None: all) has a place in time, in one line with foreign text; empty if
    any has.
    """
    untimed = durations_only(snapshot)
    if untimed is None:
        return ""
    rows = np.flatnonzero(snapshot.role != Role.OTHER if within is None else within)
    tests = rows[snapshot.role[rows] == Role.TEST]
    rows = tests if len(tests) else rows
    if not len(rows) or not untimed[rows].all():
        return ""
    labels = [snapshot.sources[number] for number in distinct(snapshot.sources_of(rows)).tolist()]
    more = f" and {units.many(len(labels) - 1, 'more file')} hold" if len(labels) > 1 else " holds"
    return f"no times of day: {_file(labels[0])}{more} results, not a timeline"


def _file(label: str) -> str:
    """The name of a file, without its directory or its archive."""
    return "standard input" if label == "-" else label.replace("!", "/").rpartition("/")[2]


def without_children(total: NDArray[np.int64], tree: Tree) -> NDArray[np.int64]:
    """By row, how much of its duration is in none of its children, if these did not overlap; at least 0."""
    below = np.flatnonzero(tree.parent >= 0)
    inside = np.zeros(len(total), np.int64)
    np.add.at(inside, tree.parent[below], total[below])
    rest: NDArray[np.int64] = np.maximum(total - inside, 0)
    return rest
