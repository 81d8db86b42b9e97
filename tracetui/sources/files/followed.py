"""A file that may still grow: read as it grows, through renames, until it is deleted, cut or rewritten."""

import os
from functools import partial

from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.descriptors import read_exactly
from tracetui.sources.files.regular import RegularFile, mark_after
from tracetui.sources.files.trail import Trail


class FollowedFile(RegularFile):
    """Ends when the file has no name any more and all of it was read, or when it is rewritten.

    Once it has ended it is closed, so that the space of a deleted file is freed. A file that was moved out of
    sight still has a name, and perhaps a writer: it is followed on. A writer whose disk is full takes back
    what it wrote last. That is no new life: the next block starts at the end of the last line that is still
    in place, before bytes that `read` has already given, and may be empty.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.deleted = False
        self._trail = Trail()
        self._taken_back = self._is_left = False
        super().__init__(path)

    def read(self, limit: int) -> Block | None:
        block = super().read(limit)
        if block is None and self._taken_back:
            block = super().read(limit) or (None if self.ended else Block(self._mark.offset, b""))
        self._taken_back = self._taken_back and block is None
        return block

    @property
    def gone(self) -> bool:
        return self.ended

    @property
    def is_drained(self) -> bool:
        """Whether all has been read that was there when it was last looked at."""
        return self._mark.offset >= self.size

    def read_at(self, offset: int, length: int) -> bytes:
        if self.deleted and self.ended:
            raise InputError(f"{self.label}: deleted since it was read; its bytes are gone")
        return super().read_at(offset, length)

    def unseen(self) -> None:
        """Note that the file was deleted; it ends here unless there is more to read."""
        if self.ended:
            return
        if self._handle.is_open:
            with self._handle.lent() as descriptor:
                status = self._seen = os.fstat(descriptor)
            self._note(status)
            if self._is_over(status):
                self._end()
        elif not self._has_a_name():
            self.deleted = True
            self._lose()

    def leave(self) -> None:
        """Read no more of it; sweeps recognise it, so that it is not found again as long as it lives."""
        self._is_left = self._handle.is_at_rest = True
        self._trail.forget()

    def let_go(self) -> None:
        """Close a deleted file; unread bytes are lost."""
        self._lose()

    def _note(self, status: os.stat_result) -> None:
        super()._note(status)
        self.size = status.st_size
        self.deleted = status.st_nlink == 0

    def _is_untouched(self, _: os.stat_result) -> bool:
        return False  # It is written to, and clocks of file systems are coarse.

    def _is_over(self, status: os.stat_result) -> bool:
        return status.st_nlink == 0 and (self._is_left or self._mark.offset >= status.st_size)

    def _end(self) -> None:
        super()._end()
        self.close()

    def close(self) -> None:
        super().close()
        self._trail.forget()

    def _pass(self, offset: int, window: bytes, ahead: int) -> None:
        before, begin = self._mark, offset - len(window)
        super()._pass(offset, window, ahead)
        if ahead:
            data = window[len(window) - ahead :]
            self._trail.add(before, data, lambda at: mark_after(at, window[: at - begin]))

    def _changed(self, descriptor: int) -> None:
        mark = self._trail.last_line_end(
            partial(read_exactly, descriptor),
            lambda mark: self._window(descriptor, 0, mark) is not None,
        )
        if mark and mark.offset < self._mark.offset:
            self._mark, self._taken_back, self._quiet = mark, True, None
        else:
            super()._changed(descriptor)

    def _has_a_name(self) -> bool:
        """Whether it may still be there; a sweep cannot see into a directory that may not be listed."""
        try:
            status = os.stat(self.label)  # noqa: PTH116 - a label may be any bytes
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return (status.st_dev, status.st_ino) == self.key
