"""What all processes of a run share: how much was archived, under which names, and what was never finished.

It lives in the directory of archives itself: `.lock` is held for an instant, `.run-<id>` is a journal to
which each process appends whole lines, `.now-<id>-<worker>` says which test a worker is running. A temporary
file or journal that no living process holds is stale.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracetui.tracing.archiver.limits import Limits
from tracetui.tracing.files.directory import make_private_directory
from tracetui.tracing.host.words import are, counted

SUFFIX = ".tar.zst"
_TEMPORARY = f"{SUFFIX}.tmp-"
_JOURNAL, _NOTE = ".run-", ".now-"
_STEM_LIMIT = 120
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_LEAST_ROOM = 32 << 10


@dataclass(frozen=True)
class Slot:
    """A name and room for one archive; `descriptor` is the open temporary file's."""

    descriptor: int
    temporary: Path
    final: Path
    room: int


@dataclass(frozen=True)
class Totals:
    """What a run has archived so far: of how many tests, in how many bytes, and how many were refused."""

    tests: int = 0
    total_bytes: int = 0
    refused: int = 0


class Ledger:
    """The account of one run; `run` is an id that all its processes have in common."""

    def __init__(self, directory: Path, run: str, limits: Limits) -> None:
        self.directory = directory
        self._limits = limits
        self._run = run
        self._path = directory / f"{_JOURNAL}{run}"
        self._descriptor = -1

    @property
    def is_open(self) -> bool:
        """Whether this process holds the journal."""
        return self._descriptor >= 0

    def open(self) -> None:
        """Begin the journal, or join it, and remove what other runs left unfinished."""
        with self._locked():
            self._remove_stale()

    def note_path(self, worker: str) -> Path:
        """The file in which a worker notes the test it is running."""
        return self.directory / f"{_NOTE}{self._run}-{worker}"

    def reserve(self, test: str) -> Slot | str:
        """A slot for the archive of `test`, or the reason why there is no room."""
        with self._locked():
            self._remove_stale()
            totals = self._totals()
            room = min(self._limits.test_bytes, self._limits.total_bytes - totals.total_bytes)
            if totals.tests >= self._limits.tests:
                most = self._limits.tests
                why = f"{counted(most, 'test')} of this run {are(most)} archived already"
            elif room < _LEAST_ROOM:
                why = f"the archives of this run have {self._limits.total_bytes} bytes, and no more"
            else:
                return self._slot(test, room)
            self._note("refuse - 0")
            return why

    def settle(self, slot: Slot, size: int) -> None:
        """Record that the archive is done, in `size` bytes (0: it does not count), and close the slot."""
        try:
            with self._locked():
                self._note(f"settle {slot.temporary.name} {size}")
        finally:
            os.close(slot.descriptor)

    def totals(self) -> Totals:
        """What the run has archived so far."""
        if not self._path.exists():
            return Totals()
        with self._locked():
            return self._totals()

    def close(self, *, remove: bool) -> None:
        """Let go; `remove` when the whole run is over, with the notes of its workers."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        if remove:
            for path in (self._path, *self.directory.glob(f"{_NOTE}{self._run}-*")):
                path.unlink(missing_ok=True)

    def _slot(self, test: str, room: int) -> Slot:
        names = {path.name for path in self.directory.iterdir()}
        stem = re.sub(r"[^A-Za-z0-9._-]+", "_", test)[-_STEM_LIMIT:].strip("._") or "test"
        number = next(n for n in range(1, len(names) + 2) if not _is_taken(f"{stem}-{n}{SUFFIX}", names))
        final = self.directory / f"{stem}-{number}{SUFFIX}"
        temporary = final.with_name(f"{stem}-{number}{_TEMPORARY}{os.urandom(4).hex()}")
        descriptor = os.open(temporary, _NEW, 0o600)
        os.fchmod(descriptor, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._note(f"reserve {temporary.name} {room}")
        return Slot(descriptor, temporary, final, room)

    def _totals(self) -> Totals:
        taken: dict[str, int] = {}
        refused = 0
        for line in self._path.read_text("ascii").splitlines():
            verb, name, size = line.split(" ")
            refused += verb == "refuse"
            if verb == "reserve" and not self._is_there(name):
                continue  # Whoever reserved this was killed, or it is settled below.
            taken[name] = int(size)
        sizes = [size for size in taken.values() if size]
        return Totals(len(sizes), sum(sizes), refused)

    def _is_there(self, temporary: str) -> bool:
        """Whether an archive is being written, or is whole and about to be settled."""
        final = temporary.rpartition(_TEMPORARY)[0] + SUFFIX
        return any((self.directory / name).exists() for name in (temporary, final))

    def _remove_stale(self) -> None:
        for pattern in (f"*{_TEMPORARY}*", f"{_JOURNAL}*"):
            for path in self.directory.glob(pattern):
                if path != self._path:
                    _remove_unless_held(path)
        for path in self.directory.glob(f"{_NOTE}*"):
            # A worker that crashed holds nothing: its note is its run's.
            run = path.name.removeprefix(_NOTE).partition("-")[0]
            if not (self.directory / f"{_JOURNAL}{run}").exists():
                path.unlink(missing_ok=True)

    def _note(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode("ascii"))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        make_private_directory(self.directory)
        lock = os.open(self.directory / ".lock", _APPEND, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._descriptor < 0:
                self._descriptor = os.open(self._path, _APPEND, 0o600)
                fcntl.flock(self._descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)


def _remove_unless_held(path: Path) -> None:
    # Another process may remove it first, or be about to.
    with contextlib.suppress(OSError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


def _is_taken(name: str, names: set[str]) -> bool:
    return name in names or any(other.startswith(f"{name}.tmp-") for other in names)
