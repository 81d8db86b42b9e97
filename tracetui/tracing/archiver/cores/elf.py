"""What a core dump's ELF notes say about the process that died: no debugger needed, and little to read.

Layouts: elf(5) and Linux's `elf_prstatus` and `elf_prpsinfo`.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_CORE = 4
_PT_NOTE, _NT_PRSTATUS, _NT_PRPSINFO = 4, 1, 3
_NOTES_READ = 4 << 20
_HEADERS_READ = 4096


@dataclass(frozen=True)
class Death:
    """Which process died of which signal; zero or empty means unknown."""

    pid: int = 0
    signal: int = 0
    executable: str = ""


def is_core(head: bytes) -> bool:
    """Whether a file that begins with these 18 bytes is a core dump."""
    if len(head) < 18 or not head.startswith(b"\x7fELF"):
        return False
    return bool(struct.unpack_from(_order(head) + "H", head, 16)[0] == _CORE)


def read_death(descriptor: int) -> Death:
    """The first thread's signal, the pid and the program of a core dump; an empty `Death` for any other
    file.
    """
    try:
        head = os.pread(descriptor, 64, 0)
        return _death(descriptor, head) if is_core(head) else Death()
    except (struct.error, IndexError, ValueError):
        return Death()


def _death(descriptor: int, head: bytes) -> Death:
    pid = signal = 0
    executable = ""
    for kind, note in _notes(descriptor, head):
        if kind == _NT_PRSTATUS and not pid:
            (signal,) = struct.unpack_from(_order(head) + "H", note, 12)
            (pid,) = struct.unpack_from(_order(head) + "I", note, 32 if _is_64(head) else 24)
        elif kind == _NT_PRPSINFO:
            start = 40 if _is_64(head) else 28
            executable = note[start : start + 16].split(b"\0")[0].decode("utf-8", "replace")
    return Death(pid, signal, executable)


def _notes(descriptor: int, head: bytes) -> Iterator[tuple[int, bytes]]:
    order = _order(head)
    for offset, size in _note_segments(descriptor, head):
        data = os.pread(descriptor, min(size, _NOTES_READ), offset)
        position = 0
        while position + 12 <= len(data):
            name_size, note_size, kind = struct.unpack_from(order + "III", data, position)
            start = position + 12 + (name_size + 3 & ~3)
            yield kind, data[start : start + note_size]
            position = start + (note_size + 3 & ~3)


def _note_segments(descriptor: int, head: bytes) -> Iterator[tuple[int, int]]:
    order, is_64 = _order(head), _is_64(head)
    (table,) = struct.unpack_from(order + ("Q" if is_64 else "I"), head, 32 if is_64 else 28)
    size, count = struct.unpack_from(order + "HH", head, 54 if is_64 else 42)
    for entry in range(min(count, _HEADERS_READ)):
        header = os.pread(descriptor, size, table + entry * size)
        kind, _, offset64, _, _, length64 = struct.unpack_from(order + "IIQQQQ", header + bytes(64))
        _, offset32, _, _, length32 = struct.unpack_from(order + "IIIII", header)
        if kind == _PT_NOTE:
            yield (offset64, length64) if is_64 else (offset32, length32)


def _order(head: bytes) -> str:
    return ">" if head[5] == 2 else "<"


def _is_64(head: bytes) -> bool:
    return head[4] == 2
