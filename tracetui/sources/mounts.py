"""Whether a path is on a file system that does not report changes made elsewhere.

Source: proc_pid_mountinfo(5). Without that file, a file system counts as local.
"""

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

_REMOTE = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "drvfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "prl_fs",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    }
)
_ESCAPE = re.compile(rb"\\([0-7]{3})")


def remote_type(path: str) -> str:
    """The type of the file system of `path`, if that is remote or in user space; else empty."""
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:
        return ""
    place = os.fsencode(os.path.realpath(path))
    best, kind_of_best = -1, ""
    for line in lines:
        point, kind = _mount(line)
        if len(point) >= best and (place == point or place.startswith(point.rstrip(b"/") + b"/")):
            best, kind_of_best = len(point), kind
    return (
        kind_of_best
        if kind_of_best in _REMOTE or kind_of_best == "fuse" or kind_of_best.startswith("fuse.")
        else ""
    )


def _mount(line: bytes) -> tuple[bytes, str]:
    """A mount point, and its type."""
    before, _, after = line.partition(b" - ")
    fields = before.split()
    point = fields[4] if len(fields) > 4 else b""
    kind = after.split()[0].decode("ascii", "replace") if after.split() else ""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 8) & 0xFF]), point), kind
