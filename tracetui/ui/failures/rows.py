"""The list of failures, grouped by kind; new ones appear without moving the cursor."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import get_current_worker

from tracetui.analysis.failures.causes import Alike, Cause, grouped
from tracetui.analysis.failures.decoding import Causes
from tracetui.analysis.failures.failures import failures
from tracetui.text import Safe, Shared, shared
from tracetui.ui.chance.known_flaky import FlakyTests
from tracetui.ui.failures.draw_failure_row import FailureFrame, failure_row, group_row
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import OfReading, Reading, SpanChosen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import FAILURES
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.themes import Paint

LOOK_S = 0.2
"""How often what was found so far is shown, while there is much to decode."""


class Entry(NamedTuple):
    """A line of the list: the head of a group, with `row` -1, or one failure in it."""

    group: Alike
    row: int

    @property
    def shown(self) -> int:
        """The failure that it represents."""
        return self.row if self.row >= 0 else self.group.rows[0]


class FailureRows(RowList):
    """Failures of `reading`."""

    BINDINGS = bindings(FAILURES)

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)

    class Selected(OfReading):
        """The cursor is on another failure, or there are newer facts; `row` is -1 if there is none."""

        def __init__(self, reading: Reading, row: int) -> None:
            super().__init__(reading)
            self.row = row

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, FailureRows.Selected)

    class Counted(Message):
        """How many failures of how many kinds there are, and how many are not decoded yet."""

        def __init__(self, failures: int, kinds: int, waiting: int) -> None:
            super().__init__()
            self.failures = failures
            self.kinds = kinds
            self.waiting = waiting

    def __init__(self, causes: Causes) -> None:
        super().__init__()
        self._causes = causes
        self._groups: Sequence[Alike] = ()
        self._folded: set[str] = set()
        self._entries: list[Entry] = []
        self._said: dict[int, str] = {}
        self._shared = Shared()
        self._of: Reading | None = None
        self._wanted: int | None = None
        self._frame: FailureFrame | None = None
        self._flaky: FlakyTests = {}

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self._entries)

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        return self.under(self._entries)

    def watch_reading(self, reading: Reading | None) -> None:
        """Find failures, away from the screen's thread."""
        if reading is not None:
            self._gather(reading)

    @away
    def _gather(self, reading: Reading) -> None:
        worker = get_current_worker()
        rows = failures(reading.findings, reading.meant).tolist()
        causes: list[Cause] = []
        show_at = time.monotonic() + LOOK_S
        for row in rows:
            if worker.is_cancelled:
                return
            causes.append(self._causes.of(reading.findings, row))
            if time.monotonic() >= show_at and len(causes) > self.count:
                self.app.call_from_thread(self._take, causes, reading, len(rows) - len(causes))
                show_at = time.monotonic() + LOOK_S
        self.app.call_from_thread(self._take, causes, reading, 0)

    def _take(self, causes: Sequence[Cause], reading: Reading, waiting: int) -> None:
        groups = self._groups = grouped(causes)
        self._said, self._of = {cause.row: cause.headline for cause in causes}, reading
        self._shared = shared([reading.findings.title(cause.row) for cause in causes])
        self._arrange()
        failures = sum(len(group.rows) for group in groups)
        self.post_message(self.Counted(failures, len(groups), waiting))
        self.post_message(self.Settled(reading))
        self.highlighted()

    def _arrange(self) -> None:
        """Arrange the lines; the cursor stays on its line, which stays in its place on the screen."""
        before, line = self.entry, self.cursor - self.top
        self._entries = [
            Entry(group, row)
            for group in self._groups
            for row in ((-1,) if group.signature in self._folded else (-1, *group.rows))
        ]
        place = self._place(before) if before and self.cursor else 0
        self.anchored(place, max(0, place - line))
        if self._wanted is not None:
            self.show(self._wanted)

    def show(self, row: int) -> None:
        """Go to a failure, as soon as it is in the list."""
        self._wanted = row
        for place, entry in enumerate(self._entries):
            if entry.row == row:
                self._wanted = None
                self.reveal(place)

    def _place(self, wanted: Entry) -> int:
        """The place of a line now; that of its group if it is folded away."""
        kin = [
            place
            for place, entry in enumerate(self._entries)
            if entry.group.signature == wanted.group.signature
        ]
        return next((place for place in kin if self._entries[place].row == wanted.row), kin[0] if kin else 0)

    def mark(self, flaky: FlakyTests) -> None:
        """Take over which tests are known to be flaky."""
        self._flaky = flaky
        self.changed()

    def let_go(self) -> None:
        """Drop the reading; the lines stay."""
        self._of = self._frame = None

    def labels(self) -> Sequence[str]:
        """The texts to search: titles and exceptions."""
        snapshot, said = self._of.findings.snapshot if self._of else None, self._said
        return [
            f"{snapshot.title(entry.row)}\n{said.get(entry.row, '')}"
            if snapshot and entry.row >= 0
            else entry.group.headline
            for entry in list(self._entries)
        ]

    def says(self, index: int) -> bool:
        """Whether a failure's title or exception contains the search text."""
        return self.matching.number(index) > 0

    def reframe(self) -> None:
        """Update the findings and styles that all rows share."""
        if self._of is not None:
            paint = Paint(self.app.theme_variables)
            self._frame = FailureFrame(self._of.findings, self.room, paint, self._shared, self._flaky)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One line."""
        if self._frame is None:
            return Strip.blank(self.room)
        entry = self._entries[index]
        if entry.row < 0:
            folded = entry.group.signature in self._folded
            return group_row(self._frame, entry.group, folded=folded, selected=selected)
        return failure_row(self._frame, entry.row, selected=selected)

    def empty(self) -> list[Safe]:
        """That nothing failed, or nothing is known yet."""
        if self.reading is None or self._of is None:
            return [Safe("reading …")]
        if self.reading.lens:
            return [Safe("No failure matches the filter; f edits it.")]
        live = self.reading.busy or self.reading.findings.summary.state == "live"
        return [Safe("Nothing has failed so far." if live else "✓ Nothing has failed.")]

    def highlighted(self) -> None:
        """Post which failure the cursor is on."""
        if self._of is not None:
            self.post_message(self.Selected(self._of, self.entry.shown if self.entry else -1))

    def clicked(self, index: int, x: int) -> None:
        """Fold or unfold at the fold mark."""
        if self._entries[index].row < 0 and x <= 2:
            self.action_toggle_fold()

    def action_toggle_fold(self) -> None:
        """Fold or unfold the group under the cursor."""
        if self.entry:
            self._folded ^= {self.entry.group.signature}
            self._arrange()
            self.highlighted()

    def action_fold(self) -> None:
        """Fold the group, or go to its head."""
        if self.entry is None:
            return
        if self.entry.row >= 0:
            self.reveal(self._place(Entry(self.entry.group, -1)))
        elif self.entry.group.signature not in self._folded:
            self.action_toggle_fold()

    def action_unfold(self) -> None:
        """Unfold the group, or go to its first failure."""
        if self.entry is None or self.entry.row >= 0:
            return
        if self.entry.group.signature in self._folded:
            self.action_toggle_fold()
        else:
            self.cursor += 1

    def action_failure(self, direction: int) -> None:
        """Go to the next or previous failure; a folded group counts as one."""
        places = range(self.cursor + direction, self.count if direction > 0 else -1, direction)
        for place in places:
            if self._entries[place].row >= 0 or self._entries[place].group.signature in self._folded:
                self.reveal(place)
                return

    def action_choose(self) -> None:
        """Show the failure in the waterfall."""
        if self.entry:
            self.post_message(SpanChosen(self.entry.shown))
