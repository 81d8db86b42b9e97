"""The failures mode: what failed, grouped by why, and one failure in full."""

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from tracetui import units
from tracetui.analysis.failures.decoding import Causes
from tracetui.analysis.query.search import Finds
from tracetui.ingest import Ingest
from tracetui.report.drawing.style import many
from tracetui.report.span_text import as_json, as_markdown, escaped
from tracetui.text import Safe
from tracetui.ui.app.copying import copy
from tracetui.ui.app.editing import edit
from tracetui.ui.chance.known_flaky import FlakyTests, KnownFlaky
from tracetui.ui.failures.failure_pane import Beside, FailurePane
from tracetui.ui.failures.rows import FailureRows
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import FAILURES_SCREEN
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.painting.kept_paint import KeptContainer


class FailuresScreen(ModeScreen):
    """The list, with the pane beside or below it."""

    MODE = "failures"
    BINDINGS = bindings(FAILURES_SCREEN)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (140, "-wide"), (180, "-widest")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    FailuresScreen #counted { height: 1; padding: 0 1; background: $surface; color: $quiet; }
    FailuresScreen #both { height: 1fr; }
    FailuresScreen FailureRows { height: 1fr; }
    FailuresScreen.-wide, FailuresScreen.-widest {
        #both { layout: horizontal; }
        FailureRows { width: 2fr; height: 100%; }
        FailurePane { width: 3fr; height: 100%; border-top: none; border-left: solid $panel; }
    }
    FailuresScreen.-widest Beside { display: block; width: 3fr; height: 100%; }
    FailuresScreen.full FailureRows { display: none; }
    """

    def __init__(self, title: str, ingest: Ingest) -> None:
        super().__init__(title, ingest)
        self._causes = Causes(ingest.span)
        self._known = KnownFlaky(self, self._mark)

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Told(id="counted")
        with KeptContainer(id="both"):
            yield FailureRows(self._causes).data_bind(ModeScreen.reading)
            beside = Beside()
            yield FailurePane(self._causes, self._ingest.span, beside)
            yield beside

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one(FailureRows).focus()

    def watch_reading(self, reading: Reading | None) -> None:
        """Ask which tests are flaky."""
        if reading is not None:
            self._known.ask(reading)

    def _mark(self, flaky: FlakyTests) -> None:
        self.query_one(FailureRows).mark(flaky)
        self.query_one(FailurePane).mark(flaky)

    def show(self, row: int) -> None:
        """Goes to a failure."""
        self.query_one(FailureRows).show(row)

    @on(FailureRows.Counted)
    def _counted(self, message: FailureRows.Counted) -> None:
        parts = [many(message.failures, "failure"), f"of {many(message.kinds, 'kind')}"]
        parts += [f"  {units.count(message.waiting)} more being read …"] if message.waiting else []
        self.query_one("#counted", Told).put(Content(" ".join(parts) if message.failures else ""))

    @on(FailureRows.Selected)
    def _selected(self, message: FailureRows.Selected) -> None:
        self.query_one(FailurePane).show(message.take(), message.row)

    def action_detail(self) -> None:
        """Maximise the failure and focus it; again, show it beside the list."""
        self.toggle_class("full")
        self.query_one(FailurePane if self.has_class("full") else FailureRows).focus()

    def action_back(self) -> None:
        """Go back to the list."""
        self.remove_class("full")
        self.query_one(FailureRows).focus()

    def show_finds(self, finds: Finds | None) -> None:
        """Mark matches in the pane too."""
        super().show_finds(finds)
        for pane in self.query(FailurePane):
            pane.show_finds(finds)

    def action_copy_value(self) -> None:
        """Copy the first exception."""
        facts = self.query_one(FailurePane).facts
        copy(self.app, escaped(facts.cause.headline) if facts else "", Safe("the exception"))

    def action_copy_json(self) -> None:
        """Copy the span as JSON."""
        facts = self.query_one(FailurePane).facts
        copy(self.app, as_json(facts.span) if facts and facts.span else "", Safe("the span as JSON"))

    def action_copy_markdown(self) -> None:
        """Copy the failure as Markdown."""
        facts = self.query_one(FailurePane).facts
        text = ""
        if facts and facts.span:
            text = as_markdown(facts.span, facts.findings.snapshot.title(facts.row))
        copy(self.app, text, Safe("the failure as Markdown"))

    def action_edit(self) -> None:
        """Open the place where it failed in the user's editor."""
        facts = self.query_one(FailurePane).facts
        if facts:
            edit(self.app, facts.place, facts.findings.snapshot.sources)
