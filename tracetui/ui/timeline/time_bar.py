"""A line with a stretch of time: a drag marks a part of it."""

from abc import abstractmethod
from typing import NamedTuple

from textual import events
from textual.message import Message

from tracetui.analysis.timeline.window import Window
from tracetui.ui.painting.kept_lines import KeptLines


class Span(NamedTuple):
    """The first cell, the number of cells, and their time."""

    left: int
    cells: int
    window: Window

    def cell(self, x: int) -> int:
        """The cell under the pointer, or the nearest."""
        return max(0, min(x - self.left, self.cells - 1))

    def moment(self, x: int) -> int:
        """The time under the pointer, in ns since the epoch."""
        return self.window.start_ns + self.window.length * self.cell(x) // max(1, self.cells)


class TimeBar(KeptLines):
    """Base class of the lines above the rows."""

    class Dragged(Message):
        """The user marked a stretch of time, or, with a `step`, moved one."""

        def __init__(self, window: Window, step: str = "") -> None:
            super().__init__()
            self.window = window
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self._from: int | None = None
        self._to = 0

    @property
    @abstractmethod
    def span(self) -> Span | None:
        """The stretch of time, once there is one."""

    @property
    def marked(self) -> tuple[int, int] | None:
        """The first and the last marked cell."""
        if self._from is None:
            return None
        return min(self._from, self._to), max(self._from, self._to)

    def mark(self, cells: tuple[int, int] | None) -> None:
        """Mark cells, or none: for a drag elsewhere over the same time."""
        self._from, self._to = cells or (None, 0)
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start a drag."""
        if self.span and event.x >= self.span.left:
            self._from = self._to = self.span.cell(event.x)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Continue a drag."""
        if self._from is not None and self.span:
            self._to = self.span.cell(event.x)
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag, and post what it marked, if that is more than a cell."""
        self.release_mouse()
        if self._from is not None and self.span:
            self._to = self.span.cell(event.x)
            left, right = self.marked or (0, 0)
            if right > left:
                _, cells, window = self.span
                start, end = (window.start_ns + window.length * cell // cells for cell in (left, right + 1))
                self.post_message(self.Dragged(Window(start, end)))
        self._from = None
        self.refresh()
