"""The mode What if: how long the run would take on other workers, or with something changed."""

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult

from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.what_if.draw_answer import answer_content, chart_content
from tracetui.ui.what_if.question import Answer, Question, answer, elaborate
from tracetui.ui.what_if.rows import KnobRows

MARGIN = 4


class WhatIfScreen(ModeScreen):
    """The prediction above, sliders and changes below it, and a chart of workers."""

    MODE = "what_if"
    DEFAULT_CSS = """
    WhatIfScreen #answer { height: 6; padding: 1 2; }
    WhatIfScreen #chart { height: auto; max-height: 45%; padding: 0 2; border-top: solid $panel; }
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._first: LatestOnly[Question, Answer] = LatestOnly(self, answer, self._take)
        self._more: LatestOnly[Answer, Answer] = LatestOnly(self, elaborate, self._take_more)
        self._answer: Answer | None = None

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Told(id="answer")
        yield KnobRows()
        yield Told(id="chart")

    def on_mount(self) -> None:
        """Focus the rows."""
        self._rows.focus()

    @property
    def _rows(self) -> KnobRows:
        return self.query_one(KnobRows)

    def watch_reading(self, before: Reading | None, reading: Reading | None) -> None:
        """Simulate a newer reading; that of a finished run stays the same."""
        if reading is not None:
            self._first.ask(Question(reading, self._rows.knobs), rested=before is not None)

    @on(KnobRows.Turned)
    def _turned(self, message: KnobRows.Turned) -> None:
        if self.reading is not None:
            known = self._answer.workload if self._answer and self._answer.reading is self.reading else None
            self._first.ask(Question(self.reading, message.knobs, known))

    def _take(self, new: Answer) -> None:
        if self.reading is None:
            return
        before, self._answer = self._answer, new
        if before is not None and before.workload is new.workload:
            new = self._answer = replace(new, chart=before.chart, saves=before.saves)
        self._show()
        self.settled = new.reading
        if new.told is not None:
            self._more.ask(new)

    def _take_more(self, new: Answer) -> None:
        if self._answer is not None and self._answer.told is new.told:
            self._answer = new
            self._show()

    def _show(self) -> None:
        if self._answer is None:
            return
        cells = self.size.width - MARGIN
        self._rows.tell(self._answer)
        self.query_one("#answer", Told).put(answer_content(self._answer, cells))
        lines = max(3, self.size.height * 2 // 5)
        self.query_one("#chart", Told).put(chart_content(self._answer, cells, lines))

    def on_resize(self) -> None:
        """Redraw the lines for the new width."""
        super().on_resize()
        self._show()

    def let_go(self) -> None:
        """Drop the answer, which holds a reading."""
        super().let_go()
        self._answer = None
