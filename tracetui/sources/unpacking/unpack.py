"""Decompresses gzip, zstd, bzip2 and xz of any number of members, and frames of zstd.

Fed in pieces cut anywhere and taken in pieces of bounded size, so that a bomb never expands in memory. What
is damaged or cut short is given up to its last good byte. Sources: RFC 1952 (gzip; zeros after the last
member are padding), RFC 8878 (zstd), the format descriptions of bzip2 and xz, and the OpenTelemetry
Collector's file exporter, which compresses each message for itself and writes its length before it, in 4
bytes, big-endian.
"""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Protocol

from tracetui.sources.unpacking.transcode import FIRST_BYTES, Transcoder, encoding, may_be_wide

HEAD_BYTES = 8
"""So many first bytes tell how a stream is compressed."""

MOST_WINDOW_LOG = 27
"""zstd frames that need more than 128 MiB of memory are refused, as the zstd command does."""

MOST_FRAME_BYTES = 64 * 1024 * 1024
_PART_BYTES = 1024 * 1024
_PIECE_BYTES = 1024
"""Unpacked at a time: what one call unpacked before it came upon damage is lost with it (all but gzip)."""

_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = (b"\x2a\x4d\x18", range(0x50, 0x60))
_BZIP2 = (b"1AY&", b"\x17\x72\x45\x38")
"""What stands behind the first four bytes: of a block, or of the end of an empty stream."""
_XZ = b"\xfd7zXZ\0"
_MOST_XZ_MEMORY = 1 << MOST_WINDOW_LOG


class Member(Protocol):
    """One compressed member or frame; raises one of `damages()` if its bytes are damaged."""

    @property
    def eof(self) -> bool:
        """Whether its end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What was fed beyond its end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """The next bytes, at most `max_length`; `data` may be empty while there is more to come."""


class Unpacker(Protocol):
    """Any way of unpacking; `trouble` says why nothing more will come, or is empty."""

    kind: str
    trouble: str

    def feed(self, data: bytes) -> None:
        """The next compressed bytes; only when `take` gave none."""

    def take(self, limit: int) -> bytes:
        """The next unpacked bytes, at most `limit`; empty if more must be fed."""

    def finish(self) -> None:
        """No more bytes will be fed: anything unfinished is an error."""


class ZlibMember:
    """One member, of gzip by default, that keeps zlib's leftovers itself."""

    def __init__(self, window_bits: int = zlib.MAX_WBITS | 16) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self._rest = b""
        self._damage: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._damage:
            raise self._damage
        packed, before = self._rest + data, self._inner.copy()
        try:
            unpacked = self._inner.decompress(packed, max_length)
        except zlib.error as error:
            self._inner, self._damage = before, error
            unpacked = self._before_damage(packed, max_length)
            if not unpacked:
                raise
            return unpacked
        self._rest = self._inner.unconsumed_tail
        return unpacked

    def _before_damage(self, packed: bytes, max_length: int) -> bytes:
        """What zlib dropped with its error, recovered byte by byte."""
        unpacked = bytearray()
        for place in range(len(packed)):
            try:
                unpacked += self._inner.decompress(packed[place : place + 1], max_length - len(unpacked))
            except zlib.error:
                break
            if len(unpacked) == max_length:
                self._damage, self._rest = None, self._inner.unconsumed_tail + packed[place + 1 :]
                break
        return bytes(unpacked)


def damages() -> tuple[type[Exception], ...]:
    """What members raise; bz2 says `OSError`."""
    return zlib.error, _zstd().ZstdError, lzma.LZMAError, OSError, EOFError


def zstd_member() -> Member:
    """One frame of zstd."""
    zstd = _zstd()
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: MOST_WINDOW_LOG}
    member: Member = zstd.ZstdDecompressor(options=options)
    return member


def _zstd() -> ModuleType:
    """Loaded when there is something to unpack."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def xz_member() -> Member:
    """One stream of xz."""
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST_XZ_MEMORY)


class Members:
    """Any number of members, one after the other, with zeros after the last."""

    def __init__(self, kind: str, new: Callable[[], Member]) -> None:
        self.trouble = ""
        self.kind = kind
        self._new = new
        self._member: Member | None = None
        self._input = b""
        self._taken = False
        self._whole = 0

    def feed(self, data: bytes) -> None:
        self._input += data

    def take(self, limit: int) -> bytes:
        unpacked = b""
        while not unpacked and not self.trouble and self._is_ready():
            unpacked = self._step(limit)
        return unpacked

    def finish(self) -> None:
        if self._member and not self.trouble:
            self.trouble = f"incomplete: the {self.kind} data is cut short, or still being written"

    def _is_ready(self) -> bool:
        """Whether a step can give anything; opens the next member after one has ended."""
        if self._member is None:
            self._input = self._input.lstrip(b"\0") if self._whole else self._input
            if self._input:
                self._member, self._taken = self._new(), True
        return self._member is not None and (self._taken or bool(self._input))

    def _step(self, limit: int) -> bytes:
        member = self._member
        assert member is not None
        data, self._input = self._input[:_PIECE_BYTES], self._input[_PIECE_BYTES:]
        try:
            unpacked = member.decompress(data, limit)
        except damages() as error:
            self._damaged(error)
            return b""
        self._taken = bool(unpacked)
        if member.eof:
            self._input, self._member = member.unused_data + self._input, None
            self._whole += 1
        return unpacked

    def _damaged(self, error: Exception) -> None:
        after = f" after {self._whole} whole ones" if self._whole else ""
        self.trouble = f"incomplete: no {self.kind} data{after} ({error}); what stands before is shown"


class Frames:
    """Messages that are compressed one by one, to the same messages after their lengths."""

    kind = "zstd"

    def __init__(self) -> None:
        self.trouble = ""
        self._input = bytearray()
        self._output = bytearray()

    def feed(self, data: bytes) -> None:
        self._input += data

    def take(self, limit: int) -> bytes:
        while not self._output and not self.trouble and self._has_frame():
            self._unpack(self._length())
        unpacked = bytes(self._output[:limit])
        del self._output[:limit]
        return unpacked

    def finish(self) -> None:
        if self._input and not self.trouble:
            self.trouble = "incomplete: the last frame is cut short, or still being written"

    def _length(self) -> int:
        return int.from_bytes(self._input[:4], "big")

    def _has_frame(self) -> bool:
        if len(self._input) >= 4 and self._length() > MOST_FRAME_BYTES:
            self.trouble = f"incomplete: a frame of {self._length()} bytes"
        return len(self._input) >= 4 + self._length() >= 5 and not self.trouble

    def _unpack(self, length: int) -> None:
        frame = Members("zstd", zstd_member)
        frame.feed(bytes(self._input[4 : 4 + length]))
        message = bytearray()
        while len(message) <= MOST_FRAME_BYTES and (part := frame.take(_PART_BYTES)):
            message += part
        if len(message) > MOST_FRAME_BYTES:
            self.trouble = f"incomplete: a frame unpacks to more than {MOST_FRAME_BYTES} bytes"
        else:
            frame.finish()
            self.trouble = frame.trouble
        del self._input[: 4 + length]
        if not self.trouble:
            self._output += len(message).to_bytes(4, "big") + message


def may_be_packed(head: bytes) -> bool:
    """Whether these first bytes, fewer than `HEAD_BYTES`, may begin something compressed, or an archive."""
    return not head or head[0] in _FIRST_BYTES or may_be_wide(head)


def unpacker(head: bytes) -> Unpacker | None:
    """The unpacker for a stream that starts with `head` (`HEAD_BYTES`, or all there is); None for a plain
    one.
    """
    if head.startswith(_GZIP):
        return Members("gzip", ZlibMember)
    skippable, first = _SKIPPABLE
    if head.startswith(_ZSTD) or (head[1:4] == skippable and head[0] in first):
        return Members("zstd", zstd_member)
    if head.startswith(b"BZh") and head[4:8] in _BZIP2:
        return Members("bzip2", bz2.BZ2Decompressor)
    if head.startswith(_XZ):
        return Members("xz", xz_member)
    if head[4:8] == _ZSTD:
        return Frames()
    return Transcoder(encoding(head)) if encoding(head) else None


_FIRST_BYTES = frozenset(
    {*b"BP", _GZIP[0], _ZSTD[0], _XZ[0], *_SKIPPABLE[1], *FIRST_BYTES, *range((MOST_FRAME_BYTES >> 24) + 1)}
)
