"""A file that may still grow: read as it grows, through renames, until it is deleted, cut or rewritten."""

import os

from tracetui.sources.regular import RegularFile


class FollowedFile(RegularFile):
    """Ends when no name leads to the file any more and all of it was read, or when it is rewritten.

    A file that was moved out of sight still has a name, and perhaps a writer: it is followed on.
    """

    def _note(self, status: os.stat_result) -> None:
        super()._note(status)
        self.size = status.st_size

    def _is_untouched(self, _: os.stat_result) -> bool:
        return False  # It is written to, and clocks of file systems are coarse.

    def _is_over(self, status: os.stat_result) -> bool:
        return status.st_nlink == 0 and self._mark.offset >= status.st_size
