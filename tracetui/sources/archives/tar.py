"""Reads tar archives as streams.

Sources: POSIX.1-2017 `pax` (ustar and extended headers), the GNU tar manual (long names, sizes in base 256).
"""

from collections.abc import Generator, Iterator
from typing import Protocol

from tracetui.sources.archives.entry import PIECE_BYTES, DamageError, Entries, Entry

HEADER_BYTES = 512
_NAME_BYTES = 100
_MOST_TOLD_BYTES = 1024 * 1024
"""Longer names and extended headers are not looked at."""

_REGULAR = (b"0", b"\0", b"7")
_EXTENDED, _LONG_NAME = b"x", b"L"
_CUT_SHORT = "incomplete: the tar archive is cut short, or still being written"


class Stream(Protocol):
    """A source of an archive's bytes."""

    @property
    def over(self) -> bool:
        """Whether no more will come."""

    def take(self, limit: int) -> bytes:
        """The next bytes, at most `limit`; empty if there are none now, or at the end."""


def may_be_tar(head: bytes) -> bool:
    """Whether the first bytes are too few to decide: a name, and only zeros after it."""
    if not head or len(head) >= HEADER_BYTES or head[:1] in b"{[ ":
        return False
    name = head[:_NAME_BYTES].rstrip(b"\0")
    return bool(name) and min(name) >= ord(" ")


def is_tar(head: bytes) -> bool:
    """Whether the first `HEADER_BYTES` are a header: by their checksum, which every kind of tar has."""
    header = head[:HEADER_BYTES]
    if len(header) < HEADER_BYTES or header[:1] in b"{[ \0":
        return False
    return _checksum(header) == _number(header, 148, 8)


def entries(stream: Stream) -> Entries:
    """The regular files of an archive; sparse files, links and devices are left out."""
    tape = _Tape(stream)
    extended: dict[str, bytes] = {}
    while (header := (yield from tape.take(HEADER_BYTES))).strip(b"\0"):
        if _checksum(header) != _number(header, 148, 8):
            raise DamageError("incomplete: no tar header where one should be; what stands before is shown")
        kind, size = header[156:157], _size(header, extended)
        tape.open(size)
        if kind in (_EXTENDED, _LONG_NAME) and size <= _MOST_TOLD_BYTES:
            text = yield from tape.take(size)
            extended |= _extended(text) if kind == _EXTENDED else {"path": text.rstrip(b"\0")}
        elif kind in _REGULAR:
            yield Entry(_name(header, extended), _number(header, 136, 12) * 1_000_000_000, tape.pieces())
        if kind not in (_EXTENDED, _LONG_NAME):
            extended = {}
        yield from tape.skip()


class _Tape:
    """The bytes of a stream, one member after the other."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._held = b""
        self._left = 0
        self._padding = 0

    def open(self, size: int) -> None:
        """Start a member of `size` bytes."""
        self._left, self._padding = size, -size % HEADER_BYTES

    def take(self, length: int) -> Generator[None, None, bytes]:
        """Exactly `length` bytes, once they are there; fewer only at the clean end of the stream."""
        while len(self._held) < length:
            more = self._stream.take(PIECE_BYTES)
            self._held += more
            if not more:
                if self._stream.over and not (self._held or self._left):
                    return b""
                self._wait()
                yield None
        data, self._held = self._held[:length], self._held[length:]
        self._left = max(0, self._left - length)
        return data

    def pieces(self) -> Iterator[bytes]:
        """The rest of the member."""
        while self._left:
            data = self._held or self._stream.take(PIECE_BYTES)
            piece, self._held = data[: self._left], data[self._left :]
            self._left -= len(piece)
            if not piece:
                self._wait()
            yield piece

    def skip(self) -> Generator[None, None, None]:
        """Skip to the end of the member."""
        for piece in self.pieces():
            if not piece:
                yield None
        yield from self.take(self._padding)

    def _wait(self) -> None:
        if self._stream.over:
            raise DamageError(_CUT_SHORT)


def _checksum(header: bytes) -> int:
    return sum(header) - sum(header[148:156]) + 8 * ord(" ")


def _number(header: bytes, begin: int, length: int) -> int:
    """A field in octal digits or, if its first bit is set, in base 256; -1 if it is neither."""
    field = header[begin : begin + length]
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << (8 * length - 1)) - 1)
    try:
        return int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return -1


def _size(header: bytes, extended: dict[str, bytes]) -> int:
    size = extended.get("size", b"")
    number = int(size) if size.isdigit() and len(size) < 20 else _number(header, 124, 12)
    if number < 0:
        raise DamageError("incomplete: a tar header without a size; what stands before is shown")
    return number


def _name(header: bytes, extended: dict[str, bytes]) -> str:
    name, prefix = header[:_NAME_BYTES].split(b"\0")[0], header[345:500].split(b"\0")[0]
    if header[257:263] == b"ustar\0" and prefix:
        name = prefix + b"/" + name
    return extended.get("path", name).decode("utf-8", "surrogateescape")


def _extended(text: bytes) -> dict[str, bytes]:
    """The records of an extended header: `length key=value` and a line end."""
    records = {}
    while text:
        length = text.partition(b" ")[0]
        if not length.isdigit() or not len(length) < int(length[:9]) <= len(text):
            break
        key, _, value = text[len(length) + 1 : int(length) - 1].partition(b"=")
        records[key.decode("utf-8", "replace")] = value
        text = text[int(length) :]
    return records
