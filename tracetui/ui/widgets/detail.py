"""The pane that shows the span under the cursor in full; decoding happens away from the screen's thread."""

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tracetui.analysis.findings import Findings
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.ui.renderables.detail import detail_content


class Detail(VerticalScroll):
    """Shows one row of the newest findings; a newer revision of the same span keeps the scroll."""

    DEFAULT_CSS = """
    Detail {
        height: 30%; min-height: 5; padding: 0 1; background: $surface; border-top: solid $panel;
        scrollbar-size-vertical: 1;
    }
    Detail.off { display: none; }
    Detail.full { height: 1fr; }
    """

    def __init__(self, ingest: Ingest) -> None:
        super().__init__()
        self._ingest = ingest
        self._shown = (-1, -1, -1)

    def compose(self) -> ComposeResult:
        """One long text."""
        yield Static(Content(""), markup=False)

    def show(self, findings: Findings, row: int) -> None:
        """Shows a row; decodes only if it is another span than before, or another record of it."""
        snapshot = findings.snapshot
        where = (row, int(snapshot.source_id[row]), int(snapshot.offset[row]))
        if where == self._shown:
            return
        if row != self._shown[0]:
            self.scroll_home(animate=False)
        self._shown = where
        self._decode(findings, row, self.scrollable_content_region.width)

    @work(thread=True, exclusive=True)
    def _decode(self, findings: Findings, row: int, cells: int) -> None:
        try:
            content = detail_content(findings, row, self._ingest.span(findings.snapshot, row), cells)
        except InputError as error:
            content = detail_content(findings, row, None, cells, str(error))
        self.app.call_from_thread(self._present, content, row)

    def _present(self, content: Content, row: int) -> None:
        if row == self._shown[0]:
            self.query_one(Static).update(content)
