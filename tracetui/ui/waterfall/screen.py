"""The waterfall mode: what is running, the tree with its time axis, and the span under the cursor."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.exceptions import thrown
from tracetui.analysis.failures.place import place_of
from tracetui.analysis.query.search import Finds
from tracetui.model.role import Role
from tracetui.report.rerun import rerun_command
from tracetui.report.span_text import as_json, as_markdown, escaped
from tracetui.settings.state import keep, recall
from tracetui.store.snapshot import Snapshot
from tracetui.text import Safe, sanitize
from tracetui.ui.app.copying import copy
from tracetui.ui.app.editing import edit
from tracetui.ui.detail.detail import Detail
from tracetui.ui.detail.detail_rows import DetailRows
from tracetui.ui.dialogs.columns_screen import ColumnsScreen
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.feed.reading import SpanHighlighted
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import COPY, DETAIL
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_paint import KeptContainer
from tracetui.ui.timeline.axis import Axis
from tracetui.ui.timeline.timed import TimedScreen
from tracetui.ui.waterfall.legend import Legend
from tracetui.ui.waterfall.pinned import Pinned
from tracetui.ui.waterfall.rows import Waterfall


class WaterfallScreen(TimedScreen):
    """Rows above, detail below; side by side on wide screens."""

    MODE = "waterfall"
    BINDINGS = bindings((*DETAIL, *COPY))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (180, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    WaterfallScreen #both, WaterfallScreen #timed { height: 1fr; }
    WaterfallScreen.-high Legend.on { display: block; }
    WaterfallScreen.-wide #both { layout: horizontal; }
    WaterfallScreen.-wide #timed { width: 1fr; height: 100%; }
    WaterfallScreen.-wide Detail {
        width: 34%; height: 100%; border-top: none; border-left: solid $panel;
        &.full { width: 1fr; }
    }
    """

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        with KeptContainer(id="both"):
            with Vertical(id="timed"):
                yield Legend()
                yield from self.above()
                yield Pinned().data_bind(ModeScreen.reading)
                yield Waterfall(self._ingest.span).data_bind(ModeScreen.reading)
            yield Detail(self._ingest)

    @property
    def timeline(self) -> Waterfall:
        """The rows."""
        return self.query_one(Waterfall)

    def on_mount(self) -> None:
        """Focus the rows; set the columns as in the settings, or else those chosen last."""
        self.timeline.columns = tuple(self.settings.columns or recall().columns or ()) or None
        self.timeline.focus()

    def show(self, row: int) -> None:
        """Go to a span, wherever it is folded away."""
        self.timeline.show(row)

    def watch_settled(self) -> None:
        """Update the detail: a newer reading may know more of the span under the cursor."""
        if self.query(Waterfall):  # There are none while the screen is still being put together.
            self._detail()

    @on(Waterfall.Framed)
    def _framed(self, message: Waterfall.Framed) -> None:
        self.query_one(Pinned).show(message.frame)
        self.query_one(Legend).show(message.frame)

    @on(Axis.Pulled)
    def _pulled(self, message: Axis.Pulled) -> None:
        if message.x is None:
            self.timeline.drop_divider()
        elif message.begins:
            self.timeline.take_divider(message.x)
        else:
            self.timeline.pull_divider(message.x)

    @on(SpanHighlighted)
    def _detail(self) -> None:
        """Show the span under the cursor, of the reading that the rows show."""
        rows = self.timeline
        if rows.arranged_of is not None and rows.row is not None:
            self.query_one(Detail).show(rows.arranged_of, rows.row)

    def action_pinned(self) -> None:
        """Toggle the running tests above the rows."""
        self.query_one(Pinned).toggle_class("off")

    async def action_columns(self) -> None:
        """Let the user choose the columns."""
        waterfall = self.timeline

        def take(columns: tuple[str, ...] | None) -> None:
            waterfall.columns = columns
            try:
                keep(columns=columns)
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                self.notify(sanitize(f"columns not saved: {reason}"), severity="warning", markup=False)

        await push_modal(self.app, ColumnsScreen(waterfall.shown_columns), take)

    def action_detail(self) -> None:
        """Toggle the detail pane."""
        detail = self.query_one(Detail)
        detail.is_full = False
        detail.toggle_class("off")
        self.timeline.focus()

    def action_full_detail(self) -> None:
        """Maximise and focus the pane; again, restore it."""
        detail = self.query_one(Detail).remove_class("off")
        detail.is_full = not detail.is_full
        (detail.rows if detail.is_full else self.timeline).focus()

    @property
    def rows(self) -> RowList | None:
        """The list to search: the pane while it has the focus, else the tree."""
        return self.focused if isinstance(self.focused, DetailRows) else super().rows

    def show_finds(self, finds: Finds | None) -> None:
        """Mark matches in the pane too."""
        for rows in self.query("RowList"):
            if isinstance(rows, RowList):
                rows.show_finds(finds)
        super().show_finds(finds)

    def action_copy_value(self) -> None:
        """Copy the value under the cursor in the pane; in the tree the command that reruns a test, or a
        title.
        """
        detail, row = self.query_one(Detail), self.timeline.row
        if detail.rows.has_focus:
            line = detail.rows.line
            copy(self.app, escaped(line.value) if line else "", Safe("the value"))
        elif self.timeline.arranged_of and row is not None:
            self._copy_title(self.timeline.arranged_of.findings.snapshot, row)

    def _copy_title(self, snapshot: Snapshot, row: int) -> None:
        subject = self.query_one(Detail).subject
        is_known = subject and subject.row == row and snapshot.role[row] == Role.TEST
        command = rerun_command(subject.span.attributes) if subject and is_known else ""
        if command:
            copy(self.app, escaped(command), Safe("the command that reruns the test"))
        else:
            copy(self.app, sanitize(snapshot.title(row)), Safe("the title"))

    def action_copy_json(self) -> None:
        """Copy the span as JSON."""
        if subject := self.query_one(Detail).subject:
            copy(self.app, as_json(subject.span), Safe("the span as JSON"))

    def action_copy_markdown(self) -> None:
        """Copy the span as Markdown."""
        subject = self.query_one(Detail).subject
        if subject and subject.findings:
            title = subject.findings.snapshot.title(subject.row)
            copy(self.app, as_markdown(subject.span, title), Safe("the span as Markdown"))

    def action_edit(self) -> None:
        """Open the place that the span names, or where it failed, in the user's editor."""
        subject = self.query_one(Detail).subject
        if subject and subject.findings:
            cause = Cause(subject.row, tuple(thrown([*subject.inside, subject.span])))
            place = place_of(cause, subject.span.attributes)
            edit(self.app, place, subject.findings.snapshot.sources)

    def action_back(self) -> None:
        """Focus the rows again."""
        self.query_one(Detail).is_full = False
        self.timeline.focus()
