"""What many arrays begin with, in memory once for all of them: pages of a file that each maps privately.

A page that is written to becomes the array's own (mmap(2), MAP_PRIVATE); all others are shared.
"""

import os
import tempfile
from mmap import ACCESS_COPY, PAGESIZE, mmap
from pathlib import Path
from typing import Generic, TypeVar
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)

OPEN = 2048
"""So many values at the end, and up to as many more, are not sealed: what is new changes most often."""


class Sealed(Generic[Value]):
    """The first `count` values of arrays of `most`: what is sealed never changes.

    Raises `OSError` where there is no memory for it, or no file may be opened.
    """

    def __init__(self, dtype: np.dtype[Value], most: int) -> None:
        self.count = 0
        self.most = most
        self._dtype = dtype
        self._file = _file()
        finalize(self, os.close, self._file)
        os.truncate(self._file, most * dtype.itemsize)  # What is not written takes no memory.

    def seal(self, values: NDArray[Value]) -> bool:
        """Seal more of `values`, which begin with what is sealed: whole pages, if there are enough."""
        page = max(1, PAGESIZE // self._dtype.itemsize)
        count = (len(values) - OPEN) // page * page
        if count - self.count < OPEN:
            return False
        left = np.ascontiguousarray(values[self.count : count]).data.cast("B")
        while left:
            left = left[os.pwrite(self._file, left, count * self._dtype.itemsize - len(left)) :]
        self.count = count
        return True

    def array(self) -> NDArray[Value]:
        """One that begins with what is sealed; the rest is to be written."""
        return np.frombuffer(mmap(self._file, 0, access=ACCESS_COPY), self._dtype)


def _file() -> int:
    """The descriptor of a file without a name: in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tracetui")
    descriptor, path = tempfile.mkstemp()
    Path(path).unlink()
    return descriptor
