"""What is wrong with a recording: kinds of problems that unfold to their first examples."""

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.model.kind import Kind
from tracetui.report.troubles import Found, every_kind, troubles
from tracetui.text import Safe
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading, SpanChosen
from tracetui.ui.health.draw_health_row import Row, health_row
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import HEALTH
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.themes import Paint

FOLD_CELLS = 2


class HealthRows(RowList):
    """Rows of `reading`; folds and cursor stay while counts change."""

    BINDINGS = bindings(HEALTH)

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)

    class Chosen(Message):
        """The cursor moved to another row, or there is none."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[Found, ...] = ()
        self._rows: list[Row] = []
        self._open: set[Kind] = set()
        self._is_clean_open = False
        self._paint = Paint({})

    @property
    def count(self) -> int:
        """Kinds, and the examples that are unfolded."""
        return len(self._rows)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.under(self._rows)

    def watch_reading(self, reading: Reading | None) -> None:
        """Look for problems in a newer reading, away from the screen's thread."""
        if reading is not None:
            self._look(reading)

    @away
    def _look(self, reading: Reading) -> None:
        self.app.call_from_thread(self._take, every_kind(troubles(reading.findings)), reading)

    def _take(self, kinds: tuple[Found, ...], reading: Reading) -> None:
        if kinds != self._found or not self._rows:
            self._found = kinds
            self._lay_out()
        self.post_message(self.Settled(reading))

    def _lay_out(self) -> None:
        """Lay out the rows; the cursor stays where it is."""
        before, place = self.row, self.cursor
        bad = [trouble for trouble in self._found if trouble.count]
        clean = [trouble for trouble in self._found if not trouble.count]
        self._rows = [row for trouble in bad for row in _rows(trouble, trouble.kind in self._open)]
        if clean:
            self._rows.append(Row(clean[0], None, self._is_clean_open, len(clean)))
        if self._is_clean_open:
            self._rows += [Row(trouble, None, False) for trouble in clean]  # noqa: FBT003 - `open`
        if before:
            same = (number for number, row in enumerate(self._rows) if _is_same(row, before))
            place = next(same, place)
        self.anchored(place, self.top)
        self.highlighted()

    def reframe(self) -> None:
        """The colours."""
        self._paint = Paint(self.app.theme_variables)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        return health_row(self._rows[index], self.room, self._paint, selected=selected)

    def empty(self) -> list[Safe]:
        """That nothing is known yet."""
        return [Safe("reading …")]

    def highlighted(self) -> None:
        """Post which row the cursor is on."""
        self.post_message(self.Chosen(self.row))

    def clicked(self, index: int, x: int) -> None:
        """Fold or unfold a kind at its mark."""
        if x <= FOLD_CELLS and self._rows[index].example is None:
            self.action_toggle_fold()

    def action_toggle_fold(self) -> None:
        """Fold or unfold the kind under the cursor, or all that are clean."""
        if self.row and self.row.clean:
            self._is_clean_open = not self._is_clean_open
            self._lay_out()
        elif self.row and self.row.found.examples:
            self._open ^= {self.row.found.kind}
            self._lay_out()

    def action_unfold(self) -> None:
        """Unfold, or go to the first example."""
        if self.row and not self.row.open and self.row.example is None:
            self.action_toggle_fold()
        elif self.row and self.row.open and self.row.example is None:
            self.cursor += 1

    def action_fold(self) -> None:
        """Fold, or go from an example to its kind."""
        if self.row and self.row.example:
            kind = self.row.found.kind
            self.reveal(next(place for place, row in enumerate(self._rows) if row.found.kind is kind))
        elif self.row and self.row.open:
            self.action_toggle_fold()

    def action_choose(self) -> None:
        """Show the span of an example in the waterfall; fold or unfold a kind."""
        if self.row is None or self.row.example is None:
            self.action_toggle_fold()
        elif self.row.example.row >= 0:
            self.post_message(SpanChosen(self.row.example.row))
        else:
            self.notify("These bytes are not a span.", markup=False)


def _rows(trouble: Found, is_open: bool) -> list[Row]:
    examples = [Row(trouble, example, is_open) for example in trouble.examples] if is_open else []
    return [Row(trouble, None, is_open), *examples]


def _is_same(row: Row, other: Row) -> bool:
    if row.clean or other.clean:
        return bool(row.clean) == bool(other.clean)
    return row.found.kind is other.found.kind and row.example == other.example
