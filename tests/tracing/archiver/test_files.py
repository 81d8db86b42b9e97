"""What an archive makes of files of every kind."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import stat
import subprocess
import threading
from pathlib import Path

import pytest

import tracetui
from tests.tracing.archiver.archives import FREELY, left_out, manifest, members, pack
from tracetui.tracing.archiver.cores.sparse import data_extents
from tracetui.tracing.archiver.gather import Gathering, LeftOut, Root
from tracetui.tracing.archiver.tarball import Tarball


def test_every_file_is_there_and_in_the_manifest(tmp_path: Path) -> None:
    """Content, size and digest of each; private, under its final name, beside nothing but the account."""
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    contents = {"data/a.txt": b"hello", "data/empty": b"", "data/sub/big": os.urandom(700_000)}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    archive = pack(tmp_path / "spans", data)
    assert archive.path is not None
    found = members(archive.path)
    assert {name: found[name] for name in contents} == contents
    listed = manifest(archive.path)["members"]
    assert [(each["name"], each["size_bytes"], each["sha256"]) for each in listed] == [
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in contents.items()
    ]
    assert stat.S_IMODE(archive.path.stat().st_mode) == 0o600
    assert archive.size_bytes == archive.path.stat().st_size
    assert archive.sha256 == hashlib.sha256(archive.path.read_bytes()).hexdigest()
    assert not archive.is_truncated
    assert {path.name for path in archive.path.parent.iterdir()} == {".gitignore", ".lock", "test-1.tar.zst"}


def test_holes_cost_nothing(tmp_path: Path) -> None:
    """A file of 2 GiB with 2 MiB of data is archived as what it is, in less than 4 MiB."""
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.write(os.urandom(1 << 20))
        file.seek((2 << 30) - (1 << 20))
        file.write(os.urandom(1 << 20))
    archive = pack(tmp_path / "spans", sparse)
    assert archive.path is not None
    assert archive.size_bytes < 4 << 20
    assert archive.data_bytes <= sparse.stat().st_blocks * 512
    assert archive.members[0]["size_bytes"] == 2 << 30


@pytest.mark.parametrize("extents", [[], [0], [1], [0, 3], [2, 3, 7]])
def test_a_sparse_file_is_restored_by_tar(tmp_path: Path, extents: list[int]) -> None:
    """Python's tar and GNU's give back what was there, holes at the beginning and end included."""
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(8 << 20)
        for position in extents:
            file.seek(position << 20)
            file.write(os.urandom(70_000))
    archive = pack(tmp_path / "spans", sparse)
    assert archive.path is not None
    assert members(archive.path)["sparse"] == sparse.read_bytes()
    if shutil.which("tar") and shutil.which("zstd"):
        command = ["tar", "--zstd", "-xOf", str(archive.path), "sparse"]
        assert subprocess.run(command, capture_output=True, check=True).stdout == sparse.read_bytes()


def test_a_file_of_many_holes_has_a_map_of_bounded_size(tmp_path: Path) -> None:
    """Beyond a thousand parts the rest is taken as it reads; no data is missed."""
    sparse = tmp_path / "sparse"
    places = [number * 8192 for number in range(3000)]
    with sparse.open("wb") as file:
        for place in places:
            file.seek(place)
            file.write(b"x")
    with sparse.open("rb") as file:
        extents = data_extents(file.fileno(), sparse.stat().st_size)
    assert len(extents) <= 1024
    covered = {
        n for each in extents for n in range(each.offset // 8192, (each.offset + each.length + 8191) // 8192)
    }
    assert covered >= set(range(3000))


def test_special_files_are_named_and_never_opened(tmp_path: Path) -> None:
    """FIFO, socket, device, links of all kinds: each is left out, with the reason."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "file").write_text("x")
    os.mkfifo(data / "fifo")
    for name, target in {"inside": "file", "outside": "/etc/passwd", "loop": "loop", "dir": ".."}.items():
        (data / name).symlink_to(target)
    (data / "twin").hardlink_to(data / "file")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(data / "socket"))
        archive = pack(tmp_path / "spans", data, Root("glob", "/dev/null", "null"))
    assert left_out(archive) == {
        "fifo": "a FIFO",
        "socket": "a socket",
        "null": "a device",
        "inside": "a symbolic link",
        "outside": "a symbolic link",
        "loop": "a symbolic link",
        "dir": "a symbolic link",
        "twin": f"the same file as {data}/file",
    }
    assert archive.path is not None
    assert list(members(archive.path)) == ["data/file", "MANIFEST.json"]
    assert manifest(archive.path)["left_out_count"] == 8


def test_other_file_systems_are_not_entered() -> None:
    """A mount below a root is named and left out."""
    if not os.path.ismount("/dev/pts"):
        pytest.skip("no mount to try it with")
    found = Gathering().walk([Root("glob", "/dev", "dev")])
    assert LeftOut("/dev/pts", "on another file system") in list(found)


def test_names_that_could_harm_are_spelled_out(tmp_path: Path) -> None:
    """Escape characters, newlines and bytes that are no text are %XX; other writing stays."""
    data = tmp_path / "data"
    data.mkdir()
    for name in (b"esc\x1b[2J", b"new\nline", b"bad\xff", b"50%", "größe".encode()):
        Path(os.fsdecode(bytes(data) + b"/" + name)).write_text("x")
    archive = pack(tmp_path / "spans", data)
    assert archive.path is not None
    assert sorted(name for name in members(archive.path) if name != "MANIFEST.json") == [
        "data/50%25",
        "data/bad%FF",
        "data/esc%1B[2J",
        "data/größe",
        "data/new%0Aline",
    ]


def test_a_path_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    """What the system cannot name is named as far as it can be."""
    part = "d" * 250
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir(part, dir_fd=descriptor)
        below = os.open(part, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    (tmp_path / part / "file").write_text("x")
    archive = pack(tmp_path / "spans", tmp_path / part)
    assert [thing.why for thing in archive.left_out] == ["file name too long"]
    assert archive.path is not None
    assert f"{part}/file" in members(archive.path)
    shutil.rmtree(tmp_path / part)


@pytest.mark.parametrize("change", ["shrinks", "grows", "is overwritten"])
def test_a_file_that_changes_meanwhile_is_padded_or_cut(tmp_path: Path, change: str) -> None:
    """The archive is valid, and says what happened."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"x" * 1_000_000)
    asked: list[int] = []

    def room() -> int:
        asked.append(1)
        if len(asked) == 3:
            with victim.open("r+b") as file:
                file.seek(500_000 if change == "is overwritten" else 0)
                file.truncate(300_000 if change == "shrinks" else 1_000_000)
                file.seek(0, os.SEEK_SET if change == "is overwritten" else os.SEEK_END)
                file.write(b"" if change == "shrinks" else b"more")
        return 1 << 30

    with (tmp_path / "out").open("wb") as out, victim.open("rb") as file:
        tarball = Tarball(out.fileno(), room)
        packed = tarball.add_file("victim", file.fileno())
        tarball.close("MANIFEST.json", b"{}")
    assert packed is not None
    assert (
        packed.note
        == {
            "shrinks": "padded from 300000: it shrank",
            "grows": "cut at 1000000: it grew",
            "is overwritten": "changed while it was packed",
        }[change]
    )
    content = members(tmp_path / "out")["victim"]
    assert len(content) == 1_000_000
    assert hashlib.sha256(content).hexdigest() == packed.sha256


def test_files_that_vanish_meanwhile_do_no_harm(tmp_path: Path) -> None:
    """Every file is in the archive or left out with a reason, however the others fare."""
    data = tmp_path / "data"
    data.mkdir()
    for number in range(2000):
        (data / f"{number:04}").write_bytes(b"x" * 100)

    def remove() -> None:
        for path in sorted(data.iterdir(), reverse=True):
            path.unlink()

    remover = threading.Thread(target=remove)
    remover.start()
    archive = pack(tmp_path / "spans", data, Path(__file__))
    remover.join()
    assert archive.path is not None
    names = list(members(archive.path))
    assert len(names) == len(archive.members) + 1
    assert {thing.why for thing in archive.left_out} <= {"no such file or directory"}


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """An error of the disk and a file that is not there cost themselves only."""
    good = tmp_path / "good"
    good.write_text("x")
    bad = Root("glob", "/proc/self/mem", "mem")
    archive = pack(tmp_path / "spans", tmp_path / "missing", bad, good)
    assert left_out(archive) == {"missing": "no such file or directory", "mem": "input/output error"}
    assert [member["name"] for member in archive.members] == ["good"]


def test_the_trace_itself_is_not_archived(tmp_path: Path) -> None:
    """A root that holds the directory of spans is archived without it."""
    spans = tmp_path / "spans"
    spans.mkdir()
    (spans / "x.traces.jsonl").write_text("{}")
    (tmp_path / "file").write_text("x")
    archive = pack(spans, Root("glob", str(tmp_path), "all"), limits=FREELY)
    assert [member["name"] for member in archive.members] == ["all/file"]


def test_nothing_of_ours_unpacks_archives() -> None:
    """What an archive says of paths, links and devices is never acted upon: no code of ours extracts one."""
    ours = Path(tracetui.__file__).parent.rglob("*.py")
    assert not [
        path for path in ours if re.search(r"extractall|extractfile|unpack_archive", path.read_text())
    ]
