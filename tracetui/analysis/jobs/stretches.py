"""Runs that are near each other in time, so that none is a dot on the axis of another that is years older."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.store.snapshot import Snapshot

LEAST_GAP_NS = 10_000_000_000


class Stretch(NamedTuple):
    """Roots by start, and the time from the first start to the last end."""

    roots: Rows
    window: Window


def stretches(snapshot: Snapshot, tree: Tree, times: Times) -> Iterator[Stretch]:
    """All roots in stretches, the newest first.

    Going back from the newest, a gap longer than what lies after it (and `LEAST_GAP_NS`) begins another one.
    """
    roots = tree.roots[np.argsort(snapshot.start_ns[tree.roots], kind="stable")]
    start, end = snapshot.start_ns[roots], np.maximum.accumulate(times.end[roots])
    last = len(roots)
    for place in np.flatnonzero(start[1:] - end[:-1] > LEAST_GAP_NS)[::-1] + 1:
        if start[place] - end[place - 1] > end[last - 1] - start[place]:
            yield Stretch(roots[place:last], Window(int(start[place]), int(end[last - 1])))
            last = int(place)
    if last:
        yield Stretch(roots[:last], Window(int(start[0]), int(end[last - 1])))
