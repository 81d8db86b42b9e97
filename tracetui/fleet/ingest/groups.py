"""Groups of files that are read together: those of a directory, because one run may be in all of them."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tracetui.errors import InputError
from tracetui.fleet.store.loads import Ledger, Stamp
from tracetui.ingest.history.index import in_parts
from tracetui.sources.files.walk import walk
from tracetui.text import natural

LIVE = "live"
"""The directory beside our recordings in which stands what has begun; see `tracing.live`."""


class Group(NamedTuple):
    """Files that are read together, by path, and those of them that were given one by one."""

    files: dict[str, Stamp]
    named: frozenset[str]

    @property
    def size(self) -> int:
        """The size in bytes."""
        return sum(stamp.size for stamp in self.files.values())


def groups(paths: Sequence[str], is_of_store: Callable[[str], bool]) -> list[Group]:
    """All files of `paths`, those of each directory together, but only up to a limited size at once.

    Files for which `is_of_store` holds are left out. Raises `InputError` for a path that does not exist.
    """
    stamps: dict[str, Stamp] = {}
    paths = [path if path == "-" else os.path.abspath(path) for path in paths]  # noqa: PTH100 - no `..` in it
    named = frozenset(path for path in paths if not Path(path).is_dir())
    for path in paths:
        stamps |= _look(path)
    directories: dict[str, list[str]] = {}
    for path in sorted(stamps, key=natural):
        if not is_of_store(path):
            directories.setdefault(_directory(path), []).append(path)
    return [
        Group({path: stamps[path] for path in part}, named & set(part))
        for members in directories.values()
        for part in in_parts(members, {path: stamps[path].size for path in members})
    ]


def unread(all_groups: Sequence[Group], ledger: Ledger) -> list[Group]:
    """The groups with a file that is new or has changed, and the group of the directory that is read before
    it: a run may begin there.
    """
    fresh = [
        any(not ledger.knows(path, stamp) for path, stamp in group.files.items()) for group in all_groups
    ]
    wanted = set()
    for number, is_fresh in enumerate(fresh):
        if is_fresh:
            wanted.add(number)
            if number and _of(all_groups[number - 1]) == _of(all_groups[number]):
                wanted.add(number - 1)
    return [all_groups[number] for number in sorted(wanted)]


def _of(group: Group) -> str:
    return _directory(next(iter(group.files)))


def _look(path: str) -> dict[str, Stamp]:
    """The files at a path."""
    if path == "-":
        return {path: Stamp(0, 0)}
    if not Path(path).exists():
        raise InputError(f"{path}: no such file or directory")
    if Path(path).is_dir():
        statuses: Iterable[tuple[str, os.stat_result]] = (
            (file.path, file.status) for file in walk(path).files.values()
        )
    else:
        statuses = [(path, Path(path).stat())]
    return {name: Stamp(status.st_size, status.st_mtime_ns) for name, status in statuses}


def _directory(path: str) -> str:
    directory = os.path.dirname(path)  # noqa: PTH120 - of text as it was given
    return os.path.dirname(directory) if os.path.basename(directory) == LIVE else directory  # noqa: PTH119, PTH120
