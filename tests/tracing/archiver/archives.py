"""Builders for the tests of the archiver: archive something, read an archive back without our code."""

from __future__ import annotations

import io
import json
import struct
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tracetui.tracing.archiver.archive import Archiver
from tracetui.tracing.archiver.gather import Root
from tracetui.tracing.archiver.ledger import Ledger
from tracetui.tracing.archiver.limits import Limits
from tracetui.tracing.archiver.packing import Archive

FREELY = Limits(free_share=0)
"""No share of the disk is kept free: the machine that tests run on may have little."""


def pack(spans: Path, *roots: Root | Path, limits: Limits = FREELY, with_cores: bool = False) -> Archive:
    """Archive `roots` as a run of its own does for a test called `test`."""
    ledger = Ledger(spans / "artifacts", "1", limits)
    archive = Archiver(spans, ledger, limits, with_cores=with_cores).pack("test", as_roots(roots), {})
    ledger.close(remove=True)
    return archive


def as_roots(roots: Iterable[Root | Path]) -> list[Root]:
    """Paths as roots named like them."""
    return [root if isinstance(root, Root) else Root("glob", str(root), root.name) for root in roots]


def members(path: Path) -> dict[str, bytes]:
    """Every member of an archive, whole, by name; raises if it is damaged in any way."""
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(unpacked(path))) as tar:
        for info in tar:
            file = tar.extractfile(info)
            assert file is not None
            assert info.name not in found
            found[info.name] = file.read()
    return found


def unpacked(path: Path) -> bytes:
    """The tar in an archive, whose checksum is right."""
    content = zstd.decompress(path.read_bytes())
    assert content.endswith(bytes(1024))
    return content


def manifest(path: Path) -> dict[str, Any]:
    """The manifest of an archive, its last member."""
    name, content = list(members(path).items())[-1]
    assert name == "MANIFEST.json"
    answer: dict[str, Any] = json.loads(content)
    return answer


def left_out(archive: Archive) -> dict[str, str]:
    """Why what is missing is missing, by the last part of its path."""
    return {thing.path.rpartition("/")[2]: thing.why for thing in archive.left_out}


def core_dump(pid: int, signal: int, program: bytes) -> bytes:
    """A small ELF core dump (64 bits, little-endian) of one thread."""
    status = bytearray(336)
    struct.pack_into("<H", status, 12, signal)
    struct.pack_into("<I", status, 32, pid)
    facts = bytearray(136)
    facts[40 : 40 + len(program)] = program
    notes = b"".join(
        struct.pack("<III8s", 5, len(note), kind, b"CORE") + note for kind, note in ((1, status), (3, facts))
    )
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 4, 0, 120, 0, 0, len(notes), 0, 4) + notes
