"""Every test of tracing begins in an environment that says nothing about tracing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry import context as contexts
from opentelemetry.context import Context

from tests.tracing.recording import VARIABLES


@pytest.fixture(autouse=True)
def _no_tracing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    # A tracing that a test has not shut down leaves its context behind.
    contexts.attach(Context())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


# How each is made, in the directory that it is mounted on.
FILE_SYSTEMS = {
    "tmpfs": "mount -t tmpfs -o size=200m tmpfs disk",
    "ext4": "truncate -s 400m image; mkfs.ext4 -q image; mount -o loop image disk",
    "xfs": "truncate -s 400m image; mkfs.xfs -q image; mount -o loop image disk",
    "btrfs": "truncate -s 400m image; mkfs.btrfs -q image; mount -o loop image disk",
    # An overlay cannot lie on another one.
    "overlay": "mount -t tmpfs -o size=200m tmpfs disk; cd disk; mkdir lower upper work; "
    "mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay .",
}


@pytest.fixture(
    params=[
        "the machine's own",
        "tmpfs",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in FILE_SYSTEMS if name != "tmpfs"),
    ]
)
def file_system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A directory on a file system of this kind."""
    if request.param not in FILE_SYSTEMS:
        yield tmp_path
        return
    disk = tmp_path / "disk"
    disk.mkdir()
    make = ["sh", "-ec", FILE_SYSTEMS[request.param]]
    try:
        made = subprocess.run(make, cwd=tmp_path, capture_output=True, check=False, text=True)
        if made.returncode:
            pytest.skip(f"may not make one: {made.stderr.strip()}")
        yield disk
    finally:
        while subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=False).returncode == 0:
            pass
