"""Runs that are near each other in time, so that none is a dot on the axis of another that is years older."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.trees import by_root
from tracetui.store.snapshot import Snapshot

LEAST_GAP_NS = 10_000_000_000


class Stretch(NamedTuple):
    """Roots by the start of their trees, and the time from the first start in them to the last end."""

    roots: Rows
    window: Window


def stretches(snapshot: Snapshot, tree: Tree, times: Times) -> Iterator[Stretch]:
    """All roots in stretches, the newest first: O(n)."""
    end = times.end[:]
    return of_trees(tree.roots, by_root(np.minimum, snapshot.start_ns, tree), by_root(np.maximum, end, tree))


def of_trees(roots: Rows, first: Nanoseconds, last: Nanoseconds) -> Iterator[Stretch]:
    """The same of trees between these times: what a root has begun may end after it, or begin then.

    Going back from the newest, a gap longer than what lies after it (and `LEAST_GAP_NS`) begins another one.
    """
    order = np.argsort(first, kind="stable")
    roots, start, end = roots[order], first[order], np.maximum.accumulate(last[order])
    stop = len(roots)
    for place in np.flatnonzero(start[1:] - end[:-1] > LEAST_GAP_NS)[::-1] + 1:
        if start[place] - end[place - 1] > end[stop - 1] - start[place]:
            yield Stretch(roots[place:stop], Window(int(start[place]), int(end[stop - 1])))
            stop = int(place)
    if stop:
        yield Stretch(roots[:stop], Window(int(start[0]), int(end[stop - 1])))
