"""The sliders and changes of What if, with a cursor."""

from collections.abc import Iterator
from itertools import zip_longest

from textual.message import Message
from textual.strip import Strip

from tracetui.report.deciding.what_if import WhatIf, change_words, dist_words, dists
from tracetui.report.drawing.style import many
from tracetui.text import Safe
from tracetui.ui.keys.deciding_keys import WHAT_IF
from tracetui.ui.keys.key import bindings
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.themes import Paint
from tracetui.ui.what_if.draw_knob_row import Knob, knob_row, saving_words
from tracetui.ui.what_if.question import Answer, Knobs

WORKERS, DIST = ("workers", ""), ("dist", "")
MOST_WORKERS = 256
WORTH = 50
"""What saves more than this part of the run stands out."""


class KnobRows(RowList):
    """Rows of the last answer; keys change `knobs` at once, and post that."""

    BINDINGS = bindings(WHAT_IF)
    DEFAULT_CSS = "KnobRows { height: 1fr; min-height: 3; }"

    class Turned(Message):
        """The question has changed."""

        def __init__(self, knobs: Knobs) -> None:
            super().__init__()
            self.knobs = knobs

    def __init__(self) -> None:
        super().__init__()
        self.knobs = Knobs()
        self._answer: Answer | None = None
        self._rows: list[Knob] = []
        self._paint = Paint({})

    @property
    def count(self) -> int:
        """Two sliders, and the changes."""
        return len(self._rows)

    def tell(self, answer: Answer) -> None:
        """Show a newer answer; sliders keep positions that were changed meanwhile."""
        self._answer = answer
        self.knobs = self.knobs._replace(
            workers=self.knobs.workers or answer.knobs.workers, dist=self.knobs.dist or answer.knobs.dist
        )
        self._lay_out()

    def _lay_out(self) -> None:
        if self._answer is None or self._answer.told is None:
            self._rows = []
        else:
            forecast, knobs = self._answer.told, self.knobs
            recorded = many(forecast.recorded_workers, "worker")
            self._rows = [
                Knob(WORKERS, "workers", str(knobs.workers), aside=f"recorded on {recorded}"),
                Knob(
                    DIST,
                    "hand out",
                    dist_words(knobs.dist),
                    aside=f"recorded as {dist_words(forecast.recorded_dist)}",
                ),
                *_changes(self._answer, forecast, knobs),
            ]
        self.anchored(self.cursor, self.top)

    def reframe(self) -> None:
        """The colours."""
        self._paint = Paint(self.app.theme_variables)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        return knob_row(self._rows[index], self.room, self._paint, selected=selected)

    def empty(self) -> list[Safe]:
        """That nothing can be asked."""
        return [Safe("simulating …" if self._answer is None else "")]

    def _nothing(self) -> list[Safe]:
        """Nothing more than `empty`: it has no reading of its own."""
        return []

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:  # noqa: ARG002 - see `RowList`
        """A click turns a change on or off."""
        self.action_flip()

    def action_flip(self) -> None:
        """Toggle the change under the cursor; a slider moves by one."""
        row = self.under(self._rows)
        if row is None or row.is_on is None:
            self.action_change(1)
        else:
            self._turn(self.knobs._replace(on=self.knobs.on ^ {row.key}))

    def action_change(self, by: int) -> None:
        """Moves the slider under the cursor; a change is turned on, or off."""
        row = self.under(self._rows)
        if row is None:
            return
        if row.key == WORKERS:
            self.action_workers(by)
        elif row.key == DIST:
            self.action_dist(by)
        else:
            on = self.knobs.on | {row.key} if by > 0 else self.knobs.on - {row.key}
            self._turn(self.knobs._replace(on=on))

    def action_workers(self, by: int) -> None:
        """Use more workers, or fewer; a run in one process is handed out as xdist does by default."""
        if self._rows:
            workers = max(1, min(MOST_WORKERS, self.knobs.workers + by))
            dist = "load" if workers > 1 and self.knobs.dist == "no" else self.knobs.dist
            self._turn(self.knobs._replace(workers=workers, dist=dist))

    def action_dist(self, by: int) -> None:
        """Use another way to hand out tests."""
        if self._answer is not None and self._rows:
            ways = dists(self._answer.workload)
            place = ways.index(self.knobs.dist) + by if self.knobs.dist in ways else 0
            self._turn(self.knobs._replace(dist=ways[place % len(ways)]))

    def action_as_recorded(self) -> None:
        """Reset everything to the recorded configuration."""
        if self._answer is not None and self._answer.told is not None:
            forecast = self._answer.told
            self._turn(Knobs(forecast.recorded_workers, forecast.recorded_dist))

    def _turn(self, knobs: Knobs) -> None:
        if knobs != self.knobs:
            self.knobs = knobs
            self._lay_out()
            self.post_message(self.Turned(knobs))

    def let_go(self) -> None:
        """Drop the answer; the sliders stay."""
        self._answer = None
        self._lay_out()


def _changes(answer: Answer, forecast: WhatIf, knobs: Knobs) -> Iterator[Knob]:
    """A row for each change, with what it saves once that is known."""
    base = forecast.replayed_ns
    for toggle, saves in zip_longest(answer.toggles, answer.saves):
        key = (toggle.kind, toggle.name)
        aside = "…" if saves is None else saving_words(saves, base)
        is_worth = saves is not None and saves * WORTH > base
        yield Knob(key, change_words(*key), "", key in knobs.on, aside, is_worth)
