"""Changes of a lake, each committed by one rename; see `manifests`. Loaders take turns with a file lock."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from msgspec.structs import replace

from tracetui.atomic import write_whole
from tracetui.fleet.store.lake.manifests import DIRECTORY, Manifest, manifests, written
from tracetui.fleet.store.loads import Ledger, Stamp, Unit

GRACE_S = 3600
"""Files that count no more stay for so long: who asks just now still reads them."""


class Commits:
    """The manifests of a lake, and their changes."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock against other processes that change this lake; a killed process releases it."""
        (self.lake / DIRECTORY).mkdir(parents=True, exist_ok=True)
        with (self.lake / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._recover()
            yield

    def _recover(self) -> None:
        """Remove what a killed process had replaced: once its successor is gone, it would be valid again."""
        for manifest in written(self.lake):
            for name in manifest.replaces:
                self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.lake / DIRECTORY / f"{name}.json"

    def ledger(self, valid: Iterable[Manifest] | None = None) -> Ledger:
        """What has been loaded."""
        units: dict[str, Unit] = {}
        files: dict[str, frozenset[Stamp]] = {}
        for manifest in manifests(self.lake) if valid is None else valid:
            units |= {key: Unit(*fields) for key, fields in manifest.units.items()}
            for path, fields in manifest.sources.items():
                files[path] = files.get(path, frozenset()) | {Stamp(*fields)}
        return Ledger(units, files)

    def commit(self, changed: Manifest, replaced: Iterable[Manifest]) -> None:
        """Put a manifest in place of others; the grace period of files that nobody names any more begins."""
        gone = tuple(replaced)
        changed = replace(changed, replaces=tuple(manifest.name for manifest in gone))
        path = self._path(changed.name)
        write_whole(path, [changed.dump()])
        path.chmod(0o644)
        for manifest in gone:
            self._path(manifest.name).unlink(missing_ok=True)
        left = {file for manifest in gone for file in manifest.files} - set(changed.files)
        now = time.time()
        for file in left:
            os.utime(self.lake / file, (now, now))

    def sweep(self, grace_s: float = GRACE_S) -> None:
        """Remove files that no manifest names, once their grace period is over."""
        named = {file for manifest in manifests(self.lake) for file in manifest.files}
        before = time.time() - grace_s
        for path in self.lake.glob("*/date=*/*"):
            if path.relative_to(self.lake).as_posix() not in named and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)


def new_name(prefix: str) -> str:
    """A name that no other manifest has."""
    return f"{prefix}-{token_hex(6)}"


def told(units: Mapping[str, Unit], files: Mapping[str, Stamp]) -> dict[str, Any]:
    """Both in the form of manifests."""
    return {
        "units": {key: list(unit) for key, unit in units.items()},
        "sources": {path: list(stamp) for path, stamp in files.items()},
    }
