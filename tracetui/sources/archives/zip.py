"""Reads zip archives: by the directory at their end or, if that is missing, by the header of each member.

Source: PKWARE's APPNOTE 6.3.10, which names sections 4.3 (records) and 4.5.3 (sizes of 64 bits).
"""

import bz2
import calendar
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator

from msgspec import Struct

from tracetui.sources.archives.entry import (
    PIECE_BYTES,
    ZIP,
    BombError,
    DamageError,
    Entries,
    Entry,
)
from tracetui.sources.unpacking.budget import MOST_MEMBERS, Budget
from tracetui.sources.unpacking.unpack import Member, ZlibMember, damages, zstd_member

ReadAt = Callable[[int, int], bytes]
"""So many bytes at an offset; fewer at the end."""

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")
_FIELD = struct.Struct("<2H")
_MOST_COMMENT = 0xFFFF
_WIDE = 0xFFFFFFFF
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1, 8, 0x800
_STORED, _DEFLATED = 0, 8
_DECODERS: dict[int, Callable[[], Member]] = {
    _DEFLATED: lambda: ZlibMember(-zlib.MAX_WBITS),
    12: bz2.BZ2Decompressor,
    93: zstd_member,
    95: lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ),
}
_LONGEST_DESCRIPTOR = 24
_CUT_SHORT = "incomplete: the zip archive is cut short; what is whole is shown"


class _File(Struct, frozen=True):
    """A member as the directory or its own header describes it: `at` is where that header is, `packed` its
    size, -1 if only its bytes say where they end.
    """

    name: str
    flags: int
    method: int
    modified_ns: int
    crc: int
    packed: int
    at: int


def entries(read_at: ReadAt, size: int, budget: Budget) -> Entries:
    """The files of an archive of `size` bytes."""
    try:
        directory = _directory(read_at, size)
        if directory is None:
            yield from _scattered(read_at, budget)
            raise DamageError(_CUT_SHORT)
        for file in directory:
            yield Entry(file.name, file.modified_ns, _Body(read_at, file, budget).pieces())
    except struct.error as damage:
        raise DamageError(f"incomplete: the zip archive is damaged ({damage})") from damage


def _directory(read_at: ReadAt, size: int) -> Iterator[_File] | None:
    """The entries of the archive's directory; None if it has none."""
    begin = max(0, size - _END.size - _MOST_COMMENT)
    tail = read_at(begin, size - begin)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    _, _, _, _, count, length, offset, _ = _END.unpack_from(tail, at)
    if _WIDE in (length, offset) or count == 0xFFFF:
        count, length, offset = _wide_end(read_at, begin + at) or (count, length, offset)
    # What stands before an archive, such as a program that unpacks it, moves all offsets.
    moved = begin + at - length - offset
    if count and read_at(offset, 4) == b"PK\x01\x02":
        moved = 0
    return _listed(read_at, offset + moved, offset + moved + length, moved)


def _wide_end(read_at: ReadAt, end: int) -> tuple[int, int, int] | None:
    """The number of entries, and the length and place of the directory, if 32 bits do not suffice."""
    locator = read_at(end - _LOCATOR_64.size, _LOCATOR_64.size) if end >= _LOCATOR_64.size else b""
    if not locator.startswith(b"PK\x06\x07"):
        return None
    record = _END_64.unpack(read_at(_LOCATOR_64.unpack(locator)[2], _END_64.size))
    return record[7], record[8], record[9]


def _listed(read_at: ReadAt, at: int, end: int, moved: int) -> Iterator[_File]:
    number = 0
    while at < end:
        record = _CENTRAL.unpack(read_at(at, _CENTRAL.size))
        magic, _, _, flags, method, time, date, crc, packed, unpacked, *lengths = record
        if magic != b"PK\x01\x02":
            raise DamageError("incomplete: the directory of the zip archive is damaged")
        name_length, extra_length, comment_length, *_, offset = lengths
        text = read_at(at + _CENTRAL.size, name_length + extra_length)
        name, extra = text[:name_length], text[name_length:]
        packed, offset = _wide(extra, unpacked, packed, offset)
        at += _CENTRAL.size + name_length + extra_length + comment_length
        if name.endswith(b"/"):
            continue
        number += 1
        if number > MOST_MEMBERS:
            raise DamageError(f"incomplete: more than {MOST_MEMBERS} members; unpack it yourself")
        yield _File(_text(name, flags), flags, method, _time_ns(date, time), crc, packed, offset + moved)


def _wide(extra: bytes, unpacked: int, packed: int, offset: int) -> tuple[int, int]:
    """The packed size and the offset, with 64 bits if the 32-bit fields are full."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _FIELD.unpack_from(extra, at)
        if kind == 1:
            fields = [extra[place : place + 8] for place in range(at + 4, at + 4 + length, 8)]
            numbers = iter([int.from_bytes(field, "little") for field in fields])
            wide = [next(numbers, value) if value == _WIDE else value for value in (unpacked, packed, offset)]
            return wide[1], wide[2]
        at += 4 + length
    return packed, offset


def _scattered(read_at: ReadAt, budget: Budget) -> Entries:
    """The members of an archive without its directory, as far as each says where the next one is."""
    at = 0
    while (record := read_at(at, _LOCAL.size)).startswith(ZIP[0]) and len(record) == _LOCAL.size:
        _, _, flags, method, time, date, crc, packed, unpacked, name_length, extra_length = _LOCAL.unpack(
            record
        )
        text = read_at(at + _LOCAL.size, name_length + extra_length)
        packed, _ = _wide(text[name_length:], unpacked, packed, 0)
        if flags & _SIZES_FOLLOW and not packed:
            packed = -1
        name = _text(text[:name_length], flags)
        body = _Body(read_at, _File(name, flags, method, _time_ns(date, time), crc, packed, at), budget)
        body.end = at + _LOCAL.size + len(text) + max(0, packed)
        pieces = body.pieces()
        if not name.endswith("/"):
            yield Entry(name, body.file.modified_ns, pieces)
        for _ in pieces if packed < 0 else ():
            pass
        at = body.end
        if flags & _SIZES_FOLLOW:
            descriptor = _descriptor_bytes(read_at(at, _LONGEST_DESCRIPTOR + 2))
            if descriptor is None:
                return
            at += descriptor


def _descriptor_bytes(data: bytes) -> int | None:
    """The length of a data descriptor before another header: with or without a magic, of 32 or 64 bits."""
    lengths = (length for length in (16, _LONGEST_DESCRIPTOR, 12, 20) if data[length : length + 2] == b"PK")
    return next(lengths, None)


class _Body:
    """The bytes of one member; `end` is where they end in the archive, once known."""

    def __init__(self, read_at: ReadAt, file: _File, budget: Budget) -> None:
        self.file = file
        self.end = 0
        self._read_at = read_at
        self._budget = budget

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, checked against their checksum; raises DamageError."""
        file, crc = self.file, 0
        header = self._read_at(file.at, _LOCAL.size)
        if not header.startswith(ZIP[0]):
            raise DamageError("incomplete: the member is not where the zip archive says")
        begin = file.at + _LOCAL.size + sum(_LOCAL.unpack(header)[-2:])
        self.end = begin + max(0, file.packed)
        for piece in self._unpacked(begin):
            crc = zlib.crc32(piece, crc)
            yield piece
        if crc != file.crc and file.packed >= 0:
            raise DamageError("the checksum of the member is wrong: some of it may be, too")

    def _unpacked(self, begin: int) -> Iterator[bytes]:
        file = self.file
        if file.flags & _ENCRYPTED:
            raise DamageError("encrypted; unpack it yourself")
        if file.method == _STORED and file.packed >= 0:
            yield from self._packed(begin)
        elif file.method in _DECODERS:
            yield from self._decoded(begin, _DECODERS[file.method]())
        else:
            raise DamageError(f"packed by method {file.method}, which is not understood; unpack it yourself")

    def _packed(self, begin: int) -> Iterator[bytes]:
        end = begin + self.file.packed if self.file.packed >= 0 else None
        while end is None or begin < end:
            data = self._read_at(begin, min(PIECE_BYTES, end - begin if end else PIECE_BYTES))
            if not data:
                raise DamageError("incomplete: the member is cut short")
            begin += len(data)
            self._spend(len(data), 0)
            yield data

    def _decoded(self, begin: int, member: Member) -> Iterator[bytes]:
        try:
            for data in self._packed(begin):
                begin += len(data)
                piece = member.decompress(data, PIECE_BYTES)
                while piece:
                    self._spend(0, len(piece))
                    yield piece
                    piece = b"" if member.eof else member.decompress(b"", PIECE_BYTES)
                if member.eof:
                    self.end = begin - len(member.unused_data)
                    return
        except damages() as damage:
            raise DamageError(f"incomplete: the member is damaged ({damage})") from damage
        raise DamageError("incomplete: the member is cut short")

    def _spend(self, packed: int, unpacked: int) -> None:
        if stop := self._budget.spend(packed, unpacked):
            raise BombError(stop)


def _text(name: bytes, flags: int) -> str:
    return name.decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape")


def _time_ns(date: int, time: int) -> int:
    """Times are local, of an unknown place, in steps of two seconds; read as UTC.

    Some writers leave them out: then month and day are 0.
    """
    month = min(max(date >> 5 & 15, 1), 12)
    parts = (1980 + (date >> 9), month, max(date & 31, 1), time >> 11, time >> 5 & 63, 2 * (time & 31))
    return calendar.timegm(parts) * 1_000_000_000
