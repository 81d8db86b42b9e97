"""A JSON document of many lines of which the end has not come yet."""

from tracetui.formats.surface import BLANK, depths


class Unfinished:
    """The lines so far; `at` is the offset of the first in its source."""

    def __init__(self, text: bytes, at: int, depth: int) -> None:
        self.at = at
        self.length = len(text)
        self._lines = [text]
        self._depth = depth

    @property
    def text(self) -> bytes:
        """All of it, a copy."""
        return b"".join(self._lines)

    def add(self, line: bytes) -> bool:
        """One more line; whether the document ends in it."""
        self._lines.append(line)
        self.length += len(line)
        levels = depths(line)
        if self._depth + levels.lowest <= 0:
            return True
        self._depth += levels.end
        return False

    def may_end_in(self, line: bytes) -> bool:
        """Whether as many brackets close in a line as are open."""
        return self._depth + depths(line).lowest <= 0

    @property
    def awaits_element(self) -> bool:
        """Whether an array is open in which another document may stand next."""
        is_array = self._depth == 1 and self._lines[0].startswith(b"[")
        return is_array and self._lines[-1].rstrip(BLANK).endswith((b",", b"["))
