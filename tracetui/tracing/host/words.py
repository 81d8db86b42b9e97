"""Counts and sizes in the lines that tracing prints."""

from __future__ import annotations

_SIZES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def counted(number: int, noun: str) -> str:
    """`1 span`, `2 spans`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(number: int) -> str:
    """A readable number of bytes: `1.2 kB`, `3 bytes`."""
    for unit, factor in _SIZES:
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return counted(number, "byte")


def are(number: int) -> str:
    """`is` or `are`, to agree with `number`."""
    return "is" if number == 1 else "are"
