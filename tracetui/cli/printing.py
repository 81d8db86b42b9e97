"""Prints lines and documents to standard output in chunks, with the wanted width and colours."""

import os
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from rich.segment import Segment, Segments

from tracetui.cli import options
from tracetui.report.drawing.glyphs import in_ascii
from tracetui.report.drawing.style import Line
from tracetui.text import Safe

AT_ONCE = 500
CELLS_WITHOUT_TERMINAL = 120
TERMINALS = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""What has Rich take for a terminal whatever it writes to."""


class Output(Protocol):
    """Where a page goes: its width in cells, whether they can be coloured, and how segments get there."""

    cells: int
    colour: bool

    def print(self, segments: list[Segment]) -> None:
        """Write some lines."""


class Terminal:
    """Standard output where it is a terminal, or is to be taken for one: Rich knows its colours and width."""

    def __init__(self, cells: int | None) -> None:
        from rich.console import Console

        class Raising(Console):
            def on_broken_pipe(self) -> None:
                raise BrokenPipeError  # Rich would exit with a code of its own.

        self._console = Raising(width=cells, highlight=False, markup=False, emoji=False)
        self.cells = self._console.width
        self.colour = self._console.color_system is not None

    def print(self, segments: list[Segment]) -> None:
        """Write some lines."""
        self._console.print(Segments(segments), soft_wrap=True)


class Plain:
    """A file or a pipe: text alone."""

    colour = False

    def __init__(self, cells: int) -> None:
        self.cells = cells

    def print(self, segments: list[Segment]) -> None:
        """Write some lines."""
        sys.stdout.write("".join(segment.text for segment in segments))


class Printer:
    """Standard output; honours NO_COLOR, FORCE_COLOR, TERM and COLUMNS; in ASCII if necessary."""

    def __init__(self, cells: int | None = None) -> None:
        self._ascii = options.chosen().draws_ascii
        self._output = _output(cells)

    @property
    def cells(self) -> int:
        """The width of a page."""
        return self._output.cells

    @property
    def colour(self) -> bool:
        """Whether cells can be coloured."""
        return self._output.colour

    def lines(self, lines: Iterable[Line]) -> None:
        """Print lines of segments."""
        remaining = iter(lines)
        while chunk := list(islice(remaining, AT_ONCE)):
            segments = [segment for line in chunk for segment in (*line, Segment.line())]
            self._output.print(self._drawn(segments))

    def _drawn(self, segments: list[Segment]) -> list[Segment]:
        if not self._ascii:
            return segments
        return [Segment(in_ascii(Safe(text)), style, control) for text, style, control in segments]


def _output(cells: int | None) -> Output:
    """A terminal needs Rich, which takes long to load; where nothing can be coloured, text will do."""
    columns = os.environ.get("COLUMNS", "")
    if cells is None and not sys.stdout.isatty():
        cells = int(columns if columns.isdecimal() else 0) or CELLS_WITHOUT_TERMINAL
    if cells is None or sys.stdout.isatty() or any(os.environ.get(name) for name in TERMINALS):
        return Terminal(cells)
    return Plain(cells)


def write(parts: Iterable[str]) -> None:
    """Write a document that comes in parts."""
    remaining = iter(parts)
    while chunk := "".join(islice(remaining, AT_ONCE)):
        sys.stdout.write(chunk)
