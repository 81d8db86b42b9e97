"""Text as numbers: windows into bytes, hex and decimal digits, equal slices; thousands at once."""

import secrets
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]

WORD = 8
MOST_SLICE = 256
_FIRST_BYTES = np.array([[(1 << 8 * min(max(length - at, 0), 8)) - 1 for at in range(0, MOST_SLICE, WORD)]
                         for length in range(MOST_SLICE + 1)], np.uint64)  # fmt: skip
_ONES = 0x0101010101010101


def rounded(length: int) -> int:
    """The whole words that hold `length` bytes, in bytes."""
    return max(-(-length // WORD), 1) * WORD


def windows(text: bytes, places: Places, width: int) -> Words:
    """The `width` bytes (whole words) at each place: one more axis. Every place must have them."""
    view: NDArray[np.void] = np.ndarray(len(text) - width + 1, f"V{width}", buffer=text, strides=(1,))
    content: Words = view[np.ascontiguousarray(places)].view(np.uint64).reshape(*places.shape, width // WORD)
    return content


def words(text: bytes, width: int) -> Words:
    """`text` as words, filled up with zeros to `width` bytes."""
    return np.frombuffer(text.ljust(width, b"\0"), np.uint64)


class Literal(NamedTuple):
    """Bytes as words, and which of their bits count."""

    content: Words
    mask: Words

    @classmethod
    def of(cls, text: bytes, width: int, holes: tuple[tuple[int, int], ...] = ()) -> "Literal":
        """All of `text` but the `holes`, pairs of begin and end."""
        counts = bytearray(b"\xff" * len(text))
        for begin, end in holes:
            counts[begin:end] = bytes(end - begin)
        mask = words(bytes(counts), width)
        return cls(words(text, width) & mask, mask)


def hexadecimal(digits: Words) -> tuple[Words, Mask]:
    """The number that each row of two words spells in 16 lower-case hex digits, and whether it does."""
    big_first = digits.byteswap()
    letter = (big_first >> np.uint64(6)) & np.uint64(_ONES)
    values = (big_first & np.uint64(0x0F * _ONES)) + letter * np.uint64(9)
    tens = ((values + np.uint64(6 * _ONES)) >> np.uint64(4)) & np.uint64(_ONES)
    spelled = values + np.uint64(0x30 * _ONES) + tens * np.uint64(39)
    valid = (spelled == big_first) & (values & np.uint64(0xF0 * _ONES) == 0)
    for shift, mask in ((4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF)):
        values = (values | (values >> np.uint64(shift))) & np.uint64(mask)
    return (values[:, 0] << np.uint64(32)) | values[:, 1], valid.all(axis=1)


def decimal(digits: Words) -> tuple[Words, Mask]:
    """The number that the last 19 bytes of each row of three words spell in digits, and whether they do."""
    digits = digits.copy()
    digits[:, 0] = (digits[:, 0] & np.uint64(0xFFFFFF0000000000)) | np.uint64(0x0000003030303030)
    high = digits & np.uint64(0xF0 * _ONES)
    higher = (digits + np.uint64(6 * _ONES)) & np.uint64(0xF0 * _ONES)
    valid = ((high == np.uint64(0x30 * _ONES)) & (higher == np.uint64(0x30 * _ONES))).all(axis=1)
    values = digits & np.uint64(0x0F * _ONES)
    for factor, shift, mask in (
        (2561, 8, 0x00FF00FF00FF00FF),
        (6553601, 16, 0x0000FFFF0000FFFF),
        (42949672960001, 32, 0x00000000FFFFFFFF),
    ):
        values = ((values * np.uint64(factor)) >> np.uint64(shift)) & np.uint64(mask)
    scale = np.uint64(100_000_000)
    return (values[:, 0] * scale + values[:, 1]) * scale + values[:, 2], valid


class Slices:
    """Slices of a text, the same number in each row, to distinguish rows: `begin` and `length` in bytes.

    None is longer than `MOST_SLICE`. `rows` is their contents, as words, and further values of each row.
    """

    def __init__(self, text: bytes, begin: Places, length: Places, *more: NDArray[np.uint8]) -> None:
        width = rounded(1 << max(int(length.max(initial=0)) - 1, 0).bit_length())
        content = windows(text, begin, width)
        content &= _FIRST_BYTES[:, : width // WORD][length]
        extra = [column.astype(np.uint64)[:, None] for column in more]
        parts = [content.reshape(len(begin), -1), length.view(np.uint64), *extra]
        self.rows: Words = np.concatenate(parts, axis=1)


class Groups(NamedTuple):
    """Equal rows as groups: a row of each, and the group of every row."""

    first: NDArray[np.intp]
    number: NDArray[np.intp]


def grouped(rows: Words) -> Groups | None:
    """Equal rows of words; None in the unlikely case of a hash collision."""
    hashes = rows @ _factors(rows.shape[1])
    _, first, number = np.unique(hashes, return_index=True, return_inverse=True)
    return Groups(first, number) if np.array_equal(rows, rows[first[number]]) else None


@lru_cache(maxsize=256)
def _factors(count: int) -> Words:
    """Random for each process: nobody can know which texts collide."""
    return np.array([secrets.randbits(64) | 1 for _ in range(count)], np.uint64)
