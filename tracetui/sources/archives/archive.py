"""The members of an archive as sources, one after the other."""

from tracetui.sources.archives.entry import BombError, DamageError, Entries, Entry
from tracetui.sources.block import Block
from tracetui.sources.unpacking.budget import MOST_MEMBERS, Budget
from tracetui.sources.unpacking.spool import Spool


class Member:
    """A source: a file in an archive, spooled while it is read, so that it can be read back.

    `trouble` says why its bytes end early, if they do; `budget` is what its archive may unpack to.
    """

    reset = vanished = False

    def __init__(self, label: str, modified_ns: int, entry: Entry, spool: Spool, budget: Budget) -> None:
        self.label = label
        self.budget = budget
        self.modified_ns = modified_ns
        self.ended = False
        self.trouble = ""
        self.is_bomb = False
        self.size = 0
        self._pieces = entry.pieces
        self._spool = spool
        self._begin = spool.size
        self._waiting: list[bytes] = []

    def read(self, limit: int) -> Block | None:
        data = b"" if self.ended else self._next(limit)
        if not data:
            return None
        try:
            self._spool.append(data)
        except BaseException:
            self.ended = True  # What an archive gave cannot be had again: going on would leave a hole.
            raise
        self.size += len(data)
        return Block(self.size - len(data), data)

    def read_at(self, offset: int, length: int) -> bytes:
        return self._spool.read_at(self._begin + offset, length)

    def close(self) -> None:
        self.ended = True

    def _next(self, limit: int) -> bytes:
        """As many of the available pieces as make up `limit` bytes."""
        held = sum(map(len, self._waiting))
        try:
            while held < limit and (piece := next(self._pieces)):
                self._waiting.append(piece)
                held += len(piece)
        except StopIteration:
            self.ended = held <= limit
        except DamageError as damage:
            self.trouble, self.is_bomb = str(damage), isinstance(damage, BombError)
            self.ended = held <= limit
        data = b"".join(self._waiting)
        self._waiting = [data[limit:]] if len(data) > limit else []
        return data[:limit]


class Archive:
    """Gives the members of the archive `label`; `trouble` says why it ends early, if it does.

    `budget` is what it may unpack to.
    """

    def __init__(self, label: str, modified_ns: int, entries: Entries, budget: Budget) -> None:
        self.label = label
        self.ended = False
        self.trouble = ""
        self.is_bomb = False
        self._modified_ns = modified_ns
        self._entries = entries
        self._budget = budget
        self._spool: Spool | None = None
        self.has_begun = False
        """Whether it has given a member."""

    def next(self) -> Member | None:
        """The next member, once the one before was read or closed; None if there is none (yet)."""
        try:
            entry = next(self._entries)
        except StopIteration:
            self.ended = True
            return None
        except DamageError as damage:
            self._end(str(damage), is_bomb=isinstance(damage, BombError))
            return None
        if entry is None:
            return None
        self.has_begun = True
        if not self._budget.takes_member():
            self._end(f"incomplete: more than {MOST_MEMBERS} members; unpack it yourself")
            return None
        self._spool = self._spool or Spool(self.label)
        label, modified_ns = f"{self.label}!{entry.name}", entry.modified_ns or self._modified_ns
        return Member(label, modified_ns, entry, self._spool, self._budget)

    def close(self) -> None:
        """Release all spooled bytes."""
        self.ended = True
        if self._spool:
            self._spool.close()

    def _end(self, trouble: str, *, is_bomb: bool = False) -> None:
        self.ended, self.trouble, self.is_bomb = True, trouble, is_bomb
