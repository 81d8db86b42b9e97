"""A JSON document of many lines whose end has not come yet."""

from tracetui.formats.framing.records import first_key
from tracetui.formats.framing.surface import BLANK, WRAPPER, depths, ends_in_text
from tracetui.formats.streaming.streamable import is_streamable
from tracetui.formats.streaming.torn import is_broken, is_json


class Unfinished:
    """The lines so far; `at` is the offset of the first in its source."""

    def __init__(self, text: bytes, at: int, depth: int) -> None:
        self.at = at
        self.length = len(text)
        self._lines = [text]
        self._last = text
        self._depth = depth

    @property
    def text(self) -> bytes:
        """All of it, as a copy."""
        return b"".join(self._lines)

    def add(self, line: bytes) -> bool:
        """Add a line; returns whether the document ends in it."""
        self._lines.append(line)
        self._last = line if line.strip(BLANK) else self._last
        self.length += len(line)
        levels = depths(line)
        if self._depth + levels.lowest <= 0:
            return True
        self._depth += levels.end
        return False

    def may_end_in(self, line: bytes) -> bool:
        """Whether as many brackets close in a line as are open."""
        return self._depth + depths(line).lowest <= 0

    def is_torn_by(self, line: bytes) -> bool:
        """Whether a line is a record of its own that cannot be here: then the rest will never come.

        Where an object may come next, it is one if it begins as the document does, which is no list of such.
        """
        if line[:1] != b"{" or (self._may_go_on and len(self._lines) > 1) or not is_json(line):
            return False
        if not self._may_go_on or is_broken(self.text + line):
            return True
        head = first_key(self._lines[0])
        if not head or not line.startswith(head):
            return False
        return WRAPPER.match(head) is not None or not is_streamable(self.text, 0, self.length)

    @property
    def _may_go_on(self) -> bool:
        """Whether an object may stand next, as far as the last byte tells."""
        return self._last.rstrip(BLANK).endswith((b",", b":", b"[")) and not ends_in_text(self._last)

    @property
    def awaits_element(self) -> bool:
        """Whether an array is open in which another document may stand next."""
        is_array = self._depth == 1 and self._lines[0].startswith(b"[")
        return is_array and self._last.rstrip(BLANK).endswith((b",", b"["))
