"""Regular files that stay open while there is something left to read, and are reopened when needed.

Of thousands of files most are idle. Those that were read to their end share `MOST_AT_REST` descriptors; of
the others, the least recently used are closed when descriptors run out. When it is reopened, a file must be
the same one, by device and inode; its content is the caller's to check.
"""

import errno
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from tracetui.sources.files.descriptors import NoDescriptorLeftError, open_regular

MOST_AT_REST = 64
"""So many files that were read to their end stay open, those that were used last."""

_lock = threading.Lock()
_idle: OrderedDict["Handle", None] = OrderedDict()
_at_rest: OrderedDict["Handle", None] = OrderedDict()
"""Open and not in use, the longest idle first: with something left to read, and without."""


class Handle:
    """One regular file. Raises `OSError` if it cannot be opened; `path` may change when it is renamed.

    The reader sets `is_at_rest` if nothing is left to read now. Several threads may use it at once.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.is_at_rest = False
        self._users = 0
        self._closed = False
        with _lock:
            self._descriptor, self.status = _opened(path)
            _idle[self] = None

    @property
    def is_open(self) -> bool:
        """Whether it has a descriptor now."""
        return self._descriptor >= 0

    @contextmanager
    def lent(self) -> Iterator[int]:
        """Its descriptor, which stays open meanwhile; `OSError` ESTALE if `path` is another file now."""
        with _lock:
            self._take()
        try:
            yield self._descriptor
        finally:
            with _lock:
                self._give_back()

    def close(self) -> None:
        """Close it permanently: `lent` raises EBADF afterwards."""
        with _lock:
            self._closed = True
            self._wake()
            if not self._users:
                self._shut()

    def _take(self) -> None:
        if self._closed:
            raise OSError(errno.EBADF, "closed")
        if self._descriptor < 0:
            descriptor, status = _opened(self.path)
            if (status.st_dev, status.st_ino) != (self.status.st_dev, self.status.st_ino):
                os.close(descriptor)
                raise OSError(errno.ESTALE, "replaced by another file")
            self._descriptor = descriptor
        self._users += 1
        self._wake()

    def _wake(self) -> None:
        _idle.pop(self, None)
        _at_rest.pop(self, None)

    def _give_back(self) -> None:
        self._users -= 1
        if self._users:
            return
        if self._closed:
            self._shut()
        elif not self.is_at_rest:
            _idle[self] = None
        else:
            _at_rest[self] = None
            while len(_at_rest) > MOST_AT_REST:
                _shut_oldest(_at_rest)

    def _shut(self) -> None:
        # Not a number that another file may get: later reads must fail, not answer with foreign bytes.
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _opened(path: str) -> tuple[int, os.stat_result]:
    while True:
        try:
            return open_regular(path)
        except NoDescriptorLeftError:
            if not (_at_rest or _idle):
                raise
            _shut_oldest(_at_rest or _idle)


def _shut_oldest(handles: OrderedDict[Handle, None]) -> None:
    handles.popitem(last=False)[0]._shut()
