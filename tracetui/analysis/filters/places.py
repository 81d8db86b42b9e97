"""What a span belongs to: the suite, test, hook, file and lane around it, as numbers of texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.findings import Findings
from tracetui.analysis.tree import nearest
from tracetui.model.role import Role

Ids = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Texts:
    """`ids` is by row: a place in `values`, -1 for none. Values are foreign text."""

    ids: Ids
    values: Sequence[str]


def around(findings: Findings, role: Role) -> Texts:
    """The titles of the nearest spans of a role, itself or above."""
    snapshot = findings.snapshot
    home = nearest(snapshot.role == role, findings.tree.parent)
    return Texts(np.where(home >= 0, snapshot.title_id[home], -1).astype(np.int32), snapshot.texts)


def files(findings: Findings) -> Texts:
    """The files of the tests they belong to: what stands before `::` in a test's name."""
    tests = around(findings, Role.TEST)
    used = used_ids(tests.ids, len(tests.values))
    renumbered = np.full(len(tests.values) + 1, -1, np.int32)
    renumbered[used] = np.arange(len(used))
    return Texts(renumbered[tests.ids], [file_of(tests.values[number]) for number in used.tolist()])


def file_of(title: str) -> str:
    """The file that a test's name begins with; the whole name where nothing follows."""
    return title.partition("::")[0]


def lane_names(findings: Findings) -> Texts:
    """The workers they ran on: named by the span or one above it, else its block's packed lane."""
    snapshot, parent = findings.snapshot, findings.tree.parent
    empty = next((number for number, text in enumerate(snapshot.texts) if not text), -1)
    naming = nearest(snapshot.worker_id != empty, parent)
    values = list(snapshot.texts)
    ids = np.where(naming >= 0, snapshot.worker_id[naming], -1).astype(np.int32)
    if (ids < 0).any():
        block_lane = np.full(len(snapshot), -1, np.int32)
        for lane in findings.lanes.lanes:
            if lane.packed:
                block_lane[lane.rows] = len(values)
                values.append(lane.name)
        block = nearest(block_lane >= 0, parent)
        ids = np.where(ids < 0, np.where(block >= 0, block_lane[block], -1), ids).astype(np.int32)
    return Texts(ids, values)


def used_ids(ids: Ids, count: int) -> NDArray[np.intp]:
    """The numbers below `count` that occur in `ids`, ascending."""
    used = np.zeros(count + 1, np.bool_)
    used[ids] = True  # -1 is the one that is cut off.
    return np.flatnonzero(used[:-1])
