"""Bodies of requests, bounded as they come and as they unpack."""

import gzip
import io
import sys
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.receive.bodies import NoRoomError, Room, TooLargeError, UnknownEncodingError, body

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS: dict[str, Any] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstd.compress,
    "identity": bytes,
}


def read(data: bytes, most: int = 1 << 20, **headers: str) -> bytes:
    """A body that comes with some headers; `content_length` is right unless it is given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if "transfer-encoding" not in named:
        named.setdefault("content-length", str(len(data)))
    counted: list[int] = []
    unpacked = body(io.BytesIO(data), named, most, counted.append)
    assert sum(counted) >= len(unpacked)
    return unpacked


def chunked(data: bytes, *sizes: int) -> bytes:
    """Data in chunks."""
    made, at = b"", 0
    for size in (*sizes, len(data)):
        piece = data[at : at + size]
        at += size
        made += b"%x;name=value\r\n%b\r\n" % (len(piece), piece) if piece else b""
    return made + b"0\r\nTrailer: x\r\n\r\n"


@settings(max_examples=examples(20))
@given(st.binary(max_size=5000), st.sampled_from(sorted(PACKERS)), st.lists(st.integers(1, 999), max_size=4))
def test_what_was_sent_arrives(data: bytes, encoding: str, sizes: list[int]) -> None:
    """However it is compressed, and in whatever chunks."""
    packed = PACKERS[encoding](data)
    assert read(packed, content_encoding=encoding) == data
    assert read(chunked(packed, *sizes), content_encoding=encoding, transfer_encoding="chunked") == data


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_limits(encoding: str) -> None:
    """The limit is that of what is unpacked: exactly so much is taken, and a bomb is stopped there."""
    assert len(read(PACKERS[encoding](b"x" * 100_000), 100_000, content_encoding=encoding)) == 100_000
    with pytest.raises(TooLargeError):
        read(PACKERS[encoding](b"x" * 100_001), 100_000, content_encoding=encoding)
    with pytest.raises(TooLargeError):
        read(PACKERS[encoding](b"\0" * (50 << 20)), 100_000, content_encoding=encoding)


def test_lengths_that_lie() -> None:
    """What is too long is not even read; what is cut short is none."""
    with pytest.raises(TooLargeError):
        read(b"", content_length=str(10 << 30))
    with pytest.raises(TooLargeError):
        read(b"ffffffff\r\n", transfer_encoding="chunked")
    cases: list[tuple[bytes, Any]] = [
        (b"abc", {"content_length": "4"}),
        (b"abc", {"content_length": "-1"}),
        (b"abc", {"content_length": "3a"}),
        (b"5\r\nab", {"transfer_encoding": "chunked"}),
        (b"", {"transfer_encoding": "chunked"}),
        (b"zz\r\n", {"transfer_encoding": "chunked"}),
    ]
    for data, headers in cases:
        with pytest.raises(ValueError, match=r"."):
            read(data, **headers)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_damaged_bodies(encoding: str) -> None:
    """What does not unpack, or not to its end, is none."""
    packed = PACKERS[encoding](bytes(range(256)) * 10)
    for data in (packed[:-4], b"nothing packed", b""):
        with pytest.raises(ValueError, match=r"."):
            read(data, content_encoding=encoding)


def test_room_is_for_all_together() -> None:
    """Who comes too late is told so, as is who wants all of it; what was lent is given back."""
    room = Room(100)
    with room.lent() as one, room.lent() as other:
        one(60)
        other(40)
        with pytest.raises(NoRoomError):
            one(1)
    with pytest.raises(TooLargeError), room.lent() as one:
        [one(count) for count in (100, 1)]
    with room.lent() as one:
        one(100)


def test_what_is_not_understood() -> None:
    """It is named what is."""
    with pytest.raises(UnknownEncodingError, match="gzip, deflate, zstd"):
        read(b"", content_encoding="br")
