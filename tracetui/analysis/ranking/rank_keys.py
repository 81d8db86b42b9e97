"""What a ranking can add up: which spans, and the groups they are counted in.

A group's number stays the same while texts are only appended to a recording.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

BEFORE_TEST = "before_test hooks (derived)"
AFTER_TEST = "after_test hooks (derived)"

Labels = NDArray[np.integer]
Groups = NDArray[np.int64]

_DERIVED = (BEFORE_TEST, AFTER_TEST)
"""The first groups of titles: what no span tells."""


class Grouping:
    """Spans of `role` (None: all) in groups; by default by their titles."""

    def __init__(self, role: Role | None) -> None:
        self.role = role

    def labels(self, snapshot: Snapshot) -> Labels:
        """By row, the value that decides its group."""
        return snapshot.title_id

    def of(self, labels: Labels, texts: Sequence[str]) -> Groups:  # noqa: ARG002
        """The groups of some `labels`."""
        return labels.astype(np.int64) + len(_DERIVED)

    def names(self, groups: Groups, texts: Sequence[str]) -> list[str]:
        """The names of ascending `groups`: foreign text."""
        derived = int(np.searchsorted(groups, len(_DERIVED)))
        titles = map(texts.__getitem__, (groups[derived:] - len(_DERIVED)).tolist())
        return [*map(_DERIVED.__getitem__, groups[:derived].tolist()), *titles]


class _Files(Grouping):
    """By the part before the first `::` of their names; the whole name if there is none."""

    def __init__(self) -> None:
        super().__init__(Role.TEST)
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._known = np.empty(0, np.int64)

    def of(self, labels: Labels, texts: Sequence[str]) -> Groups:
        self._known = np.append(self._known, np.full(len(texts) - len(self._known), -1))
        for title in distinct(labels[self._known[labels] < 0]).tolist():
            name = texts[title].partition("::")[0]
            number = self._known[title] = self._numbers.setdefault(name, len(self._numbers))
            if number == len(self._names):
                self._names.append(name)
        groups: Groups = self._known[labels]
        return groups

    def names(self, groups: Groups, texts: Sequence[str]) -> list[str]:  # noqa: ARG002
        return [self._names[group] for group in groups.tolist()]


class _Names(Grouping):
    """By the names of spans, whatever their role."""

    def labels(self, snapshot: Snapshot) -> Labels:
        return snapshot.name_id


class _Roles(Grouping):
    """By the role of spans."""

    def labels(self, snapshot: Snapshot) -> Labels:
        return snapshot.role

    def of(self, labels: Labels, texts: Sequence[str]) -> Groups:  # noqa: ARG002
        return labels.astype(np.int64)

    def names(self, groups: Groups, texts: Sequence[str]) -> list[str]:  # noqa: ARG002
        return [Role(group).label for group in groups.tolist()]


GROUPINGS: dict[str, Callable[[], Grouping]] = {
    "test": lambda: Grouping(Role.TEST),
    "file": _Files,
    "suite": lambda: Grouping(Role.SUITE),
    "hook": lambda: Grouping(Role.HOOK),
    "archiver": lambda: Grouping(Role.ARCHIVER),
    "role": lambda: _Roles(None),
    "name": lambda: _Names(None),
}
