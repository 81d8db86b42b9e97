"""The bytes of a source in order, unpacked if they are compressed, and not kept."""

from tracetui.sources.block import Source
from tracetui.sources.files.regular import RegularFile
from tracetui.sources.unpacking.budget import Budget
from tracetui.sources.unpacking.transcode import Transcoder
from tracetui.sources.unpacking.unpack import Unpacker

_SLICE_BYTES = 16 * 1024


class Stream:
    """`head`, which was already read from `source`, and what follows.

    `trouble` says why it ended early; `is_bomb` that it was stopped as a decompression bomb.
    """

    def __init__(
        self, source: Source, head: bytes, packer: Unpacker | None, around: Budget | None = None
    ) -> None:
        self.budget = Budget(around)
        self.trouble = ""
        self.is_bomb = False
        self.fed = 0
        self.given = 0
        self._source = source
        self._packer = packer
        self._waiting = head
        self._end = len(head)
        self._again = b""
        self._text: Transcoder | None = None
        self._stopped = False

    @property
    def over(self) -> bool:
        """Whether nothing will follow."""
        return self._stopped and not self._again

    def take_back(self, data: bytes) -> None:
        """Return these bytes, which were taken last, to be taken again."""
        self._again = data

    def transcode(self, text: Transcoder) -> None:
        """What was unpacked is text of another encoding: give it as UTF-8, also what was taken back."""
        self._text = text
        self._again = text.all_of(self._again)

    def take(self, limit: int) -> bytes:
        """The next bytes, as many of `limit` as there are now; empty if there are none, or at the end."""
        if self._again:
            data, self._again = self._again[:limit], self._again[limit:]
            return data
        parts, size = [], 0  # Whoever reads them needs about as long for a few as for many.
        while size < limit and (data := self._next(limit - size)):
            parts.append(data)
            size += len(data)
        if not parts:
            self._end_where_over()
        return b"".join(parts)

    def _next(self, limit: int) -> bytes:
        """Some of them; empty if there are none now, or at the end."""
        data = b""
        while not self._stopped and not data:
            data = self._unpacked(limit)
            if not data and not self._feed(limit):
                return b""
            if not self._packer:
                data, self._waiting = self._waiting[:limit], self._waiting[limit:]
                self.fed += len(data)
        self.given += len(data)
        if stop := self.budget.spend(self.fed - self.budget.packed, len(data)):
            self.is_bomb = True
            self._stop(f"{stop}; unpack it yourself if it is not one")
        return data

    def _unpacked(self, limit: int) -> bytes:
        if self._packer is None:
            return b""
        if self._text is None:
            return self._packer.take(limit)
        while not (data := self._text.take(limit)) and (wide := self._packer.take(limit)):
            self._text.feed(wide)
        return data

    def _feed(self, limit: int) -> bool:
        """Feed a few more bytes, so few that many small members cost no more than few large ones."""
        if self._packer and self._packer.trouble:
            return False
        if not self._waiting:
            self._waiting = self._read(limit)
        if self._packer:
            data, self._waiting = self._waiting[:_SLICE_BYTES], self._waiting[_SLICE_BYTES:]
            self.fed += len(data)
            self._packer.feed(data)
            return bool(data)
        return bool(self._waiting)

    def _read(self, limit: int) -> bytes:
        block = self._source.read(limit)
        if block is None:
            return b""
        if block.offset < self._end:  # What was unpacked cannot be taken back.
            assert isinstance(self._source, RegularFile)
            self._source.abandon()
            return b""
        self._end += len(block.data)
        return block.data

    def _end_where_over(self) -> None:
        if self._stopped:
            return
        packer, ended = self._packer, self._source.ended
        if packer and ended:
            packer.finish()
        if ended or (packer and packer.trouble):
            self._stop(packer.trouble if packer else "")

    def _stop(self, trouble: str) -> None:
        self.trouble, self._stopped, self._waiting = trouble, True, b""
        self._source.close()  # One descriptor less: whoever wants the bytes keeps them.
