"""A file with the test that a worker is running, for whoever has to archive it after a crash."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from tracetui.tracing.archiver.rules import Rules

_OPEN = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


@dataclass(frozen=True)
class AtWork:
    """A running test: its name, its span (as a `traceparent`), its start, and what to archive."""

    test: str
    traceparent: str
    since_ns: int
    rules: Rules
    tmp_path: Path | None = None


class Note:
    """One worker's note; made with the first `write`, kept open to the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def write(self, at_work: AtWork) -> None:
        """Replace what is noted."""
        if self._descriptor < 0:
            self._descriptor = os.open(self._path, _OPEN, 0o600)
        data = f"{json.dumps(asdict(at_work), default=str)}\n".encode("ascii")
        # The first line counts: what is left of a longer one, if this is the last that happens, does not.
        os.pwrite(self._descriptor, data, 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def read_note(path: Path) -> AtWork | None:
    """What a worker noted last, if anything."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        fields = json.loads(path.read_bytes().partition(b"\n")[0])
        rules, tmp_path = fields["rules"], fields["tmp_path"]
        lists = {key: tuple(rules[key]) for key in ("globs", "tests")}
        fields["rules"] = Rules(**{**rules, **lists, "directory": Path(rules["directory"])})
        return AtWork(**{**fields, "tmp_path": Path(tmp_path) if tmp_path else None})
    return None
