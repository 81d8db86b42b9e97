"""What a ranking can add up: which spans, and what each of them is counted under."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import distinct
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


class Grouped(NamedTuple):
    """By row, the number of its group and whether it counts; `labels` names the groups (foreign text)."""

    of: NDArray[np.int32]
    counts: NDArray[np.bool_]
    labels: Sequence[str]


Grouping = Callable[[Snapshot], Grouped]


def _titles(role: Role) -> Grouping:
    return lambda snapshot: Grouped(snapshot.title_id, snapshot.role == role, snapshot.texts)


def _files(snapshot: Snapshot) -> Grouped:
    """Tests by what stands before the first `::` of their names; where there is none, that is the file."""
    tests = snapshot.role == Role.TEST
    titles = distinct(snapshot.title_id[tests])
    numbers: dict[str, int] = {}
    file_of = np.zeros(len(snapshot.texts), np.int32)
    for title in titles.tolist():
        name = snapshot.texts[title].partition("::")[0]
        file_of[title] = numbers.setdefault(name, len(numbers))
    return Grouped(file_of[snapshot.title_id] if len(titles) else snapshot.title_id, tests, list(numbers))


def _roles(snapshot: Snapshot) -> Grouped:
    labels = [role.label for role in Role]
    return Grouped(snapshot.role.astype(np.int32), np.ones(len(snapshot), np.bool_), labels)


def _names(snapshot: Snapshot) -> Grouped:
    return Grouped(snapshot.name_id, np.ones(len(snapshot), np.bool_), snapshot.texts)


GROUPINGS: dict[str, Grouping] = {
    "test": _titles(Role.TEST),
    "file": _files,
    "suite": _titles(Role.SUITE),
    "hook": _titles(Role.HOOK),
    "archiver": _titles(Role.ARCHIVER),
    "role": _roles,
    "name": _names,
}
