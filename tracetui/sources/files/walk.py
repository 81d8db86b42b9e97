"""The regular files under a directory, each once, with one listing per directory and one stat per file."""

import os
import stat
from collections.abc import Iterator

from msgspec import Struct, field

from tracetui.sources.files.descriptors import UnreadableError
from tracetui.text import natural

Key = tuple[int, int]
"""Device and inode: what tells two names of one file from two files."""

ARCHIVE = "artifacts"
"""The directory, beside the spans, where failed tests leave their data files: no traces."""

PACKAGES = frozenset({"node_modules", "__pycache__", "site-packages"})
"""Directories of what was installed or compiled: files by the ten thousand, and no traces."""


class Sighting(Struct, frozen=True):
    """One regular file: a name of it, and its status."""

    path: str
    status: os.stat_result
    linked: bool


class Walk(Struct):
    """The result of one walk: directories, regular files, what could not be read, by path and reason, and
    `others` that are no files, which are never opened.
    """

    directories: set[str] = field(default_factory=set)
    files: dict[Key, Sighting] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


def walk(root: str) -> Walk:
    """Everything under `root` except hidden names, the archive, installed packages and directories behind
    links.

    A link to a directory that is walked anyway, or that contains this one, is ignored; others are problems.
    """
    result = Walk()
    waiting = [root]
    while waiting:
        directory = waiting.pop()
        result.directories.add(directory)
        for entry in _entries(directory, result):
            if entry.name.startswith("."):
                continue
            if not entry.is_dir(follow_symlinks=False):
                _look(entry, root, result)
            elif entry.name not in PACKAGES and (directory != root or entry.name != ARCHIVE):
                waiting.append(entry.path)
    return result


def is_plain(path: str, status: os.stat_result, walked: Walk) -> bool:
    """Whether a path (with its `lstat`) that has come since a walk is a file that it would have found."""
    directory, name = os.path.split(path)
    is_one = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return is_one and directory in walked.directories and not name.startswith(".")


def _entries(directory: str, result: Walk) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            yield from entries
    except FileNotFoundError:
        return  # Not there yet, or not any more: the next walk tells.
    except OSError as error:
        result.problems[directory] = UnreadableError(directory, error).reason


def _look(entry: os.DirEntry[str], root: str, result: Walk) -> None:
    try:
        status = entry.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        result.problems[entry.path] = UnreadableError(entry.path, error).reason
        return
    if stat.S_ISDIR(status.st_mode):
        if not _is_kin(os.path.realpath(entry.path), os.path.realpath(root)):
            result.problems[entry.path] = "a link to a directory elsewhere; give that directory, too"
        return
    if not stat.S_ISREG(status.st_mode):
        result.others[entry.path] = "not a file"
        return
    sighting = Sighting(entry.path, status, entry.is_symlink())
    key = status.st_dev, status.st_ino
    other = result.files.setdefault(key, sighting)
    if other is not sighting and _rank(sighting) < _rank(other):
        result.files[key] = sighting


def _rank(sighting: Sighting) -> tuple[bool, tuple[list[tuple[int, str]], str]]:
    """A file with several names goes by the first: real names before links, then natural order."""
    return sighting.linked, natural(sighting.path)


def _is_kin(one: str, other: str) -> bool:
    """Whether one of two real directories is the other, or in it."""
    return os.path.commonpath((one, other)) in (one, other)
