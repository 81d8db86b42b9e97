"""The functions of the operating system that writing a span needs, safe from tests that replace them.

Libraries that fake a file system put their own `os` into every module, and tests replace its functions by
mocks. They do not look into classes.
"""

from __future__ import annotations

import os


class System:
    """Functions of `os`, as they were when tracing was imported."""

    chmod = staticmethod(os.chmod)
    close = staticmethod(os.close)
    fchmod = staticmethod(os.fchmod)
    fstat = staticmethod(os.fstat)
    ftruncate = staticmethod(os.ftruncate)
    getpid = staticmethod(os.getpid)
    lseek = staticmethod(os.lseek)
    makedirs = staticmethod(os.makedirs)
    mkdir = staticmethod(os.mkdir)
    open = staticmethod(os.open)
    pread = staticmethod(os.pread)
    stat = staticmethod(os.stat)
    unlink = staticmethod(os.unlink)
    urandom = staticmethod(os.urandom)
    write = staticmethod(os.write)
