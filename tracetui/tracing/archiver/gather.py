"""What there is to archive: regular files under some roots, what is left out, and why.

Nothing is opened here. Links are not followed and other file systems not entered.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["tmp_path", "glob", "core", "manifest"]

_SPECIAL = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True)
class Root:
    """A file or directory to archive under `name`, or `why` it must not be."""

    kind: Kind
    path: str
    name: str
    why: str = ""


@dataclass(frozen=True)
class Found:
    """A regular file to archive, as it was when it was found."""

    kind: Kind
    path: str
    name: str
    status: os.stat_result


@dataclass(frozen=True)
class LeftOut:
    """Something that is not archived; both texts are printable."""

    path: str
    why: str


def escaped(path: str) -> str:
    """`path` with everything that is not printable (and `%`) as `%XX` of its bytes."""
    return "".join(
        char if char.isprintable() and char != "%" else "".join(f"%{byte:02X}" for byte in os.fsencode(char))
        for char in path
    )


def reason(error: OSError) -> str:
    """An operating system's error in its own words."""
    return (error.strerror or str(error)).lower()


@dataclass
class Gathering:
    """One walk over the roots of one archive: `without` is a directory that is never entered."""

    without: str = ""
    _seen: dict[tuple[int, int], str] = field(default_factory=dict)

    def walk(self, roots: Iterable[Root]) -> Iterator[Found | LeftOut]:
        """Every file, each once, in a fixed order."""
        for root in roots:
            try:
                status = os.lstat(root.path)
            except OSError as error:
                yield LeftOut(escaped(root.path), reason(error))
                continue
            if root.why:
                yield LeftOut(escaped(root.path), root.why)
            else:
                yield from self._tree(root, status)

    def _tree(self, root: Root, top: os.stat_result) -> Iterator[Found | LeftOut]:
        waiting = [(root.path, root.name, top)]
        while waiting:
            path, name, status = waiting.pop()
            if not stat.S_ISDIR(status.st_mode):
                yield from self._one(root.kind, path, name, status)
            elif status.st_dev != top.st_dev:
                yield LeftOut(escaped(path), "on another file system")
            elif path != self.without:
                entries = list(_entries(path, name))
                yield from (entry for entry in entries if isinstance(entry, LeftOut))
                # Taken from the end: this keeps them in order.
                waiting += [entry for entry in reversed(entries) if not isinstance(entry, LeftOut)]

    def _one(self, kind: Kind, path: str, name: str, status: os.stat_result) -> Iterator[Found | LeftOut]:
        special = _SPECIAL.get(stat.S_IFMT(status.st_mode))
        key = (status.st_dev, status.st_ino)
        first = self._seen.get(key)
        if special is not None:
            yield LeftOut(escaped(path), special)
        elif first is None:
            self._seen[key] = path
            yield Found(kind, path, escaped(name), status)
        elif first != path:
            yield LeftOut(escaped(path), f"the same file as {escaped(first)}")


def _entries(path: str, name: str) -> Iterator[tuple[str, str, os.stat_result] | LeftOut]:
    try:
        with os.scandir(path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield LeftOut(escaped(path), reason(error))
        return
    for entry in entries:
        try:
            yield entry.path, f"{name}/{entry.name}", entry.stat(follow_symlinks=False)
        except OSError as error:
            yield LeftOut(escaped(entry.path), reason(error))


def glob_roots(patterns: Iterable[str], directory: Path) -> Iterator[Root]:
    """What the patterns match below `directory`; nothing that only a link leads to."""
    real = directory.resolve()
    for pattern in patterns:
        for path in sorted(real.glob(pattern)):
            is_behind = path.parent.resolve() != path.parent
            why = "behind a symbolic link" if is_behind else ""
            yield Root("glob", str(path), str(path.relative_to(real)), why)
