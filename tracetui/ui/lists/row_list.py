"""A list of any number of rows with a cursor: only visible rows are ever drawn.

Cursor and scroll move when the user moves them; `anchored` keeps the visible rows in place while rows are
added and removed around them.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.text import Safe, fit
from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_blank import nothing_lines
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import LIST
from tracetui.ui.lists.findable import Findable
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint

WHEEL_ROWS = 3

Item = TypeVar("Item")


class RowList(Findable, Holding, can_focus=True):
    """Base class of the lists; a subclass says how many rows there are and draws one."""

    BINDINGS = bindings(LIST)
    DEFAULT_CSS = """
    RowList { width: 1fr; height: 1fr; overflow: hidden; }
    """

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    top: reactive[int] = reactive(0, init=False)
    """The first row in sight. Textual's own scrolling would arrange the whole screen anew."""

    _height = 0
    """Lines before the last resize."""

    _width = 0
    """Cells, looked up once a frame: Textual goes up to the screen for it."""

    _ground = Style.null()
    """What lies behind all rows, looked up once a paint: Textual works it out each time."""

    _says: Sequence[Safe] = ()
    """What stands in the middle while there are no rows."""

    _scrolling = False
    click_is_none = False
    """Whether the click that Textual makes of the last button that was let go was something else."""

    def __init__(self) -> None:
        super().__init__()

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def reframe(self) -> None:
        """Look up styles and geometry, after any change except those of cursor and scroll."""

    @abstractmethod
    def draw(self, index: int, *, selected: bool) -> Strip:
        """The row at `index`, as wide as `room`."""

    @abstractmethod
    def highlighted(self) -> None:
        """The cursor moved to another row."""

    def under(self, items: Sequence[Item]) -> Item | None:
        """The one of `items`, one per row, under the cursor; None if rows were just removed from there."""
        return items[self.cursor] if self.cursor < len(items) else None

    @property
    def room(self) -> int:
        """The width of a row: all cells except the last, which has the scroll mark."""
        return max(0, self._width - 1)

    def painted(self, lines: list[int]) -> list[Strip]:
        """Visible rows, with the scroll mark."""
        self._width = self.size.width
        self._ground = self.rich_style
        self._says = [] if self.count else self._nothing() or self.empty()
        blank, rail, thumb = self._scroll_marks()
        first, last = self._thumb()
        painted = []
        for y in lines:
            mark = (thumb if first <= y < last else rail) if last else blank
            line = self.render_line(y).adjust_cell_length(self.room)
            painted.append(Strip([*line, mark], self._width))
        return painted

    def refresh_rows(self, *indexes: int) -> None:
        """Repaint some rows, if they are visible."""
        self.refresh(*(Region(0, index - self.top, self.size.width, 1) for index in indexes))

    def _scroll_marks(self) -> list[Segment]:
        paint = Paint(self.app.theme_variables)
        blank, rail, thumb = (" ", "panel"), (UNICODE.rail, "panel"), (UNICODE.thumb, "quiet")
        return [Segment(mark, paint.style(colour)) for mark, colour in (blank, rail, thumb)]

    def _thumb(self) -> tuple[int, int]:
        """The lines of the scroll mark; none if all rows are visible."""
        height, count = self.size.height, self.count
        if count <= height:
            return 0, 0
        length = max(1, height * height // count)
        first = self.top * (height - length) // max(1, count - height)
        return min(first, height - length), min(first, height - length) + length

    def render_line(self, y: int) -> Strip:
        """One visible row, or an empty line below the last."""
        index = y + self.top
        if not self.count:
            return self._empty_line(y)
        if index >= self.count:
            return Strip.blank(self.room, self._ground)
        return self.marked(self.draw(index, selected=index == self.cursor), index)

    def empty(self) -> list[Safe]:
        """What to say in the middle if there are no rows."""
        return []

    def _nothing(self) -> list[Safe]:
        """What every list says before there are any spans, and if a filter hides them all."""
        reading = getattr(self, "reading", None)
        return nothing_lines(reading) if reading is None or isinstance(reading, Reading) else []

    def _empty_line(self, y: int) -> Strip:
        place = y - max(0, (self.size.height - len(self._says)) // 3)
        text = fit(self._says[place], self.room - 4) if 0 <= place < len(self._says) else ""
        return Strip([Segment(f"    {text}", self._ground)]).adjust_cell_length(self.room, self._ground)

    def recoloured(self) -> None:
        """Look up all styles again."""
        self.changed()

    def on_resize(self) -> None:
        """Keep a visible cursor visible."""
        in_sight = self.top <= self.cursor < self.top + self._height
        self._height = self.size.height
        self.changed()
        if in_sight:
            self._keep_in_sight()

    def changed(self) -> None:
        """The number of rows, the width or the colours have changed."""
        self.top = self.top
        self._width = self.size.width
        self.reframe()
        self.refresh()

    def anchored(self, cursor: int, top: int) -> None:
        """Set cursor and first visible row after rows were added or removed."""
        self.set_reactive(RowList.cursor, min(cursor, max(0, self.count - 1)))
        self.set_reactive(RowList.top, self.validate_top(top))
        self._width = self.size.width
        self.match_anew()
        self.reframe()
        self.repaint()

    def repaint(self, *indexes: int) -> None:
        """Repaint some rows, or whatever has changed, together with other pending changes."""
        self.repaint_now(*indexes)

    def repaint_now(self, *indexes: int) -> None:
        """The same, at once."""
        if indexes:
            self.refresh_rows(*indexes)
        else:
            self.refresh_changed()

    @property
    def here(self) -> int:
        """The cursor's row."""
        return self.cursor

    def go_to(self, place: int) -> None:
        """Puts the cursor on a row."""
        self.reveal(place)

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows."""
        return max(0, min(cursor, self.count - 1))

    def validate_top(self, top: int) -> int:
        """No further than to the last row."""
        return max(0, min(top, self.count - self.size.height))

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the cursor visible; without scrolling only two lines are repainted."""
        top = self.top
        self._keep_in_sight()
        if self.top == top:
            self.refresh_rows(before, after)
        self.tell_match()
        self.highlighted()

    def _keep_in_sight(self) -> None:
        height = max(1, self.size.height)
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + height:
            self.top = self.cursor - height + 1

    def reveal(self, index: int) -> None:
        """Put the cursor on a row, and the row in the middle if it was not visible."""
        height = max(1, self.size.height)
        if not self.top <= index < self.top + height:
            self.top = index - height // 2
        self.cursor = index

    def action_cursor(self, by: int) -> None:
        """Moves the cursor by rows."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Moves the cursor by pages."""
        self.cursor += by * max(1, self.size.height - 1)

    def action_first(self) -> None:
        """Moves the cursor to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Moves the cursor to the last row."""
        self.cursor = self.count - 1

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging the scroll mark."""
        self.click_is_none = False
        if event.x == self.size.width - 1 and self.count > self.size.height:
            self._scrolling = True
            self.capture_mouse()
            self._scroll_by_mark(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll mark."""
        if self._scrolling:
            self._scroll_by_mark(event.y)

    def on_mouse_up(self) -> None:
        """Stop dragging."""
        if self._scrolling:
            self._scrolling = False
            self.release_mouse()

    def _scroll_by_mark(self, y: int) -> None:
        most, lines = self.count - self.size.height, max(1, self.size.height - 1)
        self.top = max(0, min(y, lines)) * most // lines

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop().prevent_default()
        self.wheel(event, 1)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop().prevent_default()
        self.wheel(event, -1)

    def wheel(self, _event: events.MouseEvent, direction: int) -> None:
        """The wheel was turned by a notch: 1 is down."""
        self.top += WHEEL_ROWS * direction

    async def _on_click(self, event: events.Click) -> None:
        if self.click_is_none:
            return
        index = event.y + self.top
        if index < self.count and event.x < self.room:
            self.cursor = index
            self.clicked(index, event.x)

    def clicked(self, index: int, x: int) -> None:
        """A row was clicked at cell `x`; the cursor is already on it."""
