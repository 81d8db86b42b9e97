"""What every source gives: blocks of bytes with exact offsets, and the same bytes again on demand."""

from typing import Protocol

from msgspec import Struct


class Block(Struct, frozen=True):
    """Consecutive bytes of one source; `offset` is the place of the first. It may end anywhere."""

    offset: int
    data: bytes


class Source(Protocol):
    """One life of one stream of bytes.

    The blocks of a source, put together, are contiguous bytes of that one life from offset 0, none twice.
    `read` belongs to one thread; `read_at` may be called from any.
    """

    @property
    def label(self) -> str:
        """The path as the user knows it: foreign text, unchanged."""

    @property
    def ended(self) -> bool:
        """Whether no byte will ever follow."""

    @property
    def reset(self) -> bool:
        """Whether it ended because its bytes were cut or rewritten: unread bytes are lost."""

    @property
    def vanished(self) -> bool:
        """Whether it ended because its file was deleted before all of it was read."""

    @property
    def size(self) -> int:
        """Bytes known to exist now; for a life that was reset, the bytes that were read of it."""

    @property
    def modified_ns(self) -> int:
        """When bytes last arrived, in nanoseconds since the epoch."""

    def read(self, limit: int) -> Block | None:
        """The next bytes, at most `limit`; None if there are none now.

        Raises InputError if the system refuses; nothing is skipped then, so that it may be called again.
        """

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes that `read` gave before, again. Raises InputError when they are gone."""

    def close(self) -> None:
        """Release everything; afterwards no byte can be read."""
