"""Bodies of HTTP requests, limited compressed and unpacked; compressed by gzip, deflate or zstd."""

import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_BYTES = 64 << 20
"""Of a body, compressed or not; the specification recommends it."""
MOST_WINDOW_LOG = 27
MOST_JSON_BYTES = 16 << 20
"""Of JSON, which takes many times the room once it is read."""
MOST_HELD_BYTES = 96 << 20
"""Of all bodies together that are being read, and of the lines that are made of them."""
_PIECE_BYTES = 64 << 10
_LINE_BYTES = 1 << 10


class TooLargeError(Exception):
    """The body, or what is made of it, is larger than the limit."""


class NoRoomError(Exception):
    """Too many large bodies arrive at once."""


class Room:
    """A budget of bytes for all bodies that are being read, whatever brought them."""

    def __init__(self, most: int = MOST_HELD_BYTES) -> None:
        self._most = self._left = most
        self._lock = threading.Lock()

    @contextmanager
    def lent(self) -> Iterator[Callable[[int], None]]:
        """Yield a function that reserves bytes, which are returned at the end.

        It raises `NoRoomError` if the budget is exhausted, and `TooLargeError` if it is by this one alone.
        """
        held = 0

        def take(count: int) -> None:
            nonlocal held
            if held + count > self._most:
                raise TooLargeError
            with self._lock:
                if count > self._left:
                    raise NoRoomError
                self._left -= count
            held += count

        try:
            yield take
        finally:
            with self._lock:
                self._left += held


class UnknownEncodingError(Exception):
    """The body is compressed in an unsupported way."""


class Stream(Protocol):
    """The source of a body."""

    def read(self, size: int, /) -> bytes:
        """Read `size` bytes; fewer only at its end."""

    def readline(self, limit: int, /) -> bytes:
        """Read up to the end of a line."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool:
        """Whether its end was reached."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """The unpacked content of some bytes, up to `max_length`."""


def body(stream: Stream, headers: Any, most: int, take: Callable[[int], None]) -> bytes:
    """The body that `headers` describe, unpacked; `take` is called for each piece before it is stored.

    Raises what `take` does, `TooLargeError`, `UnknownEncodingError`, and `ValueError` for one that is cut
    short or damaged.
    """
    encoding = (headers.get("content-encoding") or "identity").strip().lower()
    if encoding not in ("identity", *_UNPACKERS):
        raise UnknownEncodingError(f"unknown content-encoding; take {', '.join(_UNPACKERS)}")
    packed = _read(stream, headers, most, take)
    return packed if encoding == "identity" else _unpacked(packed, encoding, most, take)


def message(data: bytes, most: int, take: Callable[[int], None]) -> bytes:
    """A message of gRPC as it came, unpacked; raises what `body` does.

    How it is packed stands in a header that gRPC keeps for itself, but shows: no request begins like gzip's
    and deflate's streams do, with a wire type or a field that there are not.
    """
    take(len(data))
    encoding = next((name for name, head in _HEADS.items() if data.startswith(head)), "")
    return _unpacked(data, encoding, most, take) if encoding else data


def _read(stream: Stream, headers: Any, most: int, take: Callable[[int], None]) -> bytes:
    if "chunked" in (headers.get("transfer-encoding") or "").lower():
        return _chunks(stream, most, take)
    length = (headers.get("content-length") or "0").strip()
    if not (length.isascii() and length.isdecimal()):
        raise ValueError("no content-length")
    if int(length) > most:
        raise TooLargeError
    take(int(length))
    data = stream.read(int(length))
    if len(data) < int(length):
        raise ValueError("the body is cut short")
    return data


def _chunks(stream: Stream, most: int, take: Callable[[int], None]) -> bytes:
    """A chunked body (RFC 9112, 7.1); chunk extensions and trailers are skipped."""
    data = bytearray()
    while size := int(stream.readline(_LINE_BYTES).partition(b";")[0], 16):
        if size < 0 or len(data) + size > most:
            raise TooLargeError
        take(size)
        data += stream.read(size)
        if stream.readline(_LINE_BYTES) != b"\r\n":
            raise ValueError("a chunk is cut short")
    while stream.readline(_LINE_BYTES).strip():
        pass
    return cast("bytes", data)  # A copy would take as much again.


def _unpacked(data: bytes, encoding: str, most: int, take: Callable[[int], None]) -> bytes:
    """Unpacked twice, first only to measure it: what is too large takes no memory."""
    size = 0
    for piece in _pieces(data, encoding):
        size += len(piece)
        if size > most:
            raise TooLargeError
    take(size)
    made, end = bytearray(size), 0
    for piece in _pieces(data, encoding):
        made[end : end + len(piece)] = piece
        end += len(piece)
    return cast("bytes", made)


def _pieces(data: bytes, encoding: str) -> Iterator[bytes]:
    unpacker = _UNPACKERS[encoding]()
    try:
        piece = unpacker.decompress(data, _PIECE_BYTES)
        while piece:
            yield piece
            rest = getattr(unpacker, "unconsumed_tail", b"")
            piece = b"" if unpacker.eof else unpacker.decompress(rest, _PIECE_BYTES)
    except (zlib.error, zstd.ZstdError, EOFError) as error:
        raise ValueError(f"the body is damaged: {error}") from error
    if not unpacker.eof:
        raise ValueError("the body is cut short")


def _zstd() -> Any:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: MOST_WINDOW_LOG})


_HEADS = {"gzip": b"\x1f\x8b", "deflate": b"\x78"}
_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "gzip": lambda: zlib.decompressobj(31),
    "deflate": zlib.decompressobj,
    "zstd": _zstd,
}
