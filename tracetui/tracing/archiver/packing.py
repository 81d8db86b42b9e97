"""Packs one archive: a complete file, or none."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tracetui.tracing.archiver.cores.elf import Death, is_core, read_death
from tracetui.tracing.archiver.gather import Found, LeftOut, escaped, reason
from tracetui.tracing.archiver.ledger import Slot
from tracetui.tracing.archiver.limits import Limits, spare_bytes
from tracetui.tracing.archiver.tarball import Packed, Tarball
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.words import are, counted

MANIFEST = "MANIFEST.json"
SECRETS = "contains memory and secrets"
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LEFT_OUT_LISTED = 1000
# What reading raises; a full disk is another matter.
_OF_THE_FILE = (errno.EIO, errno.EACCES, errno.EPERM, errno.ESTALE, errno.EISDIR)


@dataclass
class Archive:
    """The result of one attempt; `path` is None if nothing was archived, `left_out_count` counts everything
    left out.
    """

    path: Path | None = None
    size_bytes: int = 0
    data_bytes: int = 0
    sha256: str = ""
    members: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    deaths: list[Death] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """What kinds of things are in it."""
        return sorted({str(member["kind"]) for member in self.members})

    @property
    def is_truncated(self) -> bool:
        """Whether anything that was named is missing or incomplete."""
        return self.left_out_count > 0 or any(member.get("note") for member in self.members)

    def leave_out(self, thing: LeftOut) -> None:
        """Count what is not in it, and list the first thousand."""
        self.left_out_count += 1
        if len(self.left_out) < _LEFT_OUT_LISTED:
            self.left_out.append(thing)


class Packing:
    """Fills one slot."""

    def __init__(self, slot: Slot, limits: Limits, facts: Mapping[str, object], *, with_cores: bool) -> None:
        self._slot = slot
        self._limits = limits
        self._facts = facts
        self._with_cores = with_cores
        self._tarball = Tarball(slot.descriptor, self._room)
        self._tarball.kept_free = _room_for(facts)
        self._archive = Archive()
        self._in_manifest = 0

    def run(self, things: Iterable[Found | LeftOut]) -> Archive:
        """Pack `things`, and give the archive its final name if there is anything in it."""
        most = self._limits.files
        for thing in things:
            if len(self._archive.members) == most:
                self._leave_out(LeftOut("the rest", f"there {are(most)} {counted(most, 'file')} in it"))
                break
            if isinstance(thing, LeftOut):
                self._leave_out(thing)
            else:
                self._pack(thing)
        if self._archive.members:
            self._finish()
        return self._archive

    def _room(self) -> int:
        in_slot = self._slot.room - self._tarball.written
        return min(in_slot, spare_bytes(self._slot.descriptor, self._limits.free_share))

    def _leave_out(self, thing: LeftOut) -> None:
        self._archive.leave_out(thing)
        room = _room_for(vars(thing))
        # In order, as far as there is room in the manifest.
        if self._in_manifest == len(self._archive.left_out) - 1 and self._tarball.fits(room):
            self._tarball.kept_free += room
            self._in_manifest += 1

    def _pack(self, file: Found) -> None:
        try:
            descriptor = os.open(file.path, _OPEN)
        except OSError as error:
            self._leave_out(LeftOut(escaped(file.path), reason(error)))
            return
        try:
            why = self._pack_open(file, descriptor)
        except OSError as error:
            if error.errno not in _OF_THE_FILE:
                raise
            why = reason(error)
        finally:
            os.close(descriptor)
        if why:
            self._leave_out(LeftOut(escaped(file.path), why))

    def _pack_open(self, file: Found, descriptor: int) -> str:
        """Add the file, or return the reason not to."""
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) != (file.status.st_dev, file.status.st_ino):
            return "replaced while it was packed"
        if is_core(os.pread(descriptor, 18, 0)):
            file = replace(file, kind="core")
        if file.kind == "core" and not self._with_cores:
            return f"a core dump, which {SECRETS} (--tracetui-cores asks for it)"
        if file.kind == "core" and status.st_uid != os.geteuid():
            return "another user's core dump"
        # Blocks, since a hole costs nothing.
        if min(status.st_size, status.st_blocks * 512) > self._limits.file_bytes:
            return f"more than {self._limits.file_bytes} bytes"
        return self._add(file, descriptor)

    def _add(self, file: Found, descriptor: int) -> str:
        entry = {"name": file.name, "path": escaped(file.path), "kind": file.kind}
        room = _room_for(entry) + 256
        self._tarball.kept_free += room
        packed = self._tarball.add_file(file.name, descriptor)
        if packed is None:
            self._tarball.kept_free -= room
            return "no room for it"
        self._archive.members.append({**entry, **_particulars(file, packed)})
        self._archive.data_bytes += packed.data_bytes
        if file.kind == "core":
            self._archive.deaths.append(read_death(descriptor))
        return ""

    def _finish(self) -> None:
        archive, slot = self._archive, self._slot
        self._tarball.close(MANIFEST, self._manifest())
        os.fsync(slot.descriptor)
        slot.temporary.rename(slot.final)
        archive.path, archive.size_bytes = slot.final, self._tarball.written
        archive.sha256 = self._tarball.sha256
        # An archive that is whole is not given up because a directory cannot be synced.
        with contextlib.suppress(OSError):
            _sync_directory(slot.final.parent)

    def _manifest(self) -> bytes:
        archive = self._archive
        content = {
            "schema": "tracetui.archive/1",
            **self._facts,
            "packed_at_ns": now_ns(),
            **({"warning": SECRETS} if "core" in archive.kinds else {}),
            "members": archive.members,
            "left_out": [vars(thing) for thing in archive.left_out[: self._in_manifest]],
            "left_out_count": archive.left_out_count,
        }
        return json.dumps(content, indent=1).encode("ascii")


def _room_for(entry: Mapping[str, object]) -> int:
    """An upper bound of the bytes that `entry` takes in the manifest."""
    return 2 * len(json.dumps(entry)) + 256


def _particulars(file: Found, packed: Packed) -> dict[str, object]:
    note = {"note": packed.note} if packed.note else {}
    return {
        "size_bytes": packed.size_bytes,
        "data_bytes": packed.data_bytes,
        "sha256": packed.sha256,
        "mtime_ns": file.status.st_mtime_ns,
        **note,
    }


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
