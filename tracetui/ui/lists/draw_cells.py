"""Styled characters, cell by cell: for lines on which several things are drawn over each other."""

from rich.segment import Segment
from rich.style import Style


class Cells:
    """A line of `count` cells, blank at first; every character in it is one cell wide."""

    def __init__(self, count: int, blank: Style) -> None:
        self.count = count
        self._text = [" "] * count
        self._styles = [blank] * count

    def text(self, cell: int) -> str:
        """The text of a cell; empty outside."""
        return self._text[cell] if 0 <= cell < self.count else ""

    def put(self, cell: int, character: str, style: Style) -> None:
        """Put one character; nothing outside the cells."""
        if 0 <= cell < self.count:
            self._text[cell], self._styles[cell] = character, style

    def write(self, first: int, text: str, style: Style) -> None:
        """Put some characters."""
        for place, character in enumerate(text):
            self.put(first + place, character, style)

    def is_all(self, first: int, count: int, character: str) -> bool:
        """Whether some cells, all within the line, hold only `character`."""
        inside = first >= 0 and first + count <= self.count
        return inside and self._text[first : first + count] == [character] * count

    def run(self, first: int, most: int, character: str) -> int:
        """How many cells from `first` on hold only `character`; at most `most`."""
        count = 0
        while count < most and self.text(first + count) == character:
            count += 1
        return count

    def segments(self) -> list[Segment]:
        """Neighbours of one style as one segment."""
        segments: list[Segment] = []
        begin = 0
        for cell in range(1, self.count + 1):
            if cell == self.count or self._styles[cell] is not self._styles[begin]:
                segments.append(Segment("".join(self._text[begin:cell]), self._styles[begin]))
                begin = cell
        return segments
