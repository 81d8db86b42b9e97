"""A source that may be compressed, or an archive: its first bytes decide, and it is unpacked while it is
read.

Offsets are those of the unpacked bytes, which are spooled, so that they can be read back. A plain source is
passed through. What is unpacked is never unpacked once more, except for a tar archive; members of archives
are, and may be archives themselves.
"""

import time
from threading import RLock

from tracetui.errors import InputError
from tracetui.sources.archives import tar
from tracetui.sources.archives.archive import Archive, Member
from tracetui.sources.archives.entry import ZIP, DamageError, Entries
from tracetui.sources.block import Block, Source
from tracetui.sources.files.followed import FollowedFile
from tracetui.sources.files.regular import RACY_NS, RegularFile
from tracetui.sources.unpacking.budget import MOST_DEPTH, Budget
from tracetui.sources.unpacking.spool import Spool
from tracetui.sources.unpacking.stream import Stream
from tracetui.sources.unpacking.transcode import Transcoder
from tracetui.sources.unpacking.unpack import HEAD_BYTES, may_be_packed, unpacker

_NESTED = f"an archive inside {MOST_DEPTH} archives is not opened; unpack it and open what is inside"


class Unpacked:
    """`packed`, unpacked if it is compressed.

    `archive` is set if it turns out to be one: its members are to be read instead.
    """

    def __init__(self, packed: Source) -> None:
        self.archive: Archive | None = None
        self.packing = ""
        """How it is compressed; empty for a plain source, and while the bytes do not tell."""
        self._packed = packed
        self._head = b""
        self._decided = False
        self._stream: Stream | None = None
        self._spool: Spool | None = None
        self._closed = False
        self._position = 0
        # A descriptor that is closed while another thread writes to it may be another file's by then.
        self._lock = RLock()

    @property
    def trouble(self) -> str:
        """Why its bytes end early; empty if they do not, or not yet."""
        return next((part.trouble for part in self._parts() if part.trouble), "")

    @property
    def is_bomb(self) -> bool:
        """Whether it was stopped as a decompression bomb."""
        return any(part.is_bomb for part in self._parts())

    @property
    def label(self) -> str:
        return self._packed.label

    @property
    def ended(self) -> bool:
        if self._closed:
            return True
        if self.archive:
            return self.archive.ended
        if self._stream:
            return self._stream.over
        return self._packed.ended and not self._head

    @property
    def reset(self) -> bool:
        return self._packed.reset

    @property
    def vanished(self) -> bool:
        return self._packed.vanished

    @property
    def gone(self) -> bool:
        """Whether the file it was read from was deleted or rewritten."""
        return isinstance(self._packed, RegularFile) and self._packed.gone

    @property
    def is_quiet(self) -> bool:
        """Whether a read would find nothing new, as far as is known of a plain file."""
        if self._stream or self.archive or not isinstance(self._packed, RegularFile):
            return False
        waits = not self._head if self._decided else _may_be_more(self._head)
        return waits and self._packed.is_quiet

    @property
    def is_drained(self) -> bool:
        """Whether all has been read that was there of a plain file that may grow, when it was last read."""
        if not self._decided or self._stream or self.archive or self._head:
            return False
        return isinstance(self._packed, FollowedFile) and self._packed.is_drained

    @property
    def size(self) -> int:
        """For a compressed source an estimate until all of it is unpacked; for an archive itself 0."""
        if self.archive:
            return 0
        if self._stream is None:
            return self._packed.size
        given = self._stream.given
        return given if self._stream.over else given * self._packed.size // max(self._stream.fed, 1)

    @property
    def progress(self) -> tuple[int, int]:
        """How many bytes of the file were read, and its size; for a file in an archive both are 0."""
        if isinstance(self._packed, Member):
            return 0, 0
        size = self._packed.size
        if self.ended:
            return size, size
        return min(self._stream.fed if self._stream else self._position, size), size

    @property
    def modified_ns(self) -> int:
        return self._packed.modified_ns

    def read(self, limit: int) -> Block | None:
        with self._lock:
            return None if self._closed else self._read(limit)

    def _read(self, limit: int) -> Block | None:
        if not self._decided:
            self._decide(limit)
        if not self._decided or self.archive:
            return None
        if self._stream:
            return self._keep(self._stream.take(limit))
        if self._head:
            head, self._head = self._head, b""
            self._position = len(head)
            return Block(0, head)
        block = self._packed.read(limit)
        if block:
            self._position = block.offset + len(block.data)
        return block

    def read_at(self, offset: int, length: int) -> bytes:
        return self._spool.read_at(offset, length) if self._spool else self._packed.read_at(offset, length)

    def evidence(self) -> bytes:
        """Bytes that identify a plain file's present state; empty if nothing can."""
        if self._stream or self.archive or not isinstance(self._packed, RegularFile):
            return b""
        return self._packed.evidence()

    def skip(self) -> None:
        """Treat everything of a plain file as read."""
        assert isinstance(self._packed, RegularFile)
        self._decided = True
        self._packed.skip()

    def abandon(self) -> None:
        """End this life of a plain file as if its bytes had been rewritten."""
        assert isinstance(self._packed, RegularFile)
        self._packed.abandon()

    def close(self) -> None:
        with self._lock:
            self._packed.close()
            self._release()

    def leave(self) -> None:
        """Read no more of it; a followed file stays known to its directory."""
        with self._lock:
            if isinstance(self._packed, FollowedFile):
                self._packed.leave()
            else:
                self._packed.close()
            self._release()

    def _release(self) -> None:
        self._closed = True
        for kept in (self._spool, self.archive):
            if kept:
                kept.close()

    def _parts(self) -> list[Archive | Stream | Member]:
        parts = (self.archive, self._stream, self._packed)
        return [part for part in parts if isinstance(part, Archive | Stream | Member)]

    def _decide(self, limit: int) -> None:
        """Read until the first bytes decide, or there are no more now."""
        if self._stream is None:
            block = self._packed.read(limit)
            if block:
                self._head = self._head[: block.offset] + block.data
            if _may_be_more(self._head) and not self._packed.ended:
                return
            if self._head[:4] in ZIP:
                self._open_zip(limit)
                return
            packer = unpacker(self._head)
            if packer is None and not tar.is_tar(self._head):
                self._decided = True
                return
            self.packing = packer.kind if packer else ""
            self._stream, self._head = Stream(self._packed, self._head, packer, self._around), b""
        self._look_into(self._stream, limit)

    def _look_into(self, stream: Stream, limit: int) -> None:
        """Check whether a tar archive is in it, or text that is not UTF-8."""
        head = stream.take(limit)
        while head and _may_be_more(head) and (more := stream.take(limit)):
            head += more
        is_all = stream.over
        stream.take_back(head)
        if (not head or _may_be_more(head)) and not is_all:
            return
        self._decided = True
        if tar.is_tar(head):
            self._take_up(tar.entries(stream), stream.budget)
        elif isinstance(text := unpacker(head), Transcoder):
            stream.transcode(text)

    def _open_zip(self, limit: int) -> None:
        """Open a zip, whose directory is at its end: a file must be complete, and a pipe is read to its end
        first.
        """
        from tracetui.sources.archives.zip import entries

        packed = self._packed
        if isinstance(packed, RegularFile):
            if not packed.settled and time.time_ns() - packed.modified_ns < RACY_NS:
                return
        else:
            while packed.read(limit):
                pass
            if not packed.ended:
                return
        self._decided, self._head = True, b""
        budget = Budget(self._around)
        self._take_up(entries(self._bytes_at, packed.size, budget), budget)

    def _bytes_at(self, offset: int, length: int) -> bytes:
        """Bytes at `offset`, fewer at the end."""
        if self.archive and self.archive.has_begun:  # Before, it is the directory at its end that is read.
            self._position = offset
        try:
            return self._packed.read_at(offset, max(0, min(length, self._packed.size - offset)))
        except InputError as error:
            raise DamageError(f"incomplete: {error}") from error

    @property
    def _around(self) -> Budget | None:
        """What the archive may unpack to that it is a member of, if it is one."""
        return self._packed.budget if isinstance(self._packed, Member) else None

    def _take_up(self, entries: Entries, budget: Budget) -> None:
        if budget.depth > MOST_DEPTH:
            self.close()
            raise InputError(_NESTED)
        self.archive = Archive(self.label, self.modified_ns, entries, budget)

    def _keep(self, data: bytes) -> Block | None:
        if not data:
            return None
        try:
            self._spool = self._spool or Spool(self.label)
            self._spool.append(data)
        except InputError:
            self._closed = True  # The unpacked bytes cannot be had again: going on would leave a hole.
            raise
        return Block(self._spool.size - len(data), data)


def _may_be_more(head: bytes) -> bool:
    """Whether more bytes are needed to decide what starts with these."""
    return (len(head) < HEAD_BYTES and may_be_packed(head)) or tar.may_be_tar(head)
