"""The waterfall mode: what is running, the tree with its time axis, and the span under the cursor."""

from textual import on
from textual.app import ComposeResult

from tracetui.ui.keys import DETAIL, bindings
from tracetui.ui.reading import SpanHighlighted
from tracetui.ui.screens.columns import ColumnsScreen
from tracetui.ui.screens.mode import ModeScreen
from tracetui.ui.screens.timed import TimedScreen
from tracetui.ui.widgets.detail import Detail
from tracetui.ui.widgets.pinned import Pinned
from tracetui.ui.widgets.waterfall import Waterfall


class WaterfallScreen(TimedScreen):
    """Rows above, detail below."""

    MODE = "waterfall"
    BINDINGS = bindings(DETAIL)

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield from self.above()
        yield Pinned().data_bind(ModeScreen.reading)
        yield Waterfall(self._ingest.span).data_bind(ModeScreen.reading)
        yield Detail(self._ingest)

    @property
    def timeline(self) -> Waterfall:
        """The rows."""
        return self.query_one(Waterfall)

    def on_mount(self) -> None:
        """Keys go to the rows; the columns are as they are set."""
        self.timeline.columns = self.settings.columns or None
        self.timeline.focus()

    def show(self, row: int) -> None:
        """Goes to a span, wherever it is folded away."""
        self.timeline.show(row)

    def watch_reading(self) -> None:
        """A newer reading may know more of the span under the cursor."""
        waterfall = self.timeline
        if waterfall.row is not None:
            self._detail(waterfall.row)

    @on(Waterfall.Framed)
    def _framed(self, message: Waterfall.Framed) -> None:
        self.query_one(Pinned).show(message.frame)

    @on(SpanHighlighted)
    def _highlighted(self, message: SpanHighlighted) -> None:
        self._detail(message.row)

    def _detail(self, row: int) -> None:
        if self.reading and row < len(self.reading.findings.snapshot):
            self.query_one(Detail).show(self.reading, row)

    def action_pinned(self) -> None:
        """What runs now above the rows, or not."""
        self.query_one(Pinned).toggle_class("off")

    def action_columns(self) -> None:
        """Lets the reader choose."""
        waterfall = self.timeline

        def take(columns: tuple[str, ...] | None) -> None:
            waterfall.columns = columns

        self.app.push_screen(ColumnsScreen(waterfall.shown_columns), take)

    def action_detail(self) -> None:
        """The pane, on or off."""
        self.query_one(Detail).remove_class("full").toggle_class("off")
        self.timeline.focus()

    def action_full_detail(self) -> None:
        """The pane as large as the rows, with the keys in it; again, small."""
        detail = self.query_one(Detail).remove_class("off").toggle_class("full")
        (detail if detail.has_class("full") else self.timeline).focus()

    def action_back(self) -> None:
        """The keys go to the rows again."""
        self.query_one(Detail).remove_class("full")
        self.timeline.focus()
