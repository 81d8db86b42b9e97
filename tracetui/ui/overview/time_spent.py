"""Two lines below the panels: where the time went, and how many tests ended when."""

from collections.abc import Sequence

from textual import events

from tracetui import units
from tracetui.analysis.ledger.run_costs import RunCosts, run_costs
from tracetui.ui.feed.reading import Door, Go, Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import SPENT
from tracetui.ui.lists.draw_panel import Bit, Heading, Item
from tracetui.ui.lists.panel import Drawn, whole
from tracetui.ui.overview.draw_cost_items import short_cost_items
from tracetui.ui.overview.draw_run_items import bits_width, pace
from tracetui.ui.overview.run_more import StudiedPanel

_RATE_WIDTH = 12
MARK = 2
"""Cells before each cost."""
_MORE = Bit(" …", "quiet")
_TITLES = "where the time went", "time", ""


class TimeSpent(StudiedPanel[RunCosts], inherit_bindings=False):
    """A panel whose items are side by side: each leads to the ranking of its kind, the pace to Lanes."""

    BINDINGS = bindings(SPENT)
    DEFAULT_CSS = "TimeSpent { height: 2; }"

    def __init__(self) -> None:
        super().__init__(run_costs)

    def heading(self, reading: Reading) -> Heading:
        """The longest title that leaves room for all costs."""
        aside = [Bit(" "), *whole(reading)] if reading.lens else []
        room = self.size.width - sum(map(_width, self._items)) - bits_width(aside)
        return Heading(next(title for title in _TITLES if len(title) < room or not title), aside)

    def made(self) -> list[Item]:
        """The costs."""
        return short_cost_items(self.studied or RunCosts())

    def nothing(self, reading: Reading) -> str:  # noqa: ARG002
        """An empty text."""
        return ""

    def _shown(self, width: int, height: int) -> list[Drawn]:  # noqa: ARG002
        lines = (self._costs(self.reading), self._pace(self.reading)) if self.reading else ([], [])
        return [Drawn(line, "surface") for line in lines][:height]

    def _costs(self, reading: Reading) -> list[Bit]:
        bits = self._before(reading) if self._items else []
        here = self.cursor if self.has_focus else -1
        first, last = self._in_view(bits_width(bits))
        bits += [_MORE] if first else []
        for number, item in enumerate(self._items[first:last], first):
            bits += [Bit(" ▌" if number == here else "  ", "accent"), *item.lines[0]]
        return [*bits, _MORE] if last < len(self._items) else bits

    def _in_view(self, taken: int) -> tuple[int, int]:
        """The costs for which there is room, from the first to before the last, the cursor's among them."""
        room, first = self.size.width - taken, 0
        last = _end(self._items, first, room)
        while self.has_focus and first < self.cursor >= last:
            first += 1
            last = _end(self._items, first, room)
        return first, last

    def _before(self, reading: Reading) -> list[Bit]:
        title, aside = self.heading(reading)
        colour = "accent" if self.has_focus else "quiet"
        return [Bit(f" {title.upper()}" if title else "", colour, bold=True), *aside]

    def _pace(self, reading: Reading) -> list[Bit]:
        progress = reading.findings.progress
        if not progress.done or reading.findings.no_timeline:
            return []
        before = [Bit(" PACE ", "quiet", bold=True), *whole(reading, " ")]
        cells = self.size.width - 1 - bits_width(before) - _RATE_WIDTH
        line = pace(reading.findings, cells, reading.home(reading.now_ns()).end_ns)
        rate = units.rate(progress.rate).rjust(_RATE_WIDTH - 2)
        return [*before, Bit(line, "role-test"), Bit(rate, bold=True)]

    async def _on_click(self, event: events.Click) -> None:
        if event.y or self.reading is None:
            self.post_message(Go(Door("lanes")))
            return
        left = bits_width(self._before(self.reading))
        first, last = self._in_view(left)
        left += bits_width([_MORE]) if first else 0
        for number, item in enumerate(self._items[first:last], first):
            left += _width(item)
            if event.x < left:
                self._move(number)
                self.action_open()
                return


def _end(items: Sequence[Item], first: int, room: int) -> int:
    """Up to which item there is room, marks for the left out ones included; one item is always shown."""
    room -= bits_width([_MORE]) if first else 0
    last = first
    for item in items[first:]:
        is_all = last + 1 == len(items)
        if _width(item) + (0 if is_all else bits_width([_MORE])) > room and last > first:
            return last
        room -= _width(item)
        last += 1
    return last


def _width(item: Item) -> int:
    return MARK + bits_width(item.lines[0])
