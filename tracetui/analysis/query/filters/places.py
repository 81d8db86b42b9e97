"""What a span belongs to: the suite, test, hook, file and lane around it, as indices of texts."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import nearest
from tracetui.model.role import Role

Ids = NDArray[np.int32]


class Texts(Struct, frozen=True, eq=False):
    """`ids` is by row: an index into `values`, -1 for none. Values are foreign text."""

    ids: Ids
    values: Sequence[str]


def around(findings: Findings, role: Role) -> Texts:
    """The titles of the nearest spans with a role, itself or above."""
    snapshot = findings.snapshot
    home = nearest(snapshot.role == role, findings.tree.parent)
    return Texts(np.where(home >= 0, snapshot.title_id[home], -1).astype(np.int32), snapshot.texts)


def files(findings: Findings) -> Texts:
    """The files of the tests they belong to: the part before `::` of a test's name."""
    tests = around(findings, Role.TEST)
    used = used_ids(tests.ids, len(tests.values))
    renumbered = np.full(len(tests.values) + 1, -1, np.int32)
    renumbered[used] = np.arange(len(used))
    return Texts(renumbered[tests.ids], [file_of(tests.values[number]) for number in used.tolist()])


def file_of(title: str) -> str:
    """The file that a test's name begins with; the whole name if nothing follows."""
    return title.partition("::")[0]


def lanes(findings: Findings) -> tuple[Texts, Texts, Texts]:
    """Every name of a span's lane, as three columns.

    The worker that the span or one above it names, which is the same in all shards; and of the lane that it
    is on, or inside of, the worker and the full name.
    """
    snapshot, parent, all_lanes = findings.snapshot, findings.tree.parent, findings.lanes.lanes
    empty = next((number for number, text in enumerate(snapshot.texts) if not text), -1)
    naming = nearest(snapshot.worker_id != empty, parent)
    worker = np.where(naming >= 0, snapshot.worker_id[naming], -1).astype(np.int32)
    of_block = np.full(len(snapshot), -1, np.int32)
    for number, lane in enumerate(all_lanes):
        of_block[lane.rows] = number
    block = nearest(of_block >= 0, parent)
    of = np.where(block >= 0, of_block[block], -1).astype(np.int32)
    return (
        Texts(worker, snapshot.texts),
        Texts(of, [lane.worker for lane in all_lanes]),
        Texts(of, [lane.name for lane in all_lanes]),
    )


def used_ids(ids: Ids, count: int) -> NDArray[np.intp]:
    """The numbers below `count` that occur in `ids`, ascending."""
    used = np.zeros(count + 1, np.bool_)
    used[ids] = True  # -1 is the one that is cut off.
    return np.flatnonzero(used[:-1])
