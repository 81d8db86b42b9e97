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
    """Shows lines; the cursor is seen while the keys are here."""

    BINDINGS = bindings(DETAIL_ROWS)
    DEFAULT_CSS = "DetailRows { height: 1fr; background: $surface; }"

    class Opened(Message):
        """What is folded is to be opened, or folded again."""

    def __init__(self) -> None:
        super().__init__()
        self._shown_lines: Sequence[DetailLine] = ()

    def put(self, lines: Sequence[DetailLine], *, same: bool) -> None:
        """Other lines; of the `same` span as before cursor and scroll stay."""
        self._shown_lines = lines
        self.anchored(self.cursor if same else 0, self.top if same else 0)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._shown_lines)

    @property
    def line(self) -> DetailLine | None:
        """The line under the cursor."""
        return self.under(self._shown_lines)

    def labels(self) -> Sequence[str]:
        """What the lines say."""
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
        """Nothing else depends on the cursor here."""

    def on_focus(self, _event: events.Focus) -> None:
        """The cursor begins in sight."""
        top, height = self.top, max(1, self.size.height)
        if not top <= self.cursor < top + height:
            self.cursor = top

    def clicked(self, index: int, x: int) -> None:  # noqa: ARG002 - the whole line leads there
        """A line that leads to a span does so at a click."""
        if self._shown_lines[index].row >= 0:
            self.action_follow()

    def action_follow(self) -> None:
        """Goes to the span that the line leads to; from any other line back to the rows."""
        if self.line and self.line.row >= 0:
            self.post_message(SpanChosen(self.line.row))
        else:
            self.call_later(self.run_action, "screen.full_detail")

    def action_open(self) -> None:
        """Opens or folds what is the same all over the run, and frames of libraries."""
        self.post_message(self.Opened())
