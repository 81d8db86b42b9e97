"""Paths given by the user as sources (files, directories, standard input); each file only once."""

from collections.abc import Sequence
from pathlib import Path

from tracetui.sources.directory import Directory
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.files.walk import Key
from tracetui.sources.stdin import StdinSource

STDIN = "-"


def opened(
    paths: Sequence[str], stdin: int, *, follow: bool
) -> tuple[list[StdinSource | RecordedFile], list[Directory]]:
    """The single sources among `paths`, in their order, and the directories: with `follow` everything is one.

    A file that is named twice, or that is in a named directory, is one source. Raises `InputError` for a file
    that cannot be opened.
    """
    sources: list[StdinSource | RecordedFile] = []
    directories: list[Directory] = []
    taken: set[Key] = set()
    for path in paths:
        if path == STDIN:
            sources.append(StdinSource(stdin))
        elif follow:
            directories.append(Directory(path, follow=True))
        elif Path(path).is_dir():
            directories.append(Directory(path, follow=False, taken=taken))
        else:
            _open_file(path, sources, taken)
    return sources, directories


def _open_file(path: str, sources: list[StdinSource | RecordedFile], taken: set[Key]) -> None:
    file = RecordedFile(path)
    if file.key in taken:
        file.close()
        return
    taken.add(file.key)
    sources.append(file)
