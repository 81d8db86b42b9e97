"""Entries of archives, and what can be wrong with them."""

from collections.abc import Iterator
from typing import NamedTuple

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip archive begins: with a member, or with the end of an empty one."""

PIECE_BYTES = 64 * 1024
"""An archive's bytes are looked at in pieces of this size."""


class DamageError(Exception):
    """The rest of an archive, or of one member, cannot be read, and why."""


class BombError(DamageError):
    """It unpacks to so much more than its size that it was stopped."""


class Entry(NamedTuple):
    """A regular file in an archive.

    Its name, foreign and never used as a path; when it changed, in ns since the epoch, 0 if unknown; its
    bytes in pieces of at most `PIECE_BYTES`, of which an empty one means that none are available now.
    Iterating raises DamageError. Pieces that were not taken when the next entry is asked for are skipped.
    """

    name: str
    modified_ns: int
    pieces: Iterator[bytes]


Entries = Iterator[Entry | None]
"""In the order of the archive; None where the next one cannot be had now. Iterating raises DamageError."""
