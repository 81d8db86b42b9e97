"""Paths given by the user as sources (files, directories, pipes, standard input); each only once."""

from collections.abc import Sequence
from pathlib import Path

from tracetui.sources.directory import Directory
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.files.walk import Key
from tracetui.sources.stdin import NamedPipe, StdinSource, is_pipe

STDIN = "-"


def is_stream(path: str) -> bool:
    """Whether what a path gives can be read only once: standard input, or a pipe."""
    return path == STDIN or is_pipe(path)


def opened(
    paths: Sequence[str], stdin: int, *, follow: bool
) -> tuple[list[StdinSource | RecordedFile], list[Directory]]:
    """The single sources among `paths`, in their order, and the directories: with `follow` everything is one.

    A file or pipe that is named twice, or a file in a named directory, is one source. Raises `InputError` for
    what cannot be opened.
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
        elif is_pipe(path):
            _open_pipe(path, sources, taken)
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


def _open_pipe(path: str, sources: list[StdinSource | RecordedFile], taken: set[Key]) -> None:
    status = Path(path).stat()
    key = (status.st_dev, status.st_ino)
    if key not in taken:
        taken.add(key)
        sources.append(NamedPipe(path))
