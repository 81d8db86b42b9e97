"""What a span's way needs of the operating system, out of reach of tests that replace it.

Libraries that fake a file system put their own `os` into every module, and tests put mocks in the place of
its functions. They do not look into classes.
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
