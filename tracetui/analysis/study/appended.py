"""Arrays that only grow: readers of a shorter one keep theirs, and nothing is copied."""

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.revisions import roomy

Value = TypeVar("Value", bound=np.generic)


class Appended(Generic[Value]):
    """Makes arrays that continue another one."""

    def __init__(self) -> None:
        self._room: NDArray[Value] | None = None
        self._filled = 0

    def longer(self, before: NDArray[Value], more: NDArray[Value]) -> NDArray[Value]:
        """Both, one behind the other, read-only: a copy unless `before` is the last result."""
        length = len(before) + len(more)
        is_last = self._room is not None and before.base is self._room and len(before) == self._filled
        room = self._room if is_last else None
        if room is None or length > len(room):
            room = np.empty(roomy(length), before.dtype)
            room[: len(before)] = before
        room[len(before) : length] = more
        self._room, self._filled = room, length
        view = room[:length]
        view.flags.writeable = False
        return view
