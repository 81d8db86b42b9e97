"""A directory as one recording: each sweep finds what is new and keeps what is known up to date.

A source is one life of a file. A renamed file stays the same source under a new label; a truncated or
rewritten one ends, and its new life is a new source, from offset 0. The directory itself may come and go.
"""

import os
from dataclasses import dataclass

from tracetui.sources.block import Source
from tracetui.sources.descriptors import UnreadableError
from tracetui.sources.followed import FollowedFile
from tracetui.sources.recorded import RecordedFile
from tracetui.sources.regular import RegularFile
from tracetui.sources.walk import Key, Sighting, natural, walk


@dataclass(frozen=True, slots=True)
class Problem:
    """A path that cannot be read now, and why; foreign text, as it came."""

    path: str
    reason: str


class Directory:
    """The regular files under `path`: `follow` them as they grow, or take each as it is.

    `sources` are all that were ever found, in order of discovery, then of their names. `problems` is what the
    last sweep could not read; each sweep tries again. `new_problems` are those the sweep before did not have.
    """

    def __init__(self, path: str | os.PathLike[str], follow: bool) -> None:
        self.path = os.fspath(path)
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.new_problems: list[Problem] = []
        self._file: type[RegularFile] = FollowedFile if follow else RecordedFile
        self._lives: dict[Key, RegularFile] = {}

    def sweep(self) -> list[Source]:
        """The sources that are new since the last sweep. Contents are read only to recognise what changed."""
        walked = walk(self.path)
        strangers = [
            seen for key, seen in walked.files.items() if not self._knows(key, seen, walked.problems)
        ]
        strangers.sort(key=lambda stranger: natural(stranger.path))
        opened = [self._open(stranger.path, walked.problems) for stranger in strangers]
        new: list[Source] = [source for source in opened if source]
        self.sources += new
        self._tell(walked.problems)
        return new

    def close(self) -> None:
        """Close every source."""
        for source in self.sources:
            source.close()

    def _knows(self, key: Key, sighting: Sighting, problems: dict[str, str]) -> bool:
        life = self._lives.get(key)
        if life is None:
            return False
        try:
            life.seen(sighting.path, sighting.status)
        except OSError as error:
            problems[sighting.path] = UnreadableError(sighting.path, error).reason
        return not life.reset

    def _open(self, path: str, problems: dict[str, str]) -> RegularFile | None:
        try:
            source = self._file(path)
        except UnreadableError as error:
            if os.path.lexists(path):
                problems[path] = error.reason
            return None
        known = self._lives.get(source.key)
        if known and not known.reset:  # Renamed since the walk; the next one finds it under this name.
            source.close()
            return None
        self._lives[source.key] = source
        return source

    def _tell(self, problems: dict[str, str]) -> None:
        before = set(self.problems)
        self.problems = [Problem(path, reason) for path, reason in sorted(problems.items())]
        self.new_problems = [problem for problem in self.problems if problem not in before]
