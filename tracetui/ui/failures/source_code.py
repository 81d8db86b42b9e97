"""The source code around the failed line, if it can be what ran.

The recording names the file, so only files below the working directory, or beside the recording, are read: a
regular text file of moderate size.
"""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tracetui.analysis.failures.failure_facts import FailureFacts, code_at
from tracetui.analysis.failures.place import Place
from tracetui.errors import InputError
from tracetui.ui.app.editor import find

BEFORE, AFTER = 10, 6
"""Lines around the one that failed."""
LARGEST = 2 << 20


class SourceCode(NamedTuple):
    """Some `lines` of a file from number `first` on; or the `trouble`, why there are none.

    `variables` are those at that place, if the recording has them. All text is foreign.
    """

    first: int = 1
    lines: Sequence[str] = ()
    trouble: str = ""
    variables: Sequence[str] = ()


def code_around(place: Place, recorded: str, since_ns: int, roots: Sequence[Path]) -> SourceCode:
    """The code around a place, if a file below one of `roots` has it.

    `recorded` is the recorded text of the line, or empty; then a file that was changed after `since_ns`, in
    ns since the epoch, is not what ran.
    """
    try:
        path = _below(find(place.file, roots), roots)
        code, written_ns = _read(path)
    except InputError as error:
        return SourceCode(trouble=str(error))
    except OSError as error:
        return SourceCode(trouble=f"{place.file}: {(error.strerror or str(error)).lower()}")
    lines = code.splitlines()
    if not 0 < place.line <= len(lines):
        return SourceCode(trouble=f"{place.file}: has no line {place.line} any more")
    is_same = lines[place.line - 1].strip() == recorded.strip() if recorded else written_ns <= since_ns
    if not is_same:
        return SourceCode(trouble=f"{place.file}: changed since the run")
    first = max(1, place.line - BEFORE)
    return SourceCode(first, lines[first - 1 : place.line + AFTER])


def source_of(facts: FailureFacts) -> SourceCode:
    """The code where a failure happened."""
    if facts.place is None:
        return SourceCode()
    snapshot = facts.findings.snapshot
    source = snapshot.sources[int(snapshot.sources_of(np.array([facts.row]))[0])]
    since_ns = int(snapshot.start_ns[facts.row])
    recorded, variables = code_at(facts.cause, facts.place)
    return code_around(facts.place, recorded, since_ns, roots(source))._replace(variables=variables)


def roots(source: str) -> list[Path]:
    """Where code is looked for: in the working directory, beside a recording and one level above it."""
    beside = Path(source).absolute().parent
    return [Path.cwd(), beside, beside.parent]


def _below(path: Path, roots: Sequence[Path]) -> Path:
    """`path`, which is resolved, if it lies below a root."""
    if not any(path.is_relative_to(root) for root in _resolved(roots)):
        raise InputError(f"{path}: outside of this directory and that of the recording")
    return path


def _resolved(roots: Sequence[Path]) -> Iterator[Path]:
    for root in roots:
        resolved = root.resolve()
        if resolved != resolved.parent:  # Everything is below the root of the file system.
            yield resolved


def _read(path: Path) -> tuple[str, int]:
    """The text of a file, and when it was last changed."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path}: not a regular file")
    if status.st_size > LARGEST:
        raise InputError(f"{path}: too large to show")
    with path.open("rb") as file:
        data = file.read(LARGEST)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text") from None
    if "\0" in text:
        raise InputError(f"{path}: not UTF-8 text")
    return text, status.st_mtime_ns
