"""Fields of tar headers at their edges: octal digits, base 256, and what is beside them."""

import io
import tarfile

import pytest

from tracetui.sources.archives.tar import HEADER_BYTES, entries, is_tar, may_be_tar

S = 1_000_000_000


class Bytes:
    """A stream that is over once it was taken."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.over = True

    def take(self, limit: int) -> bytes:
        return self._data.read(limit)


def tarred(mtime: bytes = b"", name: str = "one", content: bytes = b"content") -> bytes:
    """An archive of one file; `mtime` is the twelve bytes of that field."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as made:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        made.addfile(info, io.BytesIO(content))
    data = bytearray(out.getvalue())
    if mtime:
        data[136:148] = mtime
        data[148:156] = b" " * 8
        data[148:156] = b"%06o\0 " % sum(data[:HEADER_BYTES])
    return bytes(data)


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        (b"00000000000\0", 0),
        (b"77777777777\0", 8**11 - 1),
        (b"14540000017 ", 0o14540000017),
        (b"\x80" + bytes(10) + b"\x01", 1),
        (b"\x80" + b"\0\0\0\x07" + b"\xff" * 7, 2**59 - 1),
        (b"\xff" * 12, 2**95 - 1),
    ],
)
def test_numbers(field: bytes, seconds: int) -> None:
    """When a member changed: in digits, and in base 256 without its first bit."""
    entry = next(entries(Bytes(tarred(field))))
    assert entry is not None
    assert (entry.name, entry.modified_ns) == ("one", seconds * S)
    assert b"".join(entry.pieces) == b"content"


@pytest.mark.parametrize(
    ("length", "told"), [(1, True), (HEADER_BYTES - 1, True), (HEADER_BYTES, False), (0, False)]
)
def test_how_many_bytes_tell(length: int, told: bool) -> None:
    """Fewer than a header may become one, a whole one is one or none."""
    head = tarred()[:length]
    assert (may_be_tar(head), is_tar(head)) == (told, length == HEADER_BYTES)


@pytest.mark.parametrize("size", [0, 1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1])
def test_padding(size: int) -> None:
    """Members begin at multiples of a header's length, whatever is in them."""
    data = tarred(content=b"x" * size)[: HEADER_BYTES + -(-size // HEADER_BYTES) * HEADER_BYTES]
    found = []
    for entry in entries(Bytes(data + tarred(name="two"))):
        assert entry is not None
        found.append((entry.name, len(b"".join(entry.pieces))))
    assert found == [("one", size), ("two", 7)]


def test_a_long_path_is_in_two_fields() -> None:
    """Of POSIX: what is before a slash stands in a field of its own; GNU has other things there."""
    data = tarred(name=f"{'d' * 90}/{'f' * 90}")
    found = next(entries(Bytes(data)))
    assert found is not None
    assert found.name == f"{'d' * 90}/{'f' * 90}"
    gnu = bytearray(data)
    gnu[257:265] = b"ustar  \0"
    gnu[148:156] = b" " * 8
    gnu[148:156] = b"%06o\0 " % sum(gnu[:HEADER_BYTES])
    found = next(entries(Bytes(bytes(gnu))))
    assert found is not None
    assert found.name == "f" * 90
