"""What is running now, a line per lane above the rows, always visible."""

from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.reading import Reading, SpanChosen
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.waterfall.draw_frame import Frame
from tracetui.ui.waterfall.draw_pinned_row import pinned_row

MOST_LINES = 6


class Pinned(KeptLines, Holding):
    """As many lines as were ever needed at once, so that nothing below jumps; hidden when everything has
    ended.
    """

    DEFAULT_CSS = """
    Pinned { height: auto; }
    Pinned.idle, Pinned.off { display: none; }
    """

    reading: reactive[Reading | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__(classes="idle")
        self._lines = 0
        self._frame: Frame | None = None

    def watch_reading(self, reading: Reading | None) -> None:
        """Add lines for more lanes; never remove any."""
        if reading is None:
            return
        live = reading.findings.summary.state == "live"
        running = len(reading.findings.running) if live else 0
        lines = max(self._lines, min(running, MOST_LINES)) if live else 0
        if lines != self._lines:
            self._lines = lines
            self.styles.height = lines
        self.set_class(lines == 0, "idle")

    def show(self, frame: Frame) -> None:
        """Agree with the rows below, which drew `frame`."""
        self._frame = frame
        if not self.has_class("idle") and not self.has_class("off"):
            self.refresh_changed()

    def let_go(self) -> None:
        """Drop the frame: the rows below soon draw another."""
        self._frame = None

    def render_line(self, y: int) -> Strip:
        """A running span; the last line counts those that do not fit."""
        running = self._frame.findings.running if self._frame else ()
        if self._frame is None or y >= len(running):
            return Strip.blank(self.size.width, self.rich_style)
        if y == MOST_LINES - 1 and len(running) > MOST_LINES:
            return self._more(len(running) - y)
        return pinned_row(self._frame, running[y]).adjust_cell_length(self.size.width, self.rich_style)

    def _more(self, count: int) -> Strip:
        assert self._frame is not None
        style = self._frame.style("quiet", selected=False)
        text = Segment(f"   … {count} more running", style)
        return Strip([text]).adjust_cell_length(self.size.width, style)

    async def on_click(self, event: events.Click) -> None:
        """Go to the line's span."""
        running = self._frame.findings.running if self._frame else ()
        if event.y < len(running):
            self.post_message(SpanChosen(running[event.y].row))
