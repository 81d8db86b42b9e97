"""A recording: one regular file, read to the end that was there when it was opened."""

import os

from tracetui.sources.regular import RegularFile


class RecordedFile(RegularFile):
    """Ends at the size it had; its descriptor stays open, so that deletion takes nothing away."""

    def _is_over(self, status: os.stat_result) -> bool:
        return self._mark.offset >= min(self.size, status.st_size)
