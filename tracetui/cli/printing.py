"""Prints lines and documents to standard output in chunks, with the wanted width and colours."""

import os
import sys
from collections.abc import Iterable
from itertools import islice

from rich.console import Console
from rich.segment import Segment, Segments

from tracetui.cli import options
from tracetui.report.drawing.glyphs import in_ascii
from tracetui.report.drawing.style import Line
from tracetui.text import Safe

AT_ONCE = 500
CELLS_WITHOUT_TERMINAL = 120


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # Rich would exit with a code of its own.


class Printer:
    """Standard output; honours NO_COLOR, FORCE_COLOR, TERM and COLUMNS; in ASCII if necessary."""

    def __init__(self, cells: int | None = None) -> None:
        if cells is None and not os.environ.get("COLUMNS") and not sys.stdout.isatty():
            cells = CELLS_WITHOUT_TERMINAL
        self._ascii = options.chosen().draws_ascii
        self._console = _Console(width=cells, highlight=False, markup=False, emoji=False)

    @property
    def cells(self) -> int:
        """The width of a page."""
        return self._console.width

    @property
    def colour(self) -> bool:
        """Whether cells can be coloured."""
        return self._console.color_system is not None

    def lines(self, lines: Iterable[Line]) -> None:
        """Print lines of segments."""
        remaining = iter(lines)
        while chunk := list(islice(remaining, AT_ONCE)):
            segments = [segment for line in chunk for segment in (*line, Segment.line())]
            self._console.print(Segments(self._drawn(segments)), soft_wrap=True)

    def _drawn(self, segments: list[Segment]) -> list[Segment]:
        if not self._ascii:
            return segments
        return [Segment(in_ascii(Safe(text)), style, control) for text, style, control in segments]


def write(parts: Iterable[str]) -> None:
    """Write a document that comes in parts."""
    remaining = iter(parts)
    while chunk := "".join(islice(remaining, AT_ONCE)):
        sys.stdout.write(chunk)
