"""Regular files that stay open as long as there are descriptors, and are opened again when there were not.

Of thousands of files most are idle: those that were not used for the longest time are closed to make room for
others. Opened again, a file must be the same one, by device and inode; its content the caller checks.
"""

import errno
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from tracetui.sources.descriptors import NoDescriptorLeftError, open_regular

_lock = threading.Lock()
_idle: OrderedDict["Handle", None] = OrderedDict()
"""Open and not in use, the longest idle first."""


class Handle:
    """One regular file. Raises `OSError` where it cannot be opened; `path` may change when it is renamed.

    It may be used by several threads at once.
    """

    def __init__(self, path: str) -> None:
        self.path = path
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
        """Its descriptor, not closed meanwhile; `OSError` ESTALE where `path` is another file now."""
        with _lock:
            self._take()
        try:
            yield self._descriptor
        finally:
            with _lock:
                self._give_back()

    def close(self) -> None:
        """For good: `lent` raises EBADF afterwards."""
        with _lock:
            self._closed = True
            _idle.pop(self, None)
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
        _idle.pop(self, None)

    def _give_back(self) -> None:
        self._users -= 1
        if self._users:
            return
        if self._closed:
            self._shut()
        else:
            _idle[self] = None

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
            if not _idle:
                raise
            _idle.popitem(last=False)[0]._shut()
