"""A panel of the overview: a heading and items with a cursor; only visible lines are drawn."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.ui.feed.reading import Go, Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import PANEL
from tracetui.ui.lists.draw_panel import Bit, Heading, Item, Line, heading_line, painted
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint

PANELS = ".panel"
"""What keys can go to on the overview."""


class Drawn(NamedTuple):
    """What a line of the screen says, and the colour that it stands on."""

    bits: Sequence[Bit] = ()
    background: str = "background"


_NOTHING = Drawn()


class Panel(KeptLines, can_focus=True):
    """Base class of the panels. The cursor stays on its item while others are added; it shows with the
    focus. All panels of a screen show one reading, of one moment.
    """

    BINDINGS = bindings(PANEL)
    DEFAULT_CSS = "Panel { height: 1fr; min-height: 2; }"

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)

    class Fitted(Message):
        """The items were made for another width: the number of lines may have changed."""

    def __init__(self) -> None:
        super().__init__(classes="panel")
        self._items: Sequence[Item] = ()
        self._width = 0
        self._drawn: list[Drawn] = []
        self._key: object = None
        self._top = 0

    @abstractmethod
    def heading(self, reading: Reading) -> Heading:
        """The first line."""

    @abstractmethod
    def items(self, reading: Reading) -> Sequence[Item]:
        """The items below the heading."""

    @abstractmethod
    def nothing(self, reading: Reading) -> str:
        """What to say if there are no items."""

    @property
    def wanted(self) -> int:
        """How many lines would show everything."""
        return 1 + max(1, sum(len(item.lines) for item in self._items))

    @property
    def cursor(self) -> int:
        """The item under the cursor; the first one until the user moves it."""
        keys = [item.key for item in self._items]
        return keys.index(self._key) if self._key in keys else 0

    def watch_reading(self) -> None:
        """Update the items."""
        self.freshen()

    def on_resize(self) -> None:
        """Make the items for another width."""
        self.freshen()
        self.post_message(self.Fitted())

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def freshen(self) -> None:
        """Make the items anew, and paint the lines that have changed."""
        width, height = self.size
        if self.reading is not None and width:
            self._items, self._width = self.items(self.reading), width
            self._top = min(self._top, max(0, len(self._items) - 1))
            shown = self._shown(width, height)
            other = [y for y, drawn in enumerate(self._drawn) if y >= height or drawn != shown[y]]
            if other or len(self._drawn) != height:
                self.refresh(*(Region(0, y, width, 1) for y in other))

    def render_line(self, y: int) -> Strip:
        """The heading, or a line of a visible item."""
        return self.painted([y])[0]

    def painted(self, lines: list[int]) -> list[Strip]:
        """Some lines of the screen."""
        width, height = self.size
        if self.reading is not None and self._width != width:
            # Textual paints before it tells of another size.
            self._items, self._width = self.items(self.reading), width
        if len(self._drawn) != height:
            self._drawn = [_NOTHING] * height
        shown, paint = self._shown(width, height), Paint(self.app.theme_variables)
        lines_drawn = [shown[y] if y < height else _NOTHING for y in lines]
        for y, drawn in zip(lines, lines_drawn, strict=True):
            if y < height:
                self._drawn[y] = drawn
        return [painted(bits, width, paint, background) for bits, background in lines_drawn]

    def _shown(self, width: int, height: int) -> list[Drawn]:
        """All lines of the screen."""
        if self.reading is None:
            return [_NOTHING] * height
        cursor = self.cursor if self.has_focus else -1
        shown = [Drawn(heading_line(self.heading(self.reading), width, focused=self.has_focus))]
        for index, line in self._below(height - 1, cursor):
            if 0 <= index == cursor:
                shown.append(Drawn([Bit("▌", "accent"), *_shortened(line)], "cursor-row"))
            else:
                shown.append(Drawn(line))
        return shown[:height] + [_NOTHING] * (height - len(shown))

    def _below(self, room: int, cursor: int) -> list[tuple[int, Line]]:
        """Lines below the heading, at most so many, each with its item, -1 for none; `cursor` is read."""
        if not self._items and self.reading is not None:
            return [(-1, [Bit(f"   {self.nothing(self.reading)}", "quiet")])]
        lines: list[tuple[int, Line]] = []
        for index in range(self._top, len(self._items)):
            lines += [(index, line) for line in self._items[index].lines[: room - len(lines)]]
            if len(lines) >= room:
                break
        if 1 < room == len(lines) and lines[-1][0] != cursor and (hidden := self._hidden(lines)):
            lines[-1] = lines[-1][0], [Bit(f"   … {hidden} more", "quiet")]
        return lines

    def _hidden(self, shown: Sequence[tuple[int, Line]]) -> int:
        """How many items are not whole in what is shown; the last line tells of them, if there are any."""
        last = shown[-1][0]
        lines = sum(index == last for index, _ in shown)
        return len(self._items) - last - (lines == len(self._items[last].lines))

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
        """Move the cursor by a page."""
        self._move(self.cursor + by * max(1, self.size.height - 2))

    def action_first(self) -> None:
        """Moves the cursor to the first item."""
        self._move(0)

    def action_last(self) -> None:
        """Moves the cursor to the last item."""
        self._move(len(self._items) - 1)

    def action_panel(self, direction: int) -> None:
        """Focus another panel."""
        (self.screen.focus_next if direction > 0 else self.screen.focus_previous)(PANELS)

    def action_open(self) -> None:
        """Go where the item leads."""
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
        below = self._below(self.size.height - 1, self.cursor if self.has_focus else -1)
        index = below[event.y - 1][0] if 0 < event.y <= len(below) else -1
        if index >= 0:
            self._move(index)
            self.action_open()


def whole(reading: Reading, after: str = "") -> list[Bit]:
    """Says, while a filter is active, that it does not apply to a panel."""
    return [Bit(f"of the whole run{after}", "warning")] if reading.lens else []


def _shortened(line: Line) -> Line:
    """A line without its first cell, where the cursor's mark is."""
    if not line:
        return line
    first, *rest = line
    return [first._replace(text=first.text[1:]), *rest]
