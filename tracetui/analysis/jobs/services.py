"""The services in a recording that is no test run."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

NO_SERVICE = -1


class Services(Struct, frozen=True, eq=False):
    """`names` (foreign text) in order of arrival, so that each keeps its number while more arrive.

    `of_origin` has each origin's service number, `NO_SERVICE` if its resource names none.
    """

    names: tuple[str, ...]
    of_origin: NDArray[np.int32]

    def number(self, snapshot: Snapshot, row: int) -> int:
        """The service of a row."""
        return int(self.of_origin[snapshot.origin_id[row]])

    def shared(self, snapshot: Snapshot, rows: NDArray[np.int32]) -> int:
        """The service that all of `rows` share; `NO_SERVICE` if there are several."""
        numbers = self.of_origin[snapshot.origin_id[rows]]
        return int(numbers[0]) if len(numbers) and (numbers == numbers[0]).all() else NO_SERVICE


def is_test_run(snapshot: Snapshot) -> bool:
    """Whether any span has a role in a test run."""
    return bool((snapshot.role != Role.OTHER).any())


def services(snapshot: Snapshot) -> Services | None:
    """The services of a recording; None for a test run, and if there are fewer than two: O(n)."""
    of_origin = [facts.service for facts in snapshot.resources]
    names = dict.fromkeys(name for name in of_origin if name)
    if len(names) < 2 or is_test_run(snapshot):
        return None
    numbers = {"": NO_SERVICE} | {name: number for number, name in enumerate(names)}
    return Services(tuple(names), np.array([numbers[name] for name in of_origin], np.int32))
