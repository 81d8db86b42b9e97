"""The lanes of all spans, not only of tests: a process for each suite (or service), with lanes for its
workers.

Everything below a test is on the test's lane. What belongs to no worker, such as the suite itself, has a lane
of its own in its process.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, nearest, outermost
from tracetui.model.role import Role

INFERRED = " (inferred)"
OTHERS, SUITE = "spans", "suite"


class Lane(NamedTuple):
    """A worker's timeline in the process with this number; `name` is foreign text."""

    process: int
    name: str


class Lanes(Struct, frozen=True, eq=False):
    """`of` has the index of each row's lane in `lanes`; `processes` are names: foreign texts."""

    of: NDArray[np.int32]
    lanes: Sequence[Lane]
    processes: Sequence[str]


def lanes_of_all(findings: Findings) -> Lanes:
    """The lane of every span: O(n log n)."""
    snapshot, tree = findings.snapshot, findings.tree
    process, processes = _processes(findings)
    number = np.full(len(snapshot), -1, np.int32)
    lanes: list[Lane] = []
    for lane in findings.lanes_of(None).lanes:
        number[lane.rows] = len(lanes)
        name = lane.worker + INFERRED if lane.packed else lane.worker
        lanes.append(Lane(int(process[lane.rows[0]]), name))
    host = nearest(number >= 0, tree.parent)
    of = np.where(host >= 0, number[host], -1).astype(np.int32)
    for place, some in _others(findings, process, np.flatnonzero(of < 0)):
        if place not in lanes:
            lanes.append(place)
        of[some] = lanes.index(place)
    return Lanes(of, lanes, processes)


def _processes(findings: Findings) -> tuple[NDArray[np.int64], list[str]]:
    """By row the number of its process: its outermost suite, else the service that wrote it."""
    snapshot, tree = findings.snapshot, findings.tree
    suite = nearest(outermost(snapshot.role == Role.SUITE, tree.parent), tree.parent)
    services = [resource.service for resource in snapshot.resources]
    known = {name: number for number, name in enumerate(dict.fromkeys(services))}
    service = np.array([known[name] for name in services], np.int64)
    code = np.where(suite >= 0, suite, len(snapshot) + service[snapshot.origin_id])
    codes, of = np.unique(code, return_inverse=True)
    by_number = list(known)
    names = [
        findings.title(process) if process < len(snapshot) else by_number[process - len(snapshot)] or OTHERS
        for process in codes.tolist()
    ]
    return of, names


def _others(
    findings: Findings, process: NDArray[np.int64], rows: NDArray[np.intp]
) -> Iterator[tuple[Lane, NDArray[np.intp]]]:
    """Spans that are not in or below a test: with their worker if they name one, else with their suite."""
    snapshot, tree = findings.snapshot, findings.tree
    empty = next((number for number, text in enumerate(snapshot.texts) if not text), -1)
    naming: Rows = nearest(snapshot.worker_id != empty, tree.parent, rows)
    worker = np.where(naming >= 0, snapshot.worker_id[naming], -1).astype(np.int64)
    in_suite = nearest(snapshot.role == Role.SUITE, tree.parent, rows) >= 0
    keys = np.stack([process[rows], worker, in_suite], axis=1)
    places, of = np.unique(keys, axis=0, return_inverse=True)
    for number, (home, name, is_suite) in enumerate(places.tolist()):
        text = snapshot.texts[name] if name >= 0 else SUITE if is_suite else OTHERS
        yield Lane(home, text), rows[of.reshape(-1) == number]
