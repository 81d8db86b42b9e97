"""Zip archives made field by field: sizes of 64 bits, each way to pack, each way to tell sizes late."""

import bz2
import datetime as dt
import lzma
import os
import sys
import zlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from struct import pack

import pytest

from tests.sources.reading import drain
from tracetui.sources.archives.entry import DamageError
from tracetui.sources.archives.zip import entries
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.unpacking.budget import Budget
from tracetui.sources.unpacking.compressed import Unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FULL, FULL_COUNT = 0xFFFFFFFF, 0xFFFF
CONTENTS = {"one": b"first " * 9, "two": b"second " * 9}


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def local(name: str, content: bytes, method: int, packed: bytes, flags: int = 0) -> bytes:
    """What stands before a member, and its bytes; where sizes follow, none are told here."""
    sizes = (0, 0, 0) if flags & 8 else (zlib.crc32(content), len(packed), len(content))
    head = pack("<4s5H3I2H", b"PK\x03\x04", 45, flags, method, 0, 0, *sizes, len(name), 0)
    return head + name.encode() + packed


def archive(method: int, packer: Callable[[bytes], bytes], *, wide: bool = False) -> bytes:
    """All members, and the directory; `wide` has every number that can be in 64 bits."""
    made, directory = b"", b""
    for name, content in CONTENTS.items():
        packed, at = packer(content), len(made)
        made += local(name, content, method, packed)
        extra = pack("<2H3Q", 1, 24, len(content), len(packed), at) if wide else b""
        extra = pack("<2H2s", 9, 2, b"xx") + extra
        told = (FULL, FULL, FULL) if wide else (len(packed), len(content), at)
        sizes = (zlib.crc32(content), *told[:2], len(name), len(extra), 0, 0, 0, 0)
        directory += pack("<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, method, 0, 0, *sizes, told[2])
        directory += name.encode() + extra
    at, count, length = len(made), len(CONTENTS), len(directory)
    made += directory
    if wide:
        end = len(made)
        made += pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, at)
        made += pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
        count, length, at = FULL_COUNT, FULL, FULL
    return made + pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, length, at, 0)


def members(data: bytes) -> dict[str, bytes]:
    """What is read of an archive; it may be damaged behind that."""
    found = {}
    try:
        for entry in entries(lambda at, size: data[at : at + size], len(data), Budget()):
            if entry:
                found[entry.name] = b"".join(entry.pieces)
    except DamageError as damage:
        found["damage"] = str(damage).encode()
    return found


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("method", "packer"),
    [
        (0, bytes),
        (8, deflated),
        (12, bz2.compress),
        (93, zstd.compress),
        (95, lzma.compress),
    ],
)
def test_each_way_to_pack(method: int, packer: Callable[[bytes], bytes], *, wide: bool) -> None:
    """With numbers of 32 bits and of 64; behind a program that unpacks it too."""
    made = archive(method, packer, wide=wide)
    assert members(made) == CONTENTS
    if not wide:
        assert members(b"a program" + made) == CONTENTS


@pytest.mark.parametrize("method", [7, 9, 11, 13, 92, 94, 96, 98])
def test_other_ways_to_pack_are_told(method: int) -> None:
    """A number beside one that is known is not it."""
    assert "damage" in members(archive(method, deflated))


@pytest.mark.parametrize("magic", [b"", b"PK\x07\x08"])
@pytest.mark.parametrize("wide", ["<3I", "<I2Q"])
def test_sizes_that_follow(magic: bytes, wide: str) -> None:
    """In each of four lengths, in an archive that has lost its directory."""
    made = b""
    for name, content in CONTENTS.items():
        packed = deflated(content)
        made += local(name, content, 8, packed, flags=8)
        made += magic + pack(wide, zlib.crc32(content), len(packed), len(content))
    assert {name: members(made)[name] for name in CONTENTS} == CONTENTS


def test_what_looks_like_a_locator_is_a_comment() -> None:
    """Sizes of 64 bits are looked for only where those of 32 bits are full."""
    made = archive(0, bytes)
    locator = pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    end = made.rindex(b"PK\x05\x06")
    last = made.rindex(b"PK\x01\x02")
    whole = bytearray(made[:end] + locator + made[end:])
    whole[last + 32 : last + 34] = pack("<H", len(locator))
    whole[end + len(locator) + 12 : end + len(locator) + 16] = pack(
        "<I", end + len(locator) - made.index(b"PK\x01\x02")
    )
    assert members(bytes(whole)) == CONTENTS


@pytest.mark.parametrize(
    ("date", "time", "modified"),
    [
        (0, 0, "1980-01-01T00:00:00"),
        (46 << 9 | 11 << 5 | 30, 9 << 11 | 41 << 5 | 29, "2026-11-30T09:41:58"),
        (1 << 9 | 15 << 5 | 1, 0, "1981-12-01T00:00:00"),
    ],
)
def test_when_a_member_changed(date: int, time: int, modified: str) -> None:
    """In steps of two seconds; without a month or a day it is the first."""
    made = bytearray(archive(0, bytes))
    at = made.index(b"PK\x01\x02")
    made[at + 12 : at + 16] = pack("<2H", time, date)
    entry = next(entries(lambda at, size: bytes(made[at : at + size]), len(made), Budget()))
    assert entry is not None
    assert (
        entry.modified_ns == int(dt.datetime.fromisoformat(f"{modified}+00:00").timestamp()) * 1_000_000_000
    )


def test_an_archive_that_ends_with_its_first_member(tmp_path: Path) -> None:
    """Nothing is asked for beyond its end: that member is whole, and the archive is cut short."""
    path = tmp_path / "x.zip"
    path.write_bytes(local("one", CONTENTS["one"], 0, CONTENTS["one"]))
    os.utime(path, ns=(10**18, 10**18))
    source = Unpacked(RecordedFile(path))
    assert source.read(1 << 16) is None
    assert source.archive is not None
    member = source.archive.next()
    assert member is not None
    assert drain(member) == CONTENTS["one"]
    assert source.archive.next() is None
    assert source.archive.trouble == "incomplete: the zip archive is cut short; what is whole is shown"
    source.close()


def test_progress_begins_with_the_first_member(tmp_path: Path) -> None:
    """Not with the directory at the end, which is read first."""
    path = tmp_path / "x.zip"
    path.write_bytes(archive(0, bytes))
    os.utime(path, ns=(10**18, 10**18))
    source = Unpacked(RecordedFile(path))
    assert source.read(1 << 16) is None
    assert source.archive is not None
    member = source.archive.next()
    assert member is not None
    assert source.progress == (0, path.stat().st_size)
    assert drain(member) == CONTENTS["one"]
    second = source.archive.next()
    assert second is not None
    assert drain(second) == CONTENTS["two"]
    assert 0 < source.progress[0] < path.read_bytes().index(b"PK\x01\x02")
    source.close()


@pytest.mark.parametrize(("count", "is_all"), [(50_000, True), (50_001, False)])
def test_at_most_50_000_members_are_read(count: int, is_all: bool) -> None:
    """One more is told; all of these stand at the same place."""
    content = local("one", b"x", 0, b"x")
    sizes = (zlib.crc32(b"x"), 1, 1, len("one"), 0, 0, 0, 0, 0)
    listed = pack("<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, *sizes, 0) + b"one"
    end = pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(listed) * count, len(content), 0)
    data = content + listed * count + end
    members = entries(lambda at, size: data[at : at + size], len(data), Budget())
    assert sum(1 for _ in islice(members, 50_000)) == 50_000
    if is_all:
        assert next(members, None) is None
    else:
        with pytest.raises(DamageError, match="more than 50000 members"):
            next(members)
