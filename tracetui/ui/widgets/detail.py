"""The pane that shows the span under the cursor in full; decoding happens away from the screen's thread."""

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tracetui.analysis.failures import failed_inside
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.text import sanitize
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.detail import detail_content, summary_content


class Detail(VerticalScroll):
    """Shows one row of the newest findings; a newer revision of the same span keeps the scroll."""

    DEFAULT_CSS = """
    Detail {
        height: 30%; min-height: 5; padding: 0 1; background: $surface; border-top: solid $panel;
        overflow-y: scroll;
    }
    Detail.off { display: none; }
    Detail.full { height: 1fr; }
    """

    def __init__(self, ingest: Ingest) -> None:
        super().__init__()
        self._ingest = ingest
        self._reading: Reading | None = None
        self._shown: tuple[int, ...] = (-1,)

    def compose(self) -> ComposeResult:
        """What the columns know, and below it what the span's bytes say."""
        yield Static(id="summary", markup=False)
        yield Static(id="span", markup=False)

    def on_mount(self) -> None:
        """Times of a running span go on by themselves."""
        self.set_interval(0.5, self._tick)

    def _tick(self) -> None:
        if self._reading and self._reading.grows:
            self._summarise()

    def on_resize(self) -> None:
        """Long values are wrapped anew."""
        if self._reading:
            self.show(self._reading, self._shown[0])

    def show(self, reading: Reading, row: int) -> None:
        """Shows a row; decodes only if it is another span than before, or another record of it."""
        findings = reading.findings
        snapshot, cells = findings.snapshot, self.scrollable_content_region.width
        inside = failed_inside(snapshot, findings.tree, row)
        shown = (row, snapshot.origin(row).source, int(snapshot.offset[row]), cells, *inside)
        before, self._reading, self._shown = self._shown, reading, shown
        self._summarise()
        if shown == before:
            return
        if row != before[0]:
            self.scroll_home(animate=False)
        self._decode(reading, row, inside, cells)

    def _summarise(self) -> None:
        if reading := self._reading:
            content = summary_content(reading.findings, self._shown[0], reading.now_ns())
            self.query_one("#summary", Static).update(content)

    @work(thread=True, exclusive=True)
    def _decode(self, reading: Reading, row: int, inside: tuple[int, ...], cells: int) -> None:
        try:
            span, *failed = (self._ingest.span(reading.findings.written, each) for each in (row, *inside))
            content = detail_content(span, cells, failed)
        except InputError as error:
            content = Content.styled(sanitize(str(error)), "$error")
        self.app.call_from_thread(self._present, content, row)

    def _present(self, content: Content, row: int) -> None:
        if row == self._shown[0]:
            self.query_one("#span", Static).update(content)
