"""A recording: one regular file, read to the end that it had when it was opened."""

import os
import time

from tracetui.sources.files.regular import RACY_NS, RegularFile


class RecordedFile(RegularFile):
    """Ends at the size it had; its descriptor stays open, so that deletion takes nothing away."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self._opened = _stamps(self._handle.status)
        self._tells_changes = time.time_ns() - self._handle.status.st_ctime_ns > RACY_NS

    @property
    def settled(self) -> bool:
        return True

    def _is_untouched(self, status: os.stat_result) -> bool:
        return self._tells_changes and _stamps(status) == self._opened

    def _is_over(self, status: os.stat_result) -> bool:
        return self._mark.offset >= min(self.size, status.st_size)


def _stamps(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
