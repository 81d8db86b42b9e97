"""A directory as one recording: each sweep finds what is new and keeps what is known up to date.

A source is one life of a file. A renamed file stays the same source under a new label; a truncated or
rewritten one ends, and its new life is a new source, from offset 0. The directory itself may come and go.
"""

import os
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

from msgspec import Struct

from tracetui.sources.block import Source
from tracetui.sources.files.descriptors import UnreadableError
from tracetui.sources.files.followed import FollowedFile
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.files.regular import RegularFile
from tracetui.sources.files.walk import Key, Sighting, Walk, is_plain, walk
from tracetui.text import natural

MOST_DELETED_BYTES = 64 * 1024 * 1024
"""Deleted files that are not yet read to their end may take so much of the disk; the smallest are kept."""


class Problem(Struct, frozen=True):
    """A path that cannot be read now, and why; foreign text, unchanged."""

    path: str
    reason: str


class Directory:
    """The regular files under `path`: `follow` them as they grow, or take each as it is.

    `sources` are all that were ever found, in order of discovery, then of their names. `problems` is what the
    last sweep could not read; each sweep tries again. `others` are no files, and never opened. If files are
    not followed, those in `taken` are left out, and found ones are added to it: overlapping directories give
    each file once.
    """

    def __init__(self, path: str | os.PathLike[str], follow: bool, taken: set[Key] | None = None) -> None:
        self.path = os.fspath(path)
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.others: list[Problem] = []
        self._file: type[RegularFile] = FollowedFile if follow else RecordedFile
        self._lives: dict[Key, RegularFile] = {}
        self._taken = set() if taken is None else taken
        self._paths: dict[str, Key] = {}
        self._walked = Walk()

    def sweep(self) -> list[Source]:
        """The sources that are new since the last sweep. Contents are read only to recognise what changed."""
        walked = self._walked = walk(self.path)
        self._paths = {seen.path: key for key, seen in walked.files.items()}
        strangers = [
            seen for key, seen in walked.files.items() if not self._knows(key, seen, walked.problems)
        ]
        strangers.sort(key=lambda stranger: natural(stranger.path))
        opened = [self._open(stranger.path, walked.problems) for stranger in strangers]
        new: list[Source] = [source for source in opened if source]
        self.sources += new
        self._look_after_unseen(walked)
        self.problems = [Problem(path, reason) for path, reason in sorted(walked.problems.items())]
        self.others = [Problem(path, reason) for path, reason in sorted(walked.others.items())]
        return new

    def look(self, path: str) -> Source | None:
        """Look at a file where the last sweep found it, or that has come since; None if only a sweep can tell
        what it is.
        """
        key = self._paths.get(path)
        try:
            return self._come(path) if key is None else self._known(path, key)
        except OSError:
            return None

    def _known(self, path: str, key: Key) -> Source | None:
        life = self._lives.get(key)
        if life is None or life.gone:
            return None
        try:
            status = Path(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            return self._deleted(path, key, life)
        if (status.st_dev, status.st_ino) != key:
            self._deleted(path, key, life)
            return None
        life.seen(path, status)
        return None if life.gone else life

    def _deleted(self, path: str, key: Key, life: RegularFile) -> Source | None:
        """A file without a name is let go, or read on, at once: its space is the writer's."""
        life.unseen()
        if not isinstance(life, FollowedFile) or not life.deleted:
            return None
        del self._paths[path]
        if life.ended:
            del self._lives[key]
        return life

    def _come(self, path: str) -> Source | None:
        status = Path(path).lstat()
        key = status.st_dev, status.st_ino
        if key in self._lives or key in self._taken or not is_plain(path, status, self._walked):
            return None
        source = self._open(path, {})
        if source:
            self._paths[path] = source.key
            self.sources.append(source)
        return source

    def close(self) -> None:
        """Close every source."""
        for source in self.sources:
            source.close()

    def _knows(self, key: Key, sighting: Sighting, problems: dict[str, str]) -> bool:
        life = self._lives.get(key)
        if life is None:
            return key in self._taken
        try:
            life.seen(sighting.path, sighting.status)
        except OSError as error:
            problems[sighting.path] = UnreadableError(sighting.path, error).reason
        return not life.gone

    def _look_after_unseen(self, walked: Walk) -> None:
        """Deleted files are read on, but may take no more than `MOST_DELETED_BYTES` of the disk."""
        unseen = [(key, life) for key, life in self._lives.items() if key not in walked.files]
        deleted = []
        for key, life in unseen:
            life.unseen()
            if isinstance(life, FollowedFile):
                if life.ended:
                    del self._lives[key]
                elif life.deleted:
                    deleted.append(life)
        for life in _beyond(MOST_DELETED_BYTES, deleted):
            life.let_go()

    def _open(self, path: str, problems: dict[str, str]) -> RegularFile | None:
        try:
            source = self._file(path)
        except UnreadableError as error:
            if os.path.lexists(path):
                problems[path] = error.reason
            return None
        known = self._lives.get(source.key)
        if known and not known.gone:  # Renamed since the walk; the next one finds it under this name.
            source.close()
            return None
        self._lives[source.key] = source
        if isinstance(source, RecordedFile):
            self._taken.add(source.key)
        return source


def looked_at(directories: Iterable[Directory], paths: Iterable[str]) -> list[Source | None]:
    """What each of these paths is now (see `Directory.look`)."""
    known = tuple(directories)
    return [next(filter(None, (directory.look(path) for directory in known)), None) for path in paths]


def _beyond(most: int, files: list[FollowedFile]) -> list[FollowedFile]:
    """The `files` that, smallest first, together with those before take more than `most` bytes."""
    by_size = sorted(files, key=lambda file: file.size)
    totals = accumulate(file.size for file in by_size)
    return [file for file, total in zip(by_size, totals, strict=True) if total > most]
