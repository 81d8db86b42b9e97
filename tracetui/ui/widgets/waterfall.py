"""The waterfall: the tree of spans with their bars; folds, cursor, zoom and pan."""

from textual.strip import Strip

from tracetui.analysis.failures import next_failure
from tracetui.analysis.outline import Outline, outline
from tracetui.text import Safe, sanitize
from tracetui.ui.keys import TREE, bindings
from tracetui.ui.reading import Reading, SpanHighlighted
from tracetui.ui.renderables.span_row import Frame, fold_column, span_row
from tracetui.ui.themes import Paint
from tracetui.ui.widgets.timeline import Timeline

FRAMES_A_SECOND = 5
"""How often running bars grow."""


class Waterfall(Timeline):
    """Rows of the tree of `reading`."""

    BINDINGS = bindings(TREE)

    def __init__(self) -> None:
        super().__init__()
        self._outline: Outline | None = None
        self._chosen: dict[int, bool] = {}
        self._frame: Frame | None = None

    def on_mount(self) -> None:
        """Running bars grow by themselves."""
        self.set_interval(1 / FRAMES_A_SECOND, self._grow)

    def _grow(self) -> None:
        if self.reading and self.reading.findings.summary.state == "live" and self.is_on_screen:
            self.changed()

    @property
    def count(self) -> int:
        """How many rows are visible."""
        return len(self._outline) if self._outline else 0

    @property
    def row(self) -> int | None:
        """The span under the cursor."""
        return self._outline.row(self.cursor) if self._outline and self.count else None

    @property
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""
        return (self._frame.bar_left, self._frame.bar_width) if self._frame else (0, 0)

    def watch_reading(self, reading: Reading | None) -> None:
        """Takes a newer reading; what is in sight stays in its place, and a cursor at the top at the top."""
        if reading is None:
            return
        findings, old, before, top = reading.findings, self._outline, self.row, self.scroll_offset.y
        still = self.cursor if 0 <= self.cursor - top < self.size.height else top
        still_row = old.row(min(still, self.count - 1)) if old and self.count else None
        new = self._outline = outline(findings.snapshot, findings.tree, self._chosen, reading.since_ns)
        new_top = new.index(still_row) - (still - top) if still_row is not None and still else 0
        self.anchored(new.index(before) if before is not None and self.cursor else 0, max(0, new_top))
        if self.row != before:
            self.highlighted()

    def reframe(self) -> None:
        """The same time, window and styles for all rows."""
        if self.reading is None or self._outline is None:
            return
        now = self.reading.now_ns()
        paint = Paint(self.app.theme_variables)
        self._frame = Frame(
            self.reading.findings, self._outline, self.shown(now), now, self.size.width, paint
        )
        self.post_message(self.Drawn(self._frame.ruler))

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        if self._frame is None:
            return Strip.blank(self.size.width)
        return span_row(self._frame, index, selected=selected)

    def empty(self) -> list[Safe]:
        """How to get spans."""
        if self.reading is None or self.reading.busy:
            return [Safe("reading …")]
        if not self.reading.followed:
            return [Safe("There are no spans in this recording.")]
        where = sanitize(self.reading.followed)
        told = ["No spans yet. Start a traced run in another terminal, it will show here:", ""]
        return [Safe(line) for line in (*told, f"    pytest --tracetui={where}")]

    def highlighted(self) -> None:
        """Tells which span the cursor is on."""
        if self.row is not None:
            self.post_message(SpanHighlighted(self.row))

    def show(self, row: int) -> None:
        """Unfolds whatever hides `row`, and goes there."""
        if self._outline is None:
            return
        for above in reversed(self._outline.tree.ancestors(row)):
            if self._outline.folded[above]:
                self._set_fold(above)
        self.changed()
        self.reveal(self._outline.index(row))

    def clicked(self, index: int, x: int) -> None:
        """A click on the fold mark folds."""
        if self._frame and self._outline and x == fold_column(self._frame, self._outline.row(index)):
            self.action_toggle_fold()

    def action_toggle_fold(self) -> None:
        """Folds or unfolds the row under the cursor."""
        row = self.row
        if row is not None and self._outline and self._outline.can_fold(row):
            self._set_fold(row)
            self.changed()

    def action_unfold(self) -> None:
        """Unfolds, or goes to the first span inside."""
        row = self.row
        if row is None or not self._outline or not self._outline.can_fold(row):
            return
        if self._outline.folded[row]:
            self.action_toggle_fold()
        else:
            self.cursor += 1

    def action_fold(self) -> None:
        """Folds, or goes to the parent."""
        row = self.row
        if row is None or not self._outline:
            return
        if self._outline.can_fold(row) and not self._outline.folded[row]:
            self.action_toggle_fold()
        elif (parent := int(self._outline.tree.parent[row])) >= 0:
            self.reveal(self._outline.index(parent))

    def action_failure(self, direction: int) -> None:
        """Goes to the next or previous failed test."""
        if self.reading is None or self._outline is None or self.row is None:
            return
        snapshot, tree = self.reading.findings.snapshot, self._outline.tree
        found = next_failure(snapshot, tree, self.row, direction, self.reading.since_ns)
        if found is not None:
            self.show(found)

    def _set_fold(self, row: int) -> None:
        assert self._outline is not None
        self._outline = self._outline.toggled(row)
        self._chosen[row] = bool(self._outline.folded[row])
