"""Two lines below the panels: where the time went, and how many tests ended when."""

from collections.abc import Sequence

from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tracetui import units
from tracetui.ui.keys import SPENT, bindings
from tracetui.ui.reading import Door, Go, Reading
from tracetui.ui.renderables.cost_items import short_cost_items
from tracetui.ui.renderables.panel import Bit, Item, painted
from tracetui.ui.renderables.run_items import bits_width, pace
from tracetui.ui.themes import Paint
from tracetui.ui.widgets.panel import PANELS

_RATE_WIDTH = 12
_WHOLE = " of the whole run"
"""Said where a filter is on, which changes neither line."""
MARK = 2
"""Cells before each cost."""
_TITLES = " WHERE THE TIME WENT", " TIME", ""


class TimeSpent(Widget, can_focus=True):
    """Each cost leads to the ranking of its kind, the pace to Lanes. The cursor shows while keys go here."""

    BINDINGS = bindings(SPENT)
    DEFAULT_CSS = "TimeSpent { height: 2; }"

    reading: reactive[Reading | None] = reactive(None)
    cursor: reactive[int] = reactive(0)

    def __init__(self) -> None:
        super().__init__(classes="panel")

    def render_line(self, y: int) -> Strip:
        """Costs, or the pace."""
        paint = Paint(self.app.theme_variables)
        bits: list[Bit] = []
        if self.reading and len(self.reading.findings.snapshot):
            bits = self._pace(self.reading) if y else self._costs(self.reading)
        return painted(bits, self.size.width, paint, "surface")

    @property
    def items(self) -> Sequence[Item]:
        """What the time went to."""
        return short_cost_items(self.reading.findings) if self.reading else ()

    def _costs(self, reading: Reading) -> list[Bit]:
        bits = self._before(reading) if self.items else []
        for number, item in enumerate(self.items):
            here = self.has_focus and number == self.cursor
            bits += [Bit(" ▌" if here else "  ", "accent"), *item.lines[0]]
        return bits

    def _before(self, reading: Reading) -> list[Bit]:
        """The longest title that leaves room for all costs."""
        whole = [Bit(_WHOLE, "warning")] if reading.lens else []
        room = (
            self.size.width - sum(MARK + bits_width(item.lines[0]) for item in self.items) - bits_width(whole)
        )
        title = next(each for each in _TITLES if len(each) <= room or not each)
        return [Bit(title, "accent" if self.has_focus else "quiet", bold=True), *whole]

    def _pace(self, reading: Reading) -> list[Bit]:
        progress = reading.findings.progress
        if not progress.done:
            return []
        whole = [Bit(_WHOLE + " ", "warning")] if reading.lens else []
        cells = self.size.width - 7 - bits_width(whole) - _RATE_WIDTH
        line = pace(reading.findings, cells, reading.home(reading.now_ns()).end_ns)
        rate = units.rate(progress.rate).rjust(_RATE_WIDTH - 2)
        return [Bit(" PACE ", "quiet", bold=True), *whole, Bit(line, "role-test"), Bit(rate, bold=True)]

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Within what there is."""
        return max(0, min(cursor, len(self.items) - 1))

    def action_cursor(self, by: int) -> None:
        """Moves the cursor."""
        self.cursor += by

    def action_panel(self, direction: int) -> None:
        """Keys go to a panel."""
        (self.screen.focus_next if direction > 0 else self.screen.focus_previous)(PANELS)

    def action_open(self) -> None:
        """Goes where the cost under the cursor leads to."""
        if self.items and (door := self.items[self.cursor].door):
            self.post_message(Go(door))

    async def _on_click(self, event: events.Click) -> None:
        if event.y or self.reading is None:
            self.post_message(Go(Door("lanes")))
            return
        left = bits_width(self._before(self.reading))
        for number, item in enumerate(self.items):
            left += MARK + bits_width(item.lines[0])
            if event.x < left:
                self.cursor = number
                self.action_open()
                return
