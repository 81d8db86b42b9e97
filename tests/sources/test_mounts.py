"""Remote file systems are recognised, whatever they are called and wherever they are mounted."""

from pathlib import Path

import pytest

from tracetui.sources import mounts
from tracetui.sources.mounts import remote_type

TABLE = b"""\
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
22 21 0:20 / /mnt/share rw shared:2 master:3 - nfs4 server:/export rw
23 22 0:21 / /mnt/share/fast rw - tmpfs tmpfs rw
24 21 0:22 / /mnt/my\\040disk rw - fuse.sshfs me@there:/ rw
25 21 0:23 / /mnt/usb rw - fuseblk /dev/sdb1 rw
26 21 0:24 / /mnt/twice rw - ext4 /dev/vdb rw
27 21 0:25 / /mnt/twice rw - cifs //server/share rw
garbage
28 21
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/spans", ""),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/a/b", "nfs4"),
        ("/mnt/shared", ""),
        ("/mnt/share/fast/x", ""),
        ("/mnt/my disk/spans", "fuse.sshfs"),
        ("/mnt/usb/spans", ""),
        ("/mnt/twice", "cifs"),
    ],
)
def test_the_nearest_mount_decides(
    path: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest mount point above a path, of equal ones the last; broken lines do no harm."""
    table = tmp_path / "mountinfo"
    table.write_bytes(TABLE)
    monkeypatch.setattr(mounts, "MOUNTS", table)
    assert remote_type(path) == kind


def test_without_a_table_everything_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other systems have no such file."""
    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "missing")
    assert remote_type("/anywhere") == ""
