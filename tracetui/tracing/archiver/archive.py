"""The archives of a run: one slot each, filled from the directories and files that a test names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from tracetui.tracing.archiver.gather import Gathering, LeftOut, Root
from tracetui.tracing.archiver.ledger import Ledger
from tracetui.tracing.archiver.limits import Limits
from tracetui.tracing.archiver.packing import Archive, Packing


class Archiver:
    """Makes the archives of one run, in one of its processes."""

    def __init__(self, spans_dir: Path, ledger: Ledger, limits: Limits, *, with_cores: bool = False) -> None:
        self._ledger = ledger
        self._spans_dir = spans_dir
        self._limits = limits
        self._with_cores = with_cores

    def pack(self, test: str, roots: Iterable[Root], facts: Mapping[str, object]) -> Archive:
        """Archive what is under `roots` for `test`; `facts` go into the manifest. Raises OSError."""
        slot = self._ledger.reserve(test)
        if isinstance(slot, str):
            archive = Archive()
            archive.leave_out(LeftOut("everything", slot))
            return archive
        size = 0
        try:
            things = Gathering(os.path.realpath(self._spans_dir)).walk(roots)
            packing = Packing(slot, self._limits, {"test": test, **facts}, with_cores=self._with_cores)
            archive = packing.run(things)
            size = archive.size_bytes
        finally:
            if not size:
                slot.temporary.unlink(missing_ok=True)
            self._ledger.settle(slot, size)
        return archive
