"""A terminal that lines are printed to, by Rich: which colours it has, how wide it is."""

import os
import sys

from rich.console import Console
from rich.segment import Segment, Segments

from tracetui.cli.printing import CELLS_WITHOUT_TERMINAL, Output


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # Rich would exit with a code of its own.


class Terminal(Output):
    """Standard output where it is a terminal, or is to be taken for one."""

    def __init__(self, cells: int | None = None) -> None:
        if cells is None and not os.environ.get("COLUMNS") and not sys.stdout.isatty():
            cells = CELLS_WITHOUT_TERMINAL
        self._console = _Console(width=cells, highlight=False, markup=False, emoji=False)
        self.cells = self._console.width
        self.colour = self._console.color_system is not None

    def print(self, segments: list[Segment]) -> None:
        """Write some lines."""
        self._console.print(Segments(segments), soft_wrap=True)
