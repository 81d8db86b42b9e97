"""Two lines below the panels: where the time went, and how many tests ended when."""

from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tracetui import units
from tracetui.ui.reading import Go, Reading
from tracetui.ui.renderables.panel import Bit, painted
from tracetui.ui.renderables.run_items import bits_width, cost_bits, pace
from tracetui.ui.themes import Paint

_RATE_WIDTH = 12
_WHOLE = " of the whole run"
"""Said where a filter is on, which changes neither line."""


class TimeSpent(Widget):
    """Costs lead to Slowest, the pace to Lanes."""

    DEFAULT_CSS = "TimeSpent { height: 2; }"

    reading: reactive[Reading | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """Costs, or the pace."""
        paint = Paint(self.app.theme_variables)
        bits: list[Bit] = []
        if self.reading and len(self.reading.findings.snapshot):
            bits = self._pace(self.reading) if y else self._costs(self.reading)
        return painted(bits, self.size.width, paint, "surface")

    def _costs(self, reading: Reading) -> list[Bit]:
        bits = cost_bits(reading.findings)
        titles = (Bit(text, "quiet", bold=True) for text in (" WHERE THE TIME WENT", " TIME", ""))
        whole = [Bit(_WHOLE, "warning")] if reading.lens else []
        lines = ([title, *whole, *bits] for title in titles)
        return next((each for each in lines if bits_width(each) <= self.size.width), [*whole, *bits])

    def _pace(self, reading: Reading) -> list[Bit]:
        progress = reading.findings.progress
        if not progress.done:
            return []
        whole = [Bit(_WHOLE + " ", "warning")] if reading.lens else []
        cells = self.size.width - 7 - bits_width(whole) - _RATE_WIDTH
        line = pace(reading.findings, cells, reading.home(reading.now_ns()).end_ns)
        rate = units.rate(progress.rate).rjust(_RATE_WIDTH - 2)
        return [Bit(" PACE ", "quiet", bold=True), *whole, Bit(line, "role-test"), Bit(rate, bold=True)]

    async def _on_click(self, event: events.Click) -> None:
        self.post_message(Go("lanes" if event.y else "slowest", -1))
