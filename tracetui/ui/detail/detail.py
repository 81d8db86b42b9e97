"""The pane that shows the span under the cursor in full; decoding happens away from the screen's thread."""

import time
from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.worker import get_current_worker

from tracetui.analysis.failures.failures import failed_inside
from tracetui.analysis.query.filters.vocabulary import sample
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.related_spans import shared
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.model.role import BAD, Outcome, Role
from tracetui.model.span import Span
from tracetui.text import sanitize
from tracetui.ui.chance.company import Company
from tracetui.ui.detail.detail_rows import DetailRows
from tracetui.ui.detail.draw_detail import Subject, detail_lines
from tracetui.ui.detail.draw_detail_line import DetailLine
from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.divider import Divider
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.waterfall.draw_summary import summary_content

TICK_S = 1.0
"""How often times of what runs are told anew."""


LEAST = {False: 5, True: 24}
"""Its least height below the rows, and its least width beside them."""
LEAST_ROWS = {False: 10, True: 80}
"""What rows and all above them keep of height, or of width."""


class Detail(Vertical, Holding):
    """Shows one row of the newest findings; a newer revision of the same span keeps the scroll."""

    DEFAULT_CSS = """
    Detail { height: 30%; min-height: 5; background: $surface; border-top: solid $panel; }
    Detail #summary { height: auto; padding: 0 0 0 1; }
    Detail.off { display: none; }
    Detail.full { height: 1fr; }
    """

    is_full: reactive[bool] = reactive(default=False, init=False)

    def __init__(self, ingest: Ingest) -> None:
        super().__init__()
        self._divider = Divider(-1)
        self._sizes: dict[bool, int] = {}
        """What the reader has made of its height below the rows, and of its width beside them."""
        self._sized: tuple[int | None, int | None] = None, None
        self._ingest = ingest
        self._reading: Reading | None = None
        self._shown: tuple[int, ...] = (-1,)
        self._whole = False
        self._told_at = 0.0
        self._shared: tuple[tuple[int, int], Mapping[str, str]] = (-1, -1), {}
        self._presented = -1
        self.subject: Subject | None = None
        self._company = Company()

    def compose(self) -> ComposeResult:
        """The values in columns, and below them those in the span's bytes."""
        yield Told(id="summary")
        yield DetailRows()

    @property
    def rows(self) -> DetailRows:
        """The lines."""
        return self.query_one(DetailRows)

    def on_mount(self) -> None:
        """Keep the times of a running span growing."""
        self.set_interval(TICK_S, self._tick)

    def _tick(self) -> None:
        is_new = time.monotonic() - self._told_at <= TICK_S / 2
        if self._reading and self._reading.grows and self.screen.is_current and not is_new:
            self._summarise()

    @property
    def _is_beside(self) -> bool:
        """Whether it is beside the rows, not below them."""
        return self.screen.has_class("-wide")

    def watch_is_full(self) -> None:
        """Maximise it, or restore its size."""
        self.set_class(self.is_full, "full")
        self._fit()

    def _fit(self) -> None:
        """Apply the size that the user gave it, as long as enough rows remain."""
        beside, parent = self._is_beside, self.parent
        size = None if self.is_full else self._sizes.get(beside)
        if size is not None and isinstance(parent, Widget):
            room = parent.size.width if beside else parent.size.height
            size = max(LEAST[beside], min(size, room - LEAST_ROWS[beside]))
        wanted = (size, None) if beside else (None, size)
        if wanted != self._sized:  # Whatever is set lays out the screen.
            self._sized = wanted
            self.styles.width, self.styles.height = wanted

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging the divider between it and the rows."""
        beside = self._is_beside
        if not self.is_full and event.button == 1 and (event.x if beside else event.y) == 0:
            size = self.outer_size.width if beside else self.outer_size.height
            self._divider.take(event.screen_x if beside else event.screen_y, size)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the divider."""
        if self._divider.is_held:
            beside = self._is_beside
            self._sizes[beside] = self._divider.size(event.screen_x if beside else event.screen_y)
            self._fit()

    def on_mouse_up(self) -> None:
        """Stop dragging."""
        if self._divider.is_held:
            self._divider.let_go()
            self.release_mouse()

    def on_resize(self) -> None:
        """Wrap long values again."""
        self._fit()
        if self._reading:
            self.show(self._reading, self._shown[0])

    @on(DetailRows.Opened)
    def _opened(self) -> None:
        self._whole = not self._whole
        self.on_resize()

    def show(self, reading: Reading, row: int) -> None:
        """Show a row; decodes only a different span, or another record of it."""
        findings = reading.findings
        snapshot, cells = findings.snapshot, max(1, self.size.width - 3)
        inside = failed_inside(snapshot, findings.tree, row)
        place = snapshot.origin(row).source, int(snapshot.offset[row])
        shown = (row, *place, cells, self._whole, reading.busy, *inside)
        before, self._reading, self._shown = self._shown, reading, shown
        self._summarise()
        if shown == before and self.subject:
            self.subject = replace(self.subject, findings=findings)  # Older ones would stay in memory.
        if shown != before:
            self._decode(reading, row, inside, cells, self._whole)

    def let_go(self) -> None:
        """Drop the reading; the text stays."""
        self._reading = None
        if self.subject:
            self.subject = replace(self.subject, findings=None)

    def _summarise(self) -> None:
        if reading := self._reading:
            self._told_at = time.monotonic()
            content = summary_content(reading.findings, self._shown[0], reading.now_ns())
            self.query_one("#summary", Told).put(content)

    @away
    def _decode(self, reading: Reading, row: int, inside: tuple[int, ...], cells: int, whole: bool) -> None:
        subject = None
        try:
            span, *failed = (self._ingest.span(reading.findings.written, place) for place in (row, *inside))
            subject = Subject(span, failed, self._shared_by(reading), reading.findings, row)
            if is_bad := _is_bad(reading.findings, row):
                subject = replace(subject, suspicion=self._company.known(reading.findings, row))
            lines: Sequence[DetailLine] = detail_lines(subject, cells, whole=whole)
        except InputError as error:
            lines, is_bad = [DetailLine(Content.styled(sanitize(str(error)), "$error"))], False
        self.app.call_from_thread(self._present, subject, lines, row)
        if subject and is_bad:
            self._add_company(reading.findings, subject, cells, whole=whole)

    def _add_company(self, findings: Findings, subject: Subject, cells: int, *, whole: bool) -> None:
        """The same once more, where more is known now of what ran beside a failing test."""
        suspicion = self._company.of(findings, subject.row)
        if suspicion is not subject.suspicion and not get_current_worker().is_cancelled:
            subject = replace(subject, suspicion=suspicion)
            lines = detail_lines(subject, cells, whole=whole)
            self.app.call_from_thread(self._present, subject, lines, subject.row)

    def _shared_by(self, reading: Reading) -> Mapping[str, str]:
        """The attributes that a sample of the run's spans share; sampled again once the run has doubled.

        While there is more to read at once nothing is sampled.
        """
        findings = reading.findings
        run, size = findings.runs.number(findings.choice), len(findings.snapshot).bit_length()
        if self._shared[0] != (run, size) and not reading.busy:
            self._shared = (run, size), shared(self._sampled(findings))
        return self._shared[1] if self._shared[0][0] == run else {}

    def _sampled(self, findings: Findings) -> list[Span]:
        spans = []
        for row in sample(findings):
            try:
                spans.append(self._ingest.span(findings.written, row))
            except InputError:
                continue
        return spans

    def _present(self, subject: Subject | None, lines: Sequence[DetailLine], row: int) -> None:
        if row == self._shown[0]:
            same, self._presented, self.subject = self._presented == row, row, subject
            self.rows.put(lines, same=same)


def _is_bad(findings: Findings, row: int) -> bool:
    """Whether it is an attempt at a test that failed."""
    snapshot = findings.snapshot
    return snapshot.role[row] == Role.TEST and snapshot.outcome[row] in (Outcome.RERUN, *BAD)
