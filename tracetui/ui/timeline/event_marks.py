"""The events of visible spans: read back from their bytes, away from the screen's thread."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from textual.widget import Widget

from tracetui.analysis.tree.row_mapping import continues
from tracetui.errors import InputError
from tracetui.model.role import Outcome
from tracetui.model.span import Span
from tracetui.store.snapshot import Snapshot
from tracetui.ui.feed.latest_only import LatestOnly

EventMarks: TypeAlias = tuple[tuple[int, bool], ...]
"""When each event was (ns since the epoch), and whether it is an exception."""

MOST_SPANS = 20_000
MOST_EVENTS = 64
"""Of one span: a bar has not many more cells."""

Read = Callable[[Snapshot, int], Span]


class MomentsInSight:
    """Event marks by row. Unknown ones are read soon after they are asked for, and then `widget` is
    repainted.
    """

    def __init__(self, widget: Widget, read: Read) -> None:
        self._widget = widget
        self._read = read
        self._known: dict[int, EventMarks] = {}
        self._asked: list[int] = []
        self._snapshot: Snapshot | None = None
        self._latest = LatestOnly(widget, self._find, self._take)

    def take(self, snapshot: Snapshot) -> None:
        """Use the rows of a newer snapshot from now on."""
        before, self._snapshot = self._snapshot, snapshot
        if len(self._known) > MOST_SPANS or (before and not continues(before, snapshot)):
            self._known.clear()

    def let_go(self) -> None:
        """Forget everything: rows may be renumbered in the next snapshot."""
        self._snapshot, self._known, self._asked = None, {}, []

    def __call__(self, row: int) -> EventMarks:
        """The known marks of a row, perhaps none yet; a running span has none."""
        marks = self._known.get(row)
        if marks is None and self._snapshot and self._snapshot.outcome[row] != Outcome.RUNNING:
            if not self._asked:
                self._widget.call_after_refresh(self._ask)
            self._asked.append(row)
        return marks or ()

    def _ask(self) -> None:
        if self._snapshot:
            self._latest.ask((self._snapshot, self._asked))
        self._asked = []

    def _find(self, question: tuple[Snapshot, Iterable[int]]) -> tuple[Snapshot, dict[int, EventMarks]]:
        snapshot, rows = question
        return snapshot, {row: self._moments(snapshot, row) for row in rows}

    def _moments(self, snapshot: Snapshot, row: int) -> EventMarks:
        try:
            events = self._read(snapshot, row).events[:MOST_EVENTS]
        except InputError:
            return ()
        return tuple((event.time_ns, event.name == "exception") for event in events if event.time_ns)

    def _take(self, answer: tuple[Snapshot, dict[int, EventMarks]]) -> None:
        of, marks = answer
        if self._snapshot is None or not continues(of, self._snapshot):
            return
        self._known.update(marks)
        if any(marks.values()):
            self._widget.refresh()
