"""The lines of the detail pane: a cursor, values to copy, spans to go to."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from tracetui.ui.detail.draw_detail_line import DetailLine
from tracetui.ui.feed.reading import SpanChosen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import DETAIL_ROWS
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint


class DetailRows(RowList):
    """The lines, with a cursor that is visible while the pane has the focus."""

    BINDINGS = bindings(DETAIL_ROWS)
    DEFAULT_CSS = "DetailRows { height: 1fr; background: $surface; }"

    class Opened(Message):
        """The user asked to open what is folded, or to fold it again."""

    def __init__(self) -> None:
        super().__init__()
        self._shown_lines: Sequence[DetailLine] = ()

    def put(self, lines: Sequence[DetailLine], *, same: bool) -> None:
        """Replace the lines; for the `same` span cursor and scroll stay."""
        self._shown_lines = lines
        self.anchored(self.cursor if same else 0, self.top if same else 0)

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self._shown_lines)

    @property
    def line(self) -> DetailLine | None:
        """The line under the cursor."""
        return self.under(self._shown_lines)

    def labels(self) -> Sequence[str]:
        """The texts of the lines."""
        return [line.content.plain for line in self._shown_lines]

    def reframe(self) -> None:
        """Nothing is shared between lines."""

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One line."""
        line, room = self._shown_lines[index].content, max(0, self.room - 1)
        strip = Visual.to_strips(self, line, room, 1, self.visual_style, pad=True)[0]
        strip = strip.adjust_cell_length(room, self.rich_style)
        if not (selected and self.has_focus):
            return Strip([Segment(" ", self.rich_style), *strip], self.room)
        paint = Paint(self.app.theme_variables)
        ground = Style(bgcolor=paint.colour("cursor-row"))
        here = Segment(UNICODE.cursor, paint.style("accent", "cursor-row"))
        return Strip(
            [here, *(Segment(text, (style or Style()) + ground) for text, style, _ in strip)], self.room
        )

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def on_focus(self, _event: events.Focus) -> None:
        """Put the cursor in sight."""
        top, height = self.top, max(1, self.size.height)
        if not top <= self.cursor < top + height:
            self.cursor = top

    def clicked(self, index: int, x: int) -> None:  # noqa: ARG002 - the whole line leads there
        """Follow a line that leads to a span."""
        if self._shown_lines[index].row >= 0:
            self.action_follow()

    def action_follow(self) -> None:
        """Go to the span that the line leads to; from any other line back to the rows."""
        if self.line and self.line.row >= 0:
            self.post_message(SpanChosen(self.line.row))
        else:
            self.call_later(self.run_action, "screen.full_detail")

    def action_open(self) -> None:
        """Open or fold attributes shared by the whole run, and frames of libraries."""
        self.post_message(self.Opened())
