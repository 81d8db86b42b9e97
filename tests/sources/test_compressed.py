"""Compressed sources: many members, cut short, still being written, damaged, and bombs."""

import contextlib
import gzip
import os
import sys
import tempfile
import tracemalloc
import zlib
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.sources.reading import drain, line
from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.followed import FollowedFile
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.unpacking import budget
from tracetui.sources.unpacking.compressed import Unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Kind = Literal["gzip", "zstd"]
KINDS: tuple[Kind, ...] = ("gzip", "zstd")
SPANS = b"".join(map(line, range(30)))


def pack(kind: Kind, data: bytes) -> bytes:
    return gzip.compress(data, mtime=0) if kind == "gzip" else zstd.compress(data)


def frames(*messages: bytes) -> bytes:
    """What the Collector's file exporter writes with `compression: zstd`."""
    packed = [zstd.compress(message) for message in messages]
    return b"".join(len(part).to_bytes(4, "big") + part for part in packed)


def descriptors() -> set[str]:
    """The open files of this process below the temporary directory, with their modes."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(f"{entry.readlink()} {oct(entry.stat().st_mode & 0o777)}")
    return {name for name in found if name.startswith(tempfile.gettempdir())}


class Bytes:
    """A source in memory that gives its bytes in pieces of one size."""

    label = "memory"
    reset = vanished = False
    modified_ns = 0

    def __init__(self, data: bytes, piece: int = 1 << 16) -> None:
        self.size, self._data, self._piece, self._at = len(data), data, piece, 0

    @property
    def ended(self) -> bool:
        return self._at >= self.size

    def read(self, limit: int) -> Block | None:
        start, self._at = self._at, min(self._at + min(limit, self._piece), self.size)
        return Block(start, self._data[start : self._at]) if self._at > start else None

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    def close(self) -> None:
        self._at = self.size


def unpack(data: bytes, piece: int = 1 << 16) -> tuple[bytes, str]:
    """All that comes out of `data`, and the trouble."""
    source = Unpacked(Bytes(data, piece))
    unpacked = b""
    while not source.ended:
        unpacked += drain(source)
    assert source.size == len(unpacked)
    if unpacked:
        assert source.read_at(1, len(unpacked) - 1) == unpacked[1:]
    source.close()
    return unpacked, source.trouble


@settings(max_examples=examples(20))
@given(
    st.sampled_from(KINDS),
    st.lists(st.binary(max_size=40), min_size=1, max_size=5),
    st.integers(1, 50),
    st.integers(0, 9),
)
def test_members_one_after_the_other_are_one_stream(
    kind: Kind, parts: list[bytes], piece: int, zeros: int
) -> None:
    """One to five members, however they are cut, and zeros behind the last."""
    data = b"".join(pack(kind, part) for part in parts) + b"\0" * zeros
    assert unpack(data, piece) == (b"".join(parts), "")


@pytest.mark.parametrize("kind", KINDS)
def test_cut_at_every_byte(kind: Kind) -> None:
    """Whatever stands before the cut comes out, and what is cut short says that it is incomplete."""
    first, second = pack(kind, SPANS[:999]), pack(kind, os.urandom(300))
    data = first + second
    for cut in range(8, len(data)):
        unpacked, trouble = unpack(data[:cut])
        assert unpacked[:999] == SPANS[: len(unpacked[:999])]
        assert (len(unpacked) >= 999) or cut < len(first)
        assert bool(trouble) == (cut != len(first))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_flushed_comes_out_of_a_cut_member(kind: Kind) -> None:
    """A writer that flushes as it goes loses only what it had not flushed."""
    if kind == "gzip":
        packer = zlib.compressobj(wbits=31)
        data = packer.compress(SPANS) + packer.flush(zlib.Z_SYNC_FLUSH)
    else:
        packer_ = zstd.ZstdCompressor()
        data = packer_.compress(SPANS, packer_.FLUSH_BLOCK)
    unpacked, trouble = unpack(data)
    assert unpacked == SPANS
    assert trouble.startswith("incomplete")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(15))
@given(st.data())
def test_damage_is_told_and_never_raised(kind: Kind, data: st.DataObject) -> None:
    """A flipped byte: what came before it comes out, or the checksum notices."""
    packed = bytearray(pack(kind, SPANS))
    place = data.draw(st.integers(4, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    unpacked, trouble = unpack(bytes(packed), data.draw(st.integers(1, 500)))
    assert trouble or unpacked == SPANS or kind == "zstd"


@pytest.mark.parametrize("kind", KINDS)
def test_garbage_behind_the_last_member_is_told(kind: Kind) -> None:
    """All members come out; what follows them is said to be none."""
    unpacked, trouble = unpack(pack(kind, SPANS) + b"garbage")
    assert unpacked == SPANS
    assert "after 1 whole" in trouble


def test_frames_of_the_collector_come_out_behind_their_lengths() -> None:
    """Compressed each for itself, they come out as if they had been written plain."""
    plain = b"".join(len(part).to_bytes(4, "big") + part for part in (SPANS, b"two", SPANS[:5]))
    for piece in (1, 7, 1 << 16):
        assert unpack(frames(SPANS, b"two", SPANS[:5]), piece) == (plain, "")


def test_cut_frames_say_so() -> None:
    """Whole frames come out."""
    data = frames(b"one", SPANS)
    for cut in range(len(frames(b"one")) + 1, len(data)):
        unpacked, trouble = unpack(data[:cut])
        assert unpacked == b"\0\0\0\3one"
        assert trouble.startswith("incomplete")


@pytest.mark.parametrize(
    "plain", [b"", b"{", b"\x1f", b"\0\0\0", b"(not packed)", b"\x1f\x8b", SPANS, b"\0" * 99]
)
def test_plain_bytes_pass_through(plain: bytes) -> None:
    """Also those that begin like compressed ones, and those too short to tell."""
    for piece in (1, 3, 1 << 16):
        assert unpack(plain, piece) == (plain, "")


def test_nothing_is_unpacked_twice() -> None:
    """A compressed file within a compressed file stays what it is."""
    inner = pack("gzip", SPANS)
    assert unpack(pack("zstd", inner)) == (inner, "")


def test_a_file_still_being_written_is_followed(tmp_path: Path) -> None:
    """What was flushed is read as it comes; the file has not ended."""
    path = tmp_path / "live.gz"
    packer = zlib.compressobj(wbits=31)
    with path.open("wb", buffering=0) as file:
        source = Unpacked(FollowedFile(path))
        for number in range(5):
            file.write(packer.compress(line(number)) + packer.flush(zlib.Z_SYNC_FLUSH))
            assert drain(source) == line(number)
            assert not source.ended
        file.write(packer.flush() + pack("gzip", line(7)))
    assert drain(source) == line(7)
    assert (source.ended, source.trouble) == (False, "")
    path.unlink()
    assert source.read(10) is None
    assert source.ended
    assert source.read_at(0, len(line(0))) == line(0)
    source.close()


def test_it_is_kept_where_nobody_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked bytes are in a file without a name, of mode 0600; the packed file is let go of."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "x").write_bytes(pack("gzip", SPANS))
    before = descriptors()
    source = Unpacked(RecordedFile(tmp_path / "x"))
    assert drain(source) == SPANS
    assert source.read(1) is None
    (kept,) = descriptors() - before
    assert kept.startswith(f"{tmp_path}/#")
    assert kept.endswith(" (deleted) 0o600")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    source.close()
    with pytest.raises(InputError, match="gone"):
        source.read_at(0, 1)


@pytest.mark.parametrize("kind", [*KINDS, "frames"])
def test_a_bomb_is_stopped(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit, at such a ratio, nothing more is unpacked, and it is said; memory stays flat."""
    monkeypatch.setattr(budget, "MOST_BYTES", 8 << 20)
    zeros = bytes(200 << 20)
    source = Unpacked(
        Bytes(frames(zeros) if kind == "frames" else pack("zstd" if kind == "zstd" else "gzip", zeros))
    )
    tracemalloc.start()
    unpacked = 0
    while not source.ended:
        block = source.read(1 << 18)
        unpacked += len(block.data) if block else 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert unpacked <= (8 << 20) + (1 << 18)
    assert peak < (160 << 20 if kind == "frames" else 4 << 20)
    assert "bomb" in source.trouble or "unpacks to more" in source.trouble
    source.close()


def test_zstd_that_wants_too_much_memory_is_refused() -> None:
    """A window of 1 GiB is not allocated."""
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 30}
    packer = zstd.ZstdCompressor(options=options)
    data = packer.compress(SPANS) + packer.flush()
    unpacked, trouble = unpack(data)
    assert (unpacked, trouble[:10]) == (b"", "incomplete")


def test_a_full_disk_ends_it_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with standard input: one line names TMPDIR."""
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
        source = Unpacked(Bytes(pack("zstd", SPANS)))
        with pytest.raises(InputError, match="TMPDIR"):
            drain(source)
        assert source.ended
