"""Some rows in display order, updated for the display order of a later tree."""

from bisect import bisect_left, bisect_right

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.waterfall.display_moves import Moves


class Marks(Struct, frozen=True, eq=False):
    """Some rows, and their positions in the display order, ascending.

    Looked up by `bisect`, as the screen does it for each line: numpy's search releases the interpreter's
    lock, and in a busy process it takes milliseconds to get it back.
    """

    rows: Rows
    positions: Rows

    def next(self, position: int, direction: int) -> int | None:
        """The nearest row after a position, or before it for a negative `direction`."""
        place = (
            bisect_right(self.positions, position)
            if direction > 0
            else bisect_left(self.positions, position) - 1
        )
        return int(self.rows[place]) if 0 <= place < len(self.rows) else None

    def between(self, first: int, last: int) -> Rows:
        """The rows at positions from `first` up to `last`, exclusive."""
        begin = bisect_left(self.positions, first)
        return self.rows[begin : bisect_left(self.positions, last, begin)]


def marks(tree: Tree, rows: NDArray[np.intp] | Rows) -> Marks:
    """`rows` in display order."""
    positions = tree.position[rows]
    order = np.argsort(positions)
    return Marks(rows[order].astype(np.int32), positions[order])


def grown(before: Marks, moves: Moves, gone: Rows, come: Marks) -> Marks:
    """The same without what was at the ascending positions `gone`, and with what has `come`: copies."""
    left = np.ones(len(before.rows), np.bool_)
    if len(before.rows):
        places = np.minimum(np.searchsorted(before.positions, gone), len(before.rows) - 1)
        left[places[before.positions[places] == gone]] = False
    positions = moves.shifted(before.positions[left])
    into = np.searchsorted(positions, come.positions)
    return Marks(np.insert(before.rows[left], into, come.rows), np.insert(positions, into, come.positions))
