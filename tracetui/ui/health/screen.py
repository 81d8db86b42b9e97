"""The health mode: what could not be read or is doubtful, how often, where, and what was done about it."""

from textual import on
from textual.app import ComposeResult

from tracetui.ingest.memory.allocator import resident
from tracetui.kernel import slow_reader
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.health.draw_health_row import About, summary_content, told_content
from tracetui.ui.health.rows import HealthRows
from tracetui.ui.painting.auto_height_text import Told


class HealthScreen(ModeScreen):
    """Kinds of problems above, the row under the cursor in full below."""

    MODE = "health"
    DEFAULT_CSS = """
    HealthScreen #summary { height: auto; min-height: 7; padding: 1 0; }
    HealthScreen #told {
        height: auto; min-height: 3; max-height: 8; padding: 0 2; background: $surface;
        border-top: solid $panel;
    }
    """

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Told(id="summary")
        yield HealthRows().data_bind(ModeScreen.reading)
        yield Told(id="told")

    def on_mount(self) -> None:
        """Focus the rows."""
        self.query_one(HealthRows).focus()

    def on_resize(self) -> None:
        """Fit the texts to the new width."""
        super().on_resize()
        self.watch_reading()
        self.query_one(HealthRows).highlighted()

    def watch_reading(self) -> None:
        """Update the summary."""
        if self.reading is None:
            return
        ingest = self._ingest
        formats, memory = frozenset(ingest.formats), ingest.memory
        about = About(ingest.files, formats, resident(), memory, ingest.ceiling, slow_reader())
        self.query_one("#summary", Told).put(summary_content(self.reading, about, self.size.width))

    @on(HealthRows.Chosen)
    def _chosen(self, message: HealthRows.Chosen) -> None:
        self.query_one("#told", Told).put(told_content(message.row, self.size.width - 6))
