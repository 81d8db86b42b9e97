"""The pane with one failure in full; decoding and colouring happen away from the screen's thread."""

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.worker import get_current_worker

from tracetui.analysis.failures.decoding import Causes, SpanOf
from tracetui.analysis.failures.failure_facts import FailureFacts, gather
from tracetui.analysis.query.search import Finds
from tracetui.model.role import Role
from tracetui.ui.chance.company import Company
from tracetui.ui.chance.known_flaky import FlakyTests
from tracetui.ui.failures.draw_beside import beside_content
from tracetui.ui.failures.draw_failure import failure_content
from tracetui.ui.failures.source_code import source_of
from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import FAILURE
from tracetui.ui.lists.draw_marked import marked_content
from tracetui.ui.painting.auto_height_text import Told


class Beside(VerticalScroll):
    """What is beside the failure on a wide screen."""

    DEFAULT_CSS = """
    Beside {
        display: none; padding: 0 1; background: $surface; border-left: solid $panel; overflow-y: scroll;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._content = Content("")
        self._row = -1
        self._needle = ""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Told(id="beside")

    @property
    def cells(self) -> int:
        """The width of the text; 0 if there is no room for it."""
        return self.scrollable_content_region.width if self.display else 0

    def put(self, content: Content, row: int) -> None:
        """Show the content for a row; the same row keeps the scroll."""
        if row != self._row:
            self.scroll_home(animate=False)
        self._content, self._row = content, row
        self.query_one("#beside", Told).put(marked_content(content, self._needle))

    def mark(self, needle: str) -> None:
        """Mark the search text."""
        if needle != self._needle:
            self._needle = needle
            self.query_one("#beside", Told).put(marked_content(self._content, needle))


class FailurePane(VerticalScroll, Holding):
    """Shows one failure; a newer revision of the same one keeps the scroll."""

    BINDINGS = bindings(FAILURE)
    DEFAULT_CSS = """
    FailurePane {
        height: 2fr; padding: 0 1; background: $surface; border-top: solid $panel; overflow-y: scroll;
    }
    """

    def __init__(self, causes: Causes, span_of: SpanOf, beside: Beside) -> None:
        super().__init__()
        self._causes = causes
        self._span_of = span_of
        self._beside = beside
        self._reading: Reading | None = None
        self._row: int | None = None
        self._whole = False
        self._needle = ""
        self._content = Content("")
        self.facts: FailureFacts | None = None
        self._flaky: FlakyTests = {}
        self._company = Company()

    def compose(self) -> ComposeResult:
        """One text."""
        yield Told(id="failure")

    def show(self, reading: Reading, row: int) -> None:
        """Show a failed row, or nothing for -1."""
        before, self._reading, self._row = self._row, reading, row
        if before != row:
            self._whole = False
            self.scroll_home(animate=False)
        self._draw()

    def mark(self, flaky: FlakyTests) -> None:
        """Take over which tests are known to be flaky."""
        self._flaky = flaky
        self._draw()

    def let_go(self) -> None:
        """Drop the reading; the text stays."""
        self._reading = self.facts = None

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap long lines again."""
        self._draw()

    def action_frames(self) -> None:
        """Open or fold the frames of libraries."""
        self._whole = not self._whole
        self._draw()

    def show_finds(self, finds: Finds | None) -> None:
        """Mark the search text."""
        needle = finds.needle if finds else ""
        if needle != self._needle:
            self._needle = needle
            self.query_one("#failure", Told).put(marked_content(self._content, needle))
        self._beside.mark(needle)

    def _draw(self) -> None:
        reading, row = self._reading, self._row
        if reading and row is not None:
            if row < 0:
                self._present(None, Content(""), Content(""), row)
            else:
                cells = self.scrollable_content_region.width, self._beside.cells
                self._decode(reading, row, cells, self._whole)

    @away
    def _decode(self, reading: Reading, row: int, cells: tuple[int, int], whole: bool) -> None:
        findings, company = reading.findings, self._company
        facts = gather(findings, row, self._causes, self._span_of)
        is_test = findings.snapshot.role[row] == Role.TEST
        flaky = self._flaky.get(findings.snapshot.title(row)) if is_test else None
        facts = replace(facts, flaky=flaky, suspicion=company.known(findings, row))
        self._tell(facts, cells, whole=whole)
        suspicion = company.of(findings, row)
        if suspicion is not facts.suspicion:
            self._tell(replace(facts, suspicion=suspicion), cells, whole=whole)

    def _tell(self, facts: FailureFacts, cells: tuple[int, int], *, whole: bool) -> None:
        """Show the facts, unless newer ones are on their way."""
        if get_current_worker().is_cancelled:
            return
        content, beside = failure_content(facts, cells[0], whole=whole, has_beside=cells[1] > 0), Content("")
        if cells[1]:
            beside = beside_content(facts, source_of(facts), cells[1])
        self.app.call_from_thread(self._present, facts, content, beside, facts.row)

    def _present(self, facts: FailureFacts | None, content: Content, beside: Content, row: int) -> None:
        if self._row == row:
            self.facts, self._content = facts, content
            self.query_one("#failure", Told).put(marked_content(content, self._needle))
            self._beside.put(beside, row)
