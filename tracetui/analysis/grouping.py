"""What users call a run: which trees of spans belong together.

Trees of one trace are one run, unless an hour lies between them: commands of one CI task share a trace. So
are trees that follow each other within seconds in one file, or in files that are numbered on (resmoke writes
a trace per suite), and those that begin within seconds and overlap, whatever their files (`tox -p`). Trees
that hold nothing of a test run join the run that they lie in.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.stretches import stretches
from tracetui.analysis.times import Times, running_maximum
from tracetui.analysis.tree import Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

HOUR_NS = 3_600_000_000_000
NEAR_NS = 10_000_000_000

Labels = NDArray[np.int32]


class _Pieces(NamedTuple):
    """Trees, or what was made of them: from when to when, which files, whether they are of a test run."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    family: NDArray[np.int64]
    tested: NDArray[np.bool_]

    def only(self, places: NDArray[np.intp]) -> "_Pieces":
        """Those at `places`."""
        return _Pieces(self.start[places], self.end[places], self.family[places], self.tested[places])

    def merged(self, labels: Labels) -> "_Pieces":
        """A piece per label."""
        order = np.lexsort((self.start, labels))
        firsts = np.flatnonzero(np.diff(labels[order], prepend=-1))
        return _Pieces(
            self.start[order][firsts],
            np.maximum.reduceat(self.end[order], firsts),
            self.family[order][firsts],
            np.logical_or.reduceat(self.tested[order], firsts),
        )


def run_labels(snapshot: Snapshot, tree: Tree, times: Times) -> Labels:
    """By row, the number of its run; numbers begin at 0 and have no gaps, in no particular order."""
    if not len(snapshot):
        return np.empty(0, np.int32)
    roots = tree.roots
    pieces = _trees(snapshot, tree, times)
    labels = _chained(pieces, snapshot.trace_index[roots].astype(np.int64), HOUR_NS)
    traces = pieces.merged(labels)
    labels = _of_tests(traces)[labels] if traces.tested.any() else _of_stretches(snapshot, tree, times)
    of_rows = np.empty(len(snapshot), np.int32)
    of_rows[tree.order] = np.repeat(labels, tree.size[roots])
    return of_rows


def _trees(snapshot: Snapshot, tree: Tree, times: Times) -> _Pieces:
    roots = tree.roots
    places = tree.position[roots]
    families = np.array(_families(snapshot), np.int64)
    return _Pieces(
        np.minimum.reduceat(snapshot.start_ns[tree.order], places),
        np.maximum.reduceat(times.end[tree.order], places),
        families[snapshot.source_id[roots]],
        np.logical_or.reduceat((snapshot.role != Role.OTHER)[tree.order], places),
    )


def _families(snapshot: Snapshot) -> list[int]:
    """By source, a number that it shares with the files that differ from it only in a number at the end."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(_family(label), len(numbers)) for label in snapshot.sources]


def _family(label: str) -> str:
    directory, slash, name = label.rpartition("/")
    stem, dot, rest = name.partition(".")
    return directory + slash + stem.rstrip("0123456789") + dot + rest


def _chained(pieces: _Pieces, key: NDArray[np.int64], gap_ns: int) -> Labels:
    """Labels of pieces that share a key and follow each other without a longer gap."""
    order = np.lexsort((pieces.start, key))
    start, end, keys = pieces.start[order], pieces.end[order], key[order]
    new = np.ones(len(order), np.bool_)
    reached = running_maximum(end, keys)[:-1]
    new[1:] = (keys[1:] != keys[:-1]) | (start[1:] - reached > gap_ns)
    labels = np.empty(len(order), np.int32)
    labels[order] = np.cumsum(new) - 1
    return labels


def _of_tests(traces: _Pieces) -> Labels:
    """A label per trace: runs of tests first, then whatever lies in none of them."""
    tested = np.flatnonzero(traces.tested)
    runs = traces.only(tested)
    near = _chained(runs, runs.family, NEAR_NS)
    runs = runs.merged(near)
    at_once = _together(runs)
    labels = np.empty(len(traces.start), np.int32)
    labels[tested] = at_once[near]
    others = np.flatnonzero(~traces.tested)
    if len(others):
        labels[others] = _joined(traces.only(others), runs.merged(at_once))
    return labels


def _together(runs: _Pieces) -> Labels:
    """Labels of runs that begin within seconds of the first of them, and before it has ended."""
    labels = np.empty(len(runs.start), np.int32)
    label, begin, reached = -1, 0, 0
    for place in np.argsort(runs.start, kind="stable").tolist():
        start, end = int(runs.start[place]), int(runs.end[place])
        if label < 0 or start > reached or start - begin > NEAR_NS:
            label, begin, reached = label + 1, start, end
        labels[place] = label
        reached = max(reached, end)
    return labels


def _joined(others: _Pieces, runs: _Pieces) -> Labels:
    """For traces without tests the run in whose time they begin, else labels of their own."""
    order = np.argsort(runs.start, kind="stable")
    before = np.searchsorted(runs.start[order], others.start, "right") - 1
    host = order[np.maximum(before, 0)]
    inside = (before >= 0) & (others.start <= runs.end[host] + NEAR_NS)
    alone = len(runs.start) + _chained(others, np.zeros(len(others.start), np.int64), NEAR_NS)
    labels = np.where(inside, host, alone)
    _, dense = np.unique(np.concatenate([np.arange(len(runs.start)), labels]), return_inverse=True)
    return dense[len(runs.start) :].astype(np.int32)


def _of_stretches(snapshot: Snapshot, tree: Tree, times: Times) -> Labels:
    """A label per root where there are no tests at all: those that lie near each other in time."""
    labels = np.zeros(len(snapshot), np.int32)
    for number, (roots, _) in enumerate(stretches(snapshot, tree, times)):
        labels[roots] = number
    return labels[tree.roots]
