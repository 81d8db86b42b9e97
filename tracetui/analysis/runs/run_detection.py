"""What users call a run: which trees of spans belong together.

Trees of one CI pipeline run are one run, however late they start, and trees of different ones never are; a
second attempt is a run of its own. Without a pipeline, trees of one trace are one run, unless an hour is
between them: commands of one CI task share a trace. So are trees that follow each other within seconds in one
file, or in numbered files (resmoke writes a trace per suite), and those that begin within seconds and
overlap, whatever their files (`tox -p`). Trees without any part of a test run join the run around them.
Result files are runs of their own (`result_files`).
"""

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.jobs.processes import family
from tracetui.analysis.jobs.result_files import result_labels
from tracetui.analysis.jobs.stretches import of_trees
from tracetui.analysis.runs.evidence import Evidence
from tracetui.analysis.runs.pipelines import Pipelines
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.tree.families import running_maximum
from tracetui.analysis.tree.tree import Rows
from tracetui.analysis.tree.trees import Labels
from tracetui.store.snapshot import Snapshot

HOUR_NS = 3_600_000_000_000
NEAR_NS = 10_000_000_000
_OF_COMMAND = re.compile(r"\d{8}T\d{6}Z-(?:received|tracetui-exec)-(\d+)-[0-9a-f]{8}\.traces\.jsonl\Z")
"""The two files of `tracetui exec`: what the command sent, and the command."""


class _Pieces(NamedTuple):
    """Trees, or groups of them: start and end, files, and whether they belong to a test run."""

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


def run_labels(seen: Evidence, pipelines: Pipelines) -> Labels:
    """By tree, the number of its run; numbers begin at 0 and have no gaps, in no particular order."""
    snapshot, trees, roots = seen.snapshot, seen.trees, seen.tree.roots
    if not len(trees):
        return np.empty(0, np.int32)
    untimed = durations_only(snapshot)
    timed = np.ones(len(roots), np.bool_) if untimed is None else ~untimed[roots]
    labels = np.empty(len(roots), np.int32)
    labels[timed] = _timed_labels(seen, pipelines, np.flatnonzero(timed))
    if not timed.all():
        results = result_labels(snapshot, roots[~timed], trees.start_ns[~timed], trees.ended_ns[~timed])
        labels[~timed] = results + labels[timed].max(initial=-1) + 1
    return labels


def _timed_labels(seen: Evidence, pipelines: Pipelines, places: NDArray[np.intp]) -> Labels:
    """The same for the trees at `places`, which have a place in time."""
    snapshot, trees, roots = seen.snapshot, seen.trees, seen.tree.roots
    if not len(places):
        return np.empty(0, np.int32)
    families = _families(snapshot, roots)
    pieces = _Pieces(trees.start_ns, seen.ends, families, trees.spans > 0).only(places)
    named = pipelines.of_trees(trees.told, roots, snapshot)[places]
    first, labels = _chains(pieces, named, snapshot.trace_index[roots[places]].astype(np.int64))
    traces = pieces.merged(labels)
    is_named = np.arange(len(traces.start)) >= first
    if traces.tested.any() or is_named.any():
        return _of_tests(traces, is_named)[labels]
    return _of_stretches(len(snapshot), roots, trees.start_ns, seen.ends)[places]


def _chains(pieces: _Pieces, named: NDArray[np.int64], trace: NDArray[np.int64]) -> tuple[int, Labels]:
    """Labels for what certainly belongs together; from the returned number on, those of pipeline runs."""
    labels = np.empty(len(named), np.int32)
    others = np.flatnonzero(named == 0)
    labels[others] = _chained(pieces.only(others), trace[others], HOUR_NS)
    first = int(labels[others].max(initial=-1)) + 1
    _, dense = np.unique(named[named > 0], return_inverse=True)
    labels[named > 0] = first + dense
    return first, labels


def _families(snapshot: Snapshot, roots: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """By root, a number for its file and those whose names differ only in a number at the end.

    The two files of one `tracetui exec` are one.
    """
    families = snapshot.sources.grouped(_family).numbers[snapshot.sources_of(roots)]
    return families.astype(np.int64)


def _family(label: str) -> str:
    return family(_OF_COMMAND.sub(r"command-\1-", label))


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


def _of_tests(traces: _Pieces, is_named: NDArray[np.bool_]) -> Labels:
    """A label per trace: runs of tests first, then those of pipelines, then whatever is in none of them."""
    labels = np.empty(len(traces.start), np.int32)
    tested = np.flatnonzero(traces.tested & ~is_named)
    if len(tested):
        runs = traces.only(tested)
        near = _chained(runs, runs.family, NEAR_NS)
        labels[tested] = _together(runs.merged(near))[near]
    named = np.flatnonzero(is_named)
    count = int(labels[tested].max(initial=-1)) + 1
    labels[named] = count + np.arange(len(named))
    others = np.flatnonzero(~traces.tested & ~is_named)
    if len(others):
        known = np.flatnonzero(traces.tested | is_named)
        labels[others] = _joined(traces.only(others), traces.only(known).merged(labels[known]))
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
    """For traces without tests the run during which they begin, else labels of their own."""
    order = np.argsort(runs.start, kind="stable")
    before = np.searchsorted(runs.start[order], others.start, "right") - 1
    host = order[np.maximum(before, 0)]
    inside = (before >= 0) & (others.start <= runs.end[host] + NEAR_NS)
    alone = len(runs.start) + _chained(others, np.zeros(len(others.start), np.int64), NEAR_NS)
    labels = np.where(inside, host, alone)
    _, dense = np.unique(np.concatenate([np.arange(len(runs.start)), labels]), return_inverse=True)
    return dense[len(runs.start) :].astype(np.int32)


def _of_stretches(rows: int, roots: Rows, start: Nanoseconds, end: Nanoseconds) -> Labels:
    """A label per root if there are no tests at all: those of trees near each other in time."""
    labels = np.zeros(rows, np.int32)
    for number, (some, _) in enumerate(of_trees(roots, start, end)):
        labels[some] = number
    return labels[roots]
