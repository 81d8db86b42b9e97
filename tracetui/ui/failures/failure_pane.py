"""The pane that tells of one failure in full; decoding and colouring happen away from the screen's thread."""

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from tracetui.analysis.query.search import Finds
from tracetui.ui.failures.causes import Causes, SpanOf
from tracetui.ui.failures.draw_failure import failure_content
from tracetui.ui.failures.failure_facts import FailureFacts, gather
from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import FAILURE
from tracetui.ui.lists.auto_height_text import Told
from tracetui.ui.lists.draw_marked import marked_content


class FailurePane(VerticalScroll, Holding):
    """Shows one failure; a newer revision of the same one keeps the scroll."""

    BINDINGS = bindings(FAILURE)
    DEFAULT_CSS = """
    FailurePane {
        height: 2fr; padding: 0 1; background: $surface; border-top: solid $panel; overflow-y: scroll;
    }
    """

    def __init__(self, causes: Causes, span_of: SpanOf) -> None:
        super().__init__()
        self._causes = causes
        self._span_of = span_of
        self._reading: Reading | None = None
        self._row: int | None = None
        self._whole = False
        self._needle = ""
        self._content = Content("")
        self.facts: FailureFacts | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Told(id="failure")

    def show(self, reading: Reading, row: int) -> None:
        """Shows a failed row, or nothing for -1."""
        before, self._reading, self._row = self._row, reading, row
        if before != row:
            self._whole = False
            self.scroll_home(animate=False)
        self._draw()

    def let_go(self) -> None:
        """Keeps what it says."""
        self._reading = self.facts = None

    def on_resize(self, _event: events.Resize) -> None:
        """Long lines are wrapped anew."""
        self._draw()

    def action_frames(self) -> None:
        """Opens or folds the frames of libraries."""
        self._whole = not self._whole
        self._draw()

    def show_finds(self, finds: Finds | None) -> None:
        """Marks what is looked for, as long as it is."""
        needle = finds.needle if finds else ""
        if needle != self._needle:
            self._needle = needle
            self.query_one("#failure", Told).put(marked_content(self._content, needle))

    def _draw(self) -> None:
        reading, row = self._reading, self._row
        if reading and row is not None:
            if row < 0:
                self._present(None, Content(""), row)
            else:
                self._decode(reading, row, self.scrollable_content_region.width, self._whole)

    @away
    def _decode(self, reading: Reading, row: int, cells: int, whole: bool) -> None:
        facts = gather(reading.findings, row, self._causes, self._span_of)
        content = failure_content(facts, cells, whole=whole)
        self.app.call_from_thread(self._present, facts, content, row)

    def _present(self, facts: FailureFacts | None, content: Content, row: int) -> None:
        if self._row == row:
            self.facts, self._content = facts, content
            self.query_one("#failure", Told).put(marked_content(content, self._needle))
