"""A source that may be compressed: its first bytes tell, and it is unpacked while it is read.

Offsets are those of the unpacked bytes, which are kept in a spool, so that they can be read back. A plain
source is passed through as it is. What is unpacked is never unpacked once more.
"""

from tracetui.errors import InputError
from tracetui.sources.block import Block, Source
from tracetui.sources.regular import RegularFile
from tracetui.sources.spool import Spool
from tracetui.sources.unpack import HEAD_BYTES, Unpacker, may_be_packed, unpacker

MOST_BYTES = 1 << 30
MOST_RATIO = 200
"""What unpacks to more than `MOST_BYTES`, and to more than this many times its size, is taken for a bomb."""

_SLICE_BYTES = 16 * 1024


class Unpacked:
    """`packed`, unpacked where it is compressed.

    `trouble` says why its bytes end early, if they do; `is_bomb` that it was stopped for what it would be.
    """

    def __init__(self, packed: Source) -> None:
        self.trouble = ""
        self.is_bomb = False
        self._packed = packed
        self._head = b""
        self._decided = False
        self._unpacker: Unpacker | None = None
        self._spool: Spool | None = None
        self._waiting = b""
        self._fed = 0
        self._over = False

    @property
    def packing(self) -> str:
        """How it is compressed; empty for a plain source, and while the bytes do not tell."""
        return self._unpacker.kind if self._unpacker else ""

    @property
    def label(self) -> str:
        return self._packed.label

    @property
    def ended(self) -> bool:
        return self._over if self._unpacker else self._packed.ended and not self._head

    @property
    def reset(self) -> bool:
        return self._packed.reset

    @property
    def gone(self) -> bool:
        """Whether what it was read from was deleted or rewritten."""
        return isinstance(self._packed, RegularFile) and self._packed.gone

    @property
    def size(self) -> int:
        """Of a compressed source an estimate, until all of it is unpacked."""
        if self._spool is None:
            return self._packed.size
        return self._spool.size if self._over else self._spool.size * self._packed.size // max(self._fed, 1)

    @property
    def modified_ns(self) -> int:
        return self._packed.modified_ns

    def read(self, limit: int) -> Block | None:
        if not self._decided:
            self._decide(limit)
        if self._unpacker and self._spool:
            return self._unpack(self._unpacker, self._spool, limit)
        if self._decided and self._head:
            head, self._head = self._head, b""
            return Block(0, head)
        return self._packed.read(limit) if self._decided else None

    def read_at(self, offset: int, length: int) -> bytes:
        return self._spool.read_at(offset, length) if self._spool else self._packed.read_at(offset, length)

    def evidence(self) -> bytes:
        """What tells a plain file, as it is now, from what it was or may become; empty where nothing can."""
        if self._unpacker or not isinstance(self._packed, RegularFile):
            return b""
        return self._packed.evidence()

    def skip(self) -> None:
        """Takes everything of a plain file for read."""
        assert isinstance(self._packed, RegularFile)
        self._decided = True
        self._packed.skip()

    def abandon(self) -> None:
        """Ends this life of a plain file as if its bytes had been rewritten."""
        assert isinstance(self._packed, RegularFile)
        self._packed.abandon()

    def close(self) -> None:
        self._packed.close()
        self._over = True
        if self._spool:
            self._spool.close()

    def _decide(self, limit: int) -> None:
        """Reads until the first bytes tell, or there are no more now."""
        block = self._packed.read(limit)
        if block:
            self._head = self._head[: block.offset] + block.data
        if len(self._head) < HEAD_BYTES and may_be_packed(self._head) and not self._packed.ended:
            return
        self._decided = True
        self._unpacker = unpacker(self._head)
        if self._unpacker:
            self._spool = Spool(self.label)
            self._waiting, self._head = self._head, b""

    def _unpack(self, packer: Unpacker, spool: Spool, limit: int) -> Block | None:
        while not self._over:
            data = packer.take(limit)
            if data:
                return self._keep(spool, data)
            if packer.trouble or not self._feed(packer, limit):
                self._end_where_over(packer)
                return None
        return None

    def _feed(self, packer: Unpacker, limit: int) -> bool:
        """A few more bytes, small in number so that many small members cost no more than few large ones."""
        if not self._waiting:
            block = self._packed.read(limit)
            if block and block.offset < self._fed:  # What was unpacked cannot be taken back.
                self.abandon()
                block = None
            self._waiting = block.data if block else b""
        data, self._waiting = self._waiting[:_SLICE_BYTES], self._waiting[_SLICE_BYTES:]
        self._fed += len(data)
        packer.feed(data)
        return bool(data)

    def _end_where_over(self, packer: Unpacker) -> None:
        if self._packed.ended:
            packer.finish()
        if packer.trouble or self._packed.ended:
            self._end(packer.trouble)

    def _keep(self, spool: Spool, data: bytes) -> Block:
        offset = spool.size
        try:
            spool.append(data)
        except InputError:
            self._over = True  # The unpacked bytes cannot be had again: going on would leave a hole.
            raise
        if spool.size > MOST_BYTES and spool.size > MOST_RATIO * self._fed:
            self.is_bomb = True
            self._end(
                f"incomplete: more than {MOST_BYTES} bytes out of {self._fed} look like a bomb; "
                "unpack it yourself if it is none"
            )
        return Block(offset, data)

    def _end(self, trouble: str) -> None:
        self.trouble, self._over, self._waiting = trouble, True, b""
        self._packed.close()  # One descriptor less: everything more is in the spool.
