"""A panel of the overview: a heading and items under a cursor; only what is in sight is drawn."""

from abc import abstractmethod
from collections.abc import Sequence

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.ui.feed.reading import Go, Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import PANEL
from tracetui.ui.lists.draw_panel import Bit, Heading, Item, Line, heading_line, painted
from tracetui.ui.lists.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint

PANELS = ".panel"
"""What keys can go to on the overview."""

_NOTHING: tuple[list[Bit], str] = [], "background"


class Panel(KeptLines, can_focus=True):
    """Base of the panels. The cursor stays on its item while others come; it shows while keys go here."""

    BINDINGS = bindings(PANEL)
    DEFAULT_CSS = "Panel { height: 1fr; min-height: 2; }"

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)

    class Fitted(Message):
        """The items are made for another width: there may be more lines or fewer."""

    def __init__(self) -> None:
        super().__init__(classes="panel")
        self._items: Sequence[Item] = ()
        self._width = 0
        self._drawn: list[tuple[list[Bit], str]] = []
        self._key: object = None
        self._top = 0

    @abstractmethod
    def heading(self, reading: Reading) -> Heading:
        """The first line."""

    @abstractmethod
    def items(self, reading: Reading) -> list[Item]:
        """What is below it."""

    @abstractmethod
    def nothing(self, reading: Reading) -> str:
        """What to say where there are no items."""

    @property
    def wanted(self) -> int:
        """How many lines would show everything."""
        return 1 + max(1, sum(len(item.lines) for item in self._items))

    @property
    def cursor(self) -> int:
        """The item under the cursor; the first one until the reader moves it."""
        keys = [item.key for item in self._items]
        return keys.index(self._key) if self._key in keys else 0

    def watch_reading(self) -> None:
        """Newer items."""
        self.freshen()

    def on_resize(self) -> None:
        """Items for another width."""
        self.freshen()
        self.post_message(self.Fitted())

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh()

    def freshen(self) -> None:
        """The items as they are now."""
        if self.reading is not None and self.size.width:
            self._items, self._width = self.items(self.reading), self.size.width
            self._top = min(self._top, max(0, len(self._items) - 1))
            other = [y for y, drawn in enumerate(self._drawn) if drawn != self._bits(y)]
            if other or len(self._drawn) != self.size.height:
                self.refresh(*(Region(0, y, self.size.width, 1) for y in other))

    def render_line(self, y: int) -> Strip:
        """The heading, or a line of an item in sight."""
        if self.reading is not None and self._width != self.size.width:
            # Textual paints before it tells of another size.
            self._items, self._width = self.items(self.reading), self.size.width
        if len(self._drawn) != self.size.height:
            self._drawn = [_NOTHING] * self.size.height
        bits, background = drawn = self._bits(y)
        if y < len(self._drawn):
            self._drawn[y] = drawn
        return painted(bits, self.size.width, Paint(self.app.theme_variables), background)

    def _bits(self, y: int) -> tuple[list[Bit], str]:
        """What a line of the screen says, and on what."""
        if self.reading is None:
            return _NOTHING
        if y == 0:
            heading = self.heading(self.reading)
            return heading_line(heading, self.size.width, focused=self.has_focus), "background"
        index, line = self._line(y)
        if self.has_focus and index == self.cursor and self._items:
            return [Bit("▌", "accent"), *_shortened(line)], "cursor-row"
        return list(line), "background"

    def _line(self, y: int) -> tuple[int, Line]:
        """The item on a line of the screen, and what stands there."""
        if not self._items and self.reading is not None:
            return -1, [Bit(f"   {self.nothing(self.reading)}", "quiet")] if y == 1 else []
        left = y - 1
        for index in range(self._top, len(self._items)):
            lines = self._items[index].lines
            if left < len(lines):
                return index, self._last(index, left) or lines[left]
            left -= len(lines)
        return -1, []

    def _last(self, index: int, line: int) -> Line | None:
        """On the last line, unless the cursor is there, what is below and does not fit: a number."""
        shown = sum(len(item.lines) for item in self._items[self._top : index]) + line + 2
        hidden = len(self._items) - index - (1 if line + 1 == len(self._items[index].lines) else 0)
        is_read = self.has_focus and index == self.cursor
        is_first = index == self._top and not line  # Something of the list is said before what is left out.
        if shown < self.size.height or hidden <= 0 or is_read or is_first:
            return None
        return [Bit(f"   … {hidden} more", "quiet")]

    def _move(self, index: int) -> None:
        if not self._items:
            return
        index = max(0, min(index, len(self._items) - 1))
        self._key = self._items[index].key
        self._top = min(self._top, index)
        while sum(len(item.lines) for item in self._items[self._top : index + 1]) > self.size.height - 1:
            if self._top >= index:
                break
            self._top += 1
        self.refresh()

    def action_cursor(self, by: int) -> None:
        """Moves the cursor."""
        self._move(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Moves the cursor by what is in sight."""
        self._move(self.cursor + by * max(1, self.size.height - 2))

    def action_first(self) -> None:
        """Moves the cursor to the first item."""
        self._move(0)

    def action_last(self) -> None:
        """Moves the cursor to the last item."""
        self._move(len(self._items) - 1)

    def action_panel(self, direction: int) -> None:
        """Keys go to another panel."""
        (self.screen.focus_next if direction > 0 else self.screen.focus_previous)(PANELS)

    def action_open(self) -> None:
        """Goes where the item leads."""
        if self._items and (door := self._items[self.cursor].door):
            self.post_message(Go(door))

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        below = sum(len(item.lines) for item in self._items[self._top :])
        if below > self.size.height - 1:
            self._top += 1
            self.refresh()

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._top = max(0, self._top - 1)
        self.refresh()

    async def _on_click(self, event: events.Click) -> None:
        index, _ = self._line(event.y) if event.y else (-1, ())
        if index >= 0:
            self._move(index)
            self.action_open()


def whole(reading: Reading, after: str = "") -> list[Bit]:
    """Says where a filter is on that it leaves a panel as it is."""
    return [Bit(f"of the whole run{after}", "warning")] if reading.lens else []


def _shortened(line: Line) -> Line:
    """A line without its first cell, where the mark of the cursor stands."""
    if not line:
        return line
    first, *rest = line
    return [first._replace(text=first.text[1:]), *rest]
