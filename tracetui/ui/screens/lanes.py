"""The lanes mode: who did what when, who stood still, and how far from ideal that is."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from tracetui.ui.renderables.lane_row import sums_content
from tracetui.ui.screens.mode import ModeScreen
from tracetui.ui.screens.timed import TimedScreen
from tracetui.ui.widgets.lanes import LaneRows


class LanesScreen(TimedScreen):
    """Lanes above, what they add up to below."""

    MODE = "lanes"
    DEFAULT_CSS = (
        "LanesScreen #sums { height: 3; padding: 0 2; background: $surface; border-top: solid $panel; }"
    )

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield from self.above()
        yield LaneRows().data_bind(ModeScreen.reading)
        yield Static(id="sums", markup=False)

    @property
    def timeline(self) -> LaneRows:
        """The lanes."""
        return self.query_one(LaneRows)

    def on_mount(self) -> None:
        """Keys go to the lanes."""
        self.timeline.focus()

    @on(LaneRows.Found)
    def _found(self, message: LaneRows.Found) -> None:
        self.query_one("#sums", Static).update(sums_content(message.lanes))
