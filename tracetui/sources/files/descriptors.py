"""File descriptors: opened without ever blocking, read without short reads, and never exhausted."""

import errno
import os
import resource
import stat

from tracetui.errors import InputError

SPARE = 32
"""Descriptors kept free for listing directories, the terminal and the watcher."""

MOST = 1 << 16
"""More are not asked for: where the hard limit is a billion, children that close them all would crawl."""

_ADVICE = {
    errno.EMFILE: "too many open files; raise the limit (ulimit -n)",
    errno.ENFILE: "too many open files on this machine",
    errno.EACCES: "permission denied; check its mode and owner",
    errno.ENXIO: "not a regular file",
    errno.EBADF: "closed, or rewritten since; open it again",
    errno.ESTALE: "replaced by another file; open it again",
}


class UnreadableError(InputError):
    """A path that cannot be opened, listed or read now, and a short phrase why and what to do."""

    def __init__(self, path: str, error: OSError) -> None:
        self.path = path
        self.reason = _ADVICE.get(error.errno or 0) or (error.strerror or str(error)).lower()
        super().__init__(f"{path}: {self.reason}")


class NoDescriptorLeftError(OSError):
    """This process has as many files open as it may."""


def open_regular(path: str) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file, and its status. Raises OSError; ENXIO for any other kind of file."""
    try:
        # Without O_NONBLOCK, opening a FIFO that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.EMFILE:
            raise NoDescriptorLeftError(*error.args) from error
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.ENXIO, "not a regular file")
        _keep_some_spare(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, status


def read_exactly(descriptor: int, offset: int, length: int) -> bytes:
    """The bytes of a file at `offset`: fewer than `length` only at the file's end."""
    data = os.pread(descriptor, length, offset) if length > 0 else b""
    while 0 < len(data) < length and (more := os.pread(descriptor, length - len(data), offset + len(data))):
        data += more
    return data


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files as far as the hard one allows (at most `MOST`); the limit now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def _keep_some_spare(descriptor: int) -> None:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and descriptor >= soft - SPARE:
        raise NoDescriptorLeftError(errno.EMFILE, "too many open files")
