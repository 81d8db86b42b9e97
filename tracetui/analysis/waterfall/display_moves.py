"""Where the nodes of one tree are in the display order of a later one: stretches of it move as a whole."""

from typing import TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.tree_growth import Gaps
from tracetui.model.numbers.distinct import distinct

Value = TypeVar("Value", bound=np.generic)


class Moves(Struct, frozen=True, eq=False):
    """Stretches of nodes that moved from position `old` to position `new`, each of a length.

    `count` is how many nodes there are now. What is in no stretch is new, or moved by itself.
    """

    old: list[int]
    new: list[int]
    length: list[int]
    count: int

    def carried(self, values: NDArray[Value]) -> NDArray[Value]:
        """Values by old position as values by new position; undefined where none is known."""
        carried = np.empty(self.count, values.dtype)
        for old, new, length in zip(self.old, self.new, self.length, strict=True):
            carried[new : new + length] = values[old : old + length]
        return carried

    def shifted(self, positions: Rows) -> Rows:
        """The new positions of what was at these ascending `positions`."""
        shifted = positions.copy()
        bounds = [*np.searchsorted(positions, np.array(self.old, np.int32)).tolist(), len(positions)]
        for place, (old, new) in enumerate(zip(self.old, self.new, strict=True)):
            shifted[bounds[place] : bounds[place + 1]] += new - old
        return shifted


def moves(gaps: Gaps, after: Tree, rows: Rows) -> Moves:
    """The moves from an earlier tree to the one `after`: `rows` are new, or were in the `gaps`."""
    places = np.sort(after.position[rows]).astype(np.int64)
    breaks = np.flatnonzero(np.diff(places, prepend=-2) != 1)
    lengths = np.diff(breaks, append=len(places))
    begins = np.array(gaps.begins, np.int64)
    out, out_lengths = _places(begins, np.array(gaps.ends, np.int64) - begins)
    into, into_lengths = _places(places[breaks], lengths)
    kept = len(after.order) - len(places)
    cuts = distinct(np.concatenate((np.zeros(1, np.int64), out, into)))
    cuts = cuts[cuts < kept]
    old = cuts + out_lengths[np.searchsorted(out, cuts, "right")]
    new = cuts + into_lengths[np.searchsorted(into, cuts, "right")]
    length = np.diff(cuts, append=kept)
    return Moves(old.tolist(), new.tolist(), length.tolist(), len(after.order))


def _places(
    begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The positions of stretches among what stays, and the total length of those before each."""
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return begins - before[:-1], before
