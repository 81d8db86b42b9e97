"""A list of any number of rows with a cursor: only what is in sight is ever drawn.

Cursor and scroll move when the reader moves them; `anchored` keeps the rows in sight where they are while
rows come and go around them.
"""

from abc import abstractmethod
from typing import Self

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.text import Safe, fit
from tracetui.ui.glyphs import UNICODE
from tracetui.ui.keys import LIST, bindings
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.blank import blank_lines
from tracetui.ui.themes import Paint
from tracetui.ui.widgets.findable import Findable


class RowList(Findable, can_focus=True):
    """Base of the lists; a subclass says how many rows there are and draws one."""

    BINDINGS = bindings(LIST)
    DEFAULT_CSS = """
    RowList { overflow: hidden; }
    """

    cursor: reactive[int] = reactive(0, init=False, repaint=False)

    _height = 0
    """Lines before the last resize."""

    _scrolling = False
    click_is_none = False
    """Whether the click that Textual makes of the last button that was let go was something else."""

    def __init__(self) -> None:
        self._painted: dict[int, Strip] = {}
        super().__init__()

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def reframe(self) -> None:
        """Looks up styles and geometry anew, after any change but those of cursor and scroll."""

    @abstractmethod
    def draw(self, index: int, *, selected: bool) -> Strip:
        """The row at `index`, as wide as `room`."""

    @abstractmethod
    def highlighted(self) -> None:
        """The cursor has moved to another row."""

    @property
    def room(self) -> int:
        """The cells of a row: all but the last one, which has the scroll mark."""
        return max(0, self.size.width - 1)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows in sight, and beside them what part of all rows that is.

        Textual asks for all of them whenever anything above and anything below has changed: what was painted
        is kept until it is refreshed.
        """
        missing = [y for y in range(crop.y, crop.bottom) if y not in self._painted]
        if missing:
            self._painted.update(zip(missing, self._lines(missing), strict=True))
        lines = [self._painted[y] for y in range(crop.y, crop.bottom)]
        whole = crop.x == 0 and crop.right == self.size.width
        return lines if whole else [line.crop(*crop.column_span) for line in lines]

    def _lines(self, lines: list[int]) -> list[Strip]:
        blank, rail, thumb = self._scroll_marks()
        first, last = self._thumb()
        painted = []
        for y in lines:
            mark = (thumb if first <= y < last else rail) if last else blank
            line = self.render_line(y).adjust_cell_length(self.room)
            painted.append(Strip([*line, mark], self.size.width))
        for each in self.get_line_filters():  # Textual's own cache, which we go around, would do this.
            painted = [line.apply_filter(each, self.background_colors[1]) for line in painted]
        return painted

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paints some lines anew, or all."""
        for region in regions:
            for y in range(region.y, region.bottom):
                self._painted.pop(y, None)
        if not regions:
            self._painted.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _scroll_marks(self) -> list[Segment]:
        paint = Paint(self.app.theme_variables)
        blank, rail, thumb = (" ", "panel"), (UNICODE.rail, "panel"), (UNICODE.thumb, "quiet")
        return [Segment(mark, paint.style(colour)) for mark, colour in (blank, rail, thumb)]

    def _thumb(self) -> tuple[int, int]:
        """The lines that the scroll mark takes; none where all rows are in sight."""
        height, count = self.size.height, self.count
        if count <= height:
            return 0, 0
        length = max(1, height * height // count)
        first = self.scroll_offset.y * (height - length) // max(1, count - height)
        return min(first, height - length), min(first, height - length) + length

    def render_line(self, y: int) -> Strip:
        """One row in sight, or an empty line below the last."""
        index = y + self.scroll_offset.y
        if not self.count:
            return self._empty_line(y)
        if index >= self.count:
            return Strip.blank(self.room, self.rich_style)
        return self.marked(self.draw(index, selected=index == self.cursor), index)

    def empty(self) -> list[Safe]:
        """What to say in the middle while there are no rows."""
        return []

    def _blank(self) -> list[Safe]:
        """What every list says before there are any spans."""
        reading = getattr(self, "reading", None)
        return blank_lines(reading) if reading is None or isinstance(reading, Reading) else []

    def _all_hidden(self) -> list[Safe]:
        reading = getattr(self, "reading", None)
        if not isinstance(reading, Reading) or reading.lens is None or reading.visible is None:
            return []
        return [] if reading.visible.any() else [Safe("The filter hides everything; f edits it.")]

    def _empty_line(self, y: int) -> Strip:
        lines = self._blank() or self._all_hidden() or self.empty()
        place = y - max(0, (self.size.height - len(lines)) // 3)
        text = fit(lines[place], self.room - 4) if 0 <= place < len(lines) else ""
        return Strip([Segment(f"    {text}", self.rich_style)]).adjust_cell_length(self.room, self.rich_style)

    def on_mount(self) -> None:
        """Colours are looked up anew when the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.changed())

    def on_resize(self) -> None:
        """The virtual size follows the widget's width; a cursor in sight stays in sight."""
        in_sight = self.scroll_offset.y <= self.cursor < self.scroll_offset.y + self._height
        self._height = self.size.height
        self.changed()
        if in_sight:
            self._keep_in_sight()

    def changed(self) -> None:
        """The number of rows, the width or the colours have changed."""
        self.virtual_size = Size(self.size.width, self.count)
        self.reframe()
        self.refresh()

    def anchored(self, cursor: int, top: int) -> None:
        """After rows have come or gone: where cursor and first row in sight are now."""
        self.virtual_size = Size(self.size.width, self.count)
        self.set_reactive(RowList.cursor, min(cursor, max(0, self.count - 1)))
        self.scroll_to(y=top, animate=False, immediate=True, force=True)
        self.match_anew()
        self.reframe()
        self.refresh()

    @property
    def here(self) -> int:
        """The place of the cursor: its row."""
        return self.cursor

    def go_to(self, place: int) -> None:
        """Puts the cursor on a row."""
        self.reveal(place)

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows."""
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Keeps the cursor in sight; where nothing scrolls, two lines are painted anew."""
        top = self.scroll_offset.y
        self._keep_in_sight()
        if self.scroll_offset.y == top:
            self.refresh(*(Region(0, index - top, self.size.width, 1) for index in (before, after)))
        else:
            self.refresh()
        self.tell_match()
        self.highlighted()

    def _keep_in_sight(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True, force=True)

    def reveal(self, index: int) -> None:
        """Puts the cursor on a row, and the row in the middle if it was out of sight."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= index < top + height:
            self.scroll_to(y=max(0, index - height // 2), animate=False, immediate=True, force=True)
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
        """The scroll mark can be taken hold of."""
        self.click_is_none = False
        if event.x == self.size.width - 1 and self.count > self.size.height:
            self._scrolling = True
            self.capture_mouse()
            self._scroll_by_mark(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The scroll mark is dragged."""
        if self._scrolling:
            self._scroll_by_mark(event.y)

    def on_mouse_up(self) -> None:
        """The scroll mark is let go."""
        if self._scrolling:
            self._scrolling = False
            self.release_mouse()

    def _scroll_by_mark(self, y: int) -> None:
        most, lines = self.count - self.size.height, max(1, self.size.height - 1)
        self.scroll_to(y=max(0, min(y, lines)) * most // lines, animate=False, immediate=True, force=True)

    async def _on_click(self, event: events.Click) -> None:
        if self.click_is_none:
            return
        index = event.y + self.scroll_offset.y
        if index < self.count and event.x < self.room:
            self.cursor = index
            self.clicked(index, event.x)

    def clicked(self, index: int, x: int) -> None:
        """A row was clicked at cell `x`; the cursor is on it already."""
