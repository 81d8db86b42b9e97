"""How much may be archived: resmoke's limits, and some more to protect disks and readers."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

_MB = 1_000_000
_UNITS = {"": 1, "kb": 1000, "mb": _MB, "gb": 1000 * _MB, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


@dataclass(frozen=True)
class Limits:
    """`tests` and `total_bytes` are of one run; `file_bytes` counts data, not holes; the others archives."""

    tests: int = 10
    total_bytes: int = 5000 * _MB
    test_bytes: int = 1 << 30
    file_bytes: int = 2 << 30
    files: int = 10_000
    free_share: float = 0.10


def parse_size(text: str) -> int:
    """`5000 MB`, `1 GiB` or `4096` in bytes; raises ValueError that says what to write."""
    match = _SIZE.fullmatch(text.strip().lower())
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"{text!r} is not a size; write for example 5000 MB or 1 GiB")
    return int(float(match[1]) * _UNITS[match[2]])


def parse_limit(limits: Limits, text: str) -> Limits:
    """`limits` with one changed, as `tests=10` or `total=5000 MB` says; raises ValueError that says how."""
    name, equals, value = (part.strip() for part in text.partition("="))
    known = ("tests", "total", "test", "file", "files", "free")
    if not equals or name not in known:
        raise ValueError(f"{text!r} is not a limit; write NAME=VALUE, NAME one of {', '.join(known)}")
    if name == "free":
        return replace(limits, free_share=_share(value))
    if name in ("tests", "files"):
        return replace(limits, **{name: parse_size(value)})
    return replace(limits, **{f"{name}_bytes": parse_size(value)})


def _share(text: str) -> float:
    match = _SHARE.fullmatch(text)
    if match is None or float(match[1]) > 100:
        raise ValueError(f"{text!r} is not a share of a disk; write for example free=10%")
    return float(match[1]) / 100


def spare_bytes(descriptor: int, free_share: float) -> int:
    """What may still be written to the file system of `descriptor` before less than `free_share` is free."""
    system = os.fstatvfs(descriptor)
    return int((system.f_bavail - free_share * system.f_blocks) * system.f_frsize)
