"""The waterfall: the tree of spans with their bars, events and groups; jumps to what matters."""

from msgspec.structs import replace
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.lanes.density import Work, work
from tracetui.analysis.timeline.concurrency import EMPTY
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.sibling_order import Order
from tracetui.analysis.tree.tree import Rows
from tracetui.analysis.waterfall.arrangement import Arrangement
from tracetui.model.role import Outcome
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import TREE
from tracetui.ui.lists.divider import Divider
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.event_marks import MomentsInSight, Read
from tracetui.ui.timeline.path_toggle import PathTimeline
from tracetui.ui.timeline.timeline import LEAST_AIR_NS
from tracetui.ui.waterfall.draw_frame import Frame
from tracetui.ui.waterfall.draw_span_row import fold_column, node_row
from tracetui.ui.waterfall.tree_rows import TreeRows

_NEXT_ORDER = {
    Order.TIME: Order.DURATION,
    Order.DURATION: Order.FAILURES,
    Order.FAILURES: Order.TIME,
}
_ORDERED = {
    Order.TIME: "siblings in order of time",
    Order.DURATION: "siblings by duration, the longest first",
    Order.FAILURES: "siblings with failures first",
}
MOST_AT_ONCE = 10_000
"""What lies below a folded row is looked at in the screen's thread only if it is no more than this."""

Study = tuple[dict[int, Work], int, Arrangement]


def _cover(arrangement: Arrangement, rows: Rows) -> Work:
    return work(arrangement.findings.snapshot, arrangement.findings.times, rows)


class Waterfall(PathTimeline, TreeRows):
    """Rows of the tree of `reading`; `columns` are those the user chose; `read` reads a span in full."""

    BINDINGS = bindings(TREE)

    class Framed(Message):
        """There is another frame."""

        def __init__(self, frame: Frame) -> None:
            super().__init__()
            self.frame = frame

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, Waterfall.Framed)

    columns: reactive[tuple[str, ...] | None] = reactive(None, init=False)
    names: reactive[int | None] = reactive(None, init=False)
    """How wide the reader has made the column of names."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._moments = MomentsInSight(self, read)
        self._works: dict[int, Work] = {}
        self._studies = LatestOnly(self, self._study, self._studied)
        self._divider = Divider()

    @property
    def shown_columns(self) -> list[str]:
        """The names of the visible columns."""
        return [column.name for column in self._frame.shown_columns] if self._frame else []

    @property
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""
        return (self._frame.bar_left, self._frame.bar_width) if self._frame else (0, 0)

    def arranged(self) -> None:
        """What is below folds may have changed."""
        self._works = {}
        if self.arrangement:
            self._moments.take(self.arrangement.findings.snapshot)

    def let_go(self) -> None:
        """Drop the frame too."""
        super().let_go()
        self._frame, self._works = None, {}
        self._moments.let_go()

    def watch_columns(self) -> None:
        """Change the columns."""
        self.changed()

    def watch_names(self) -> None:
        """Change the room for names."""
        self.changed()

    def take_divider(self, x: int) -> bool:
        """Grab an edge of the column of names or of the bars, if one is at cell `x`."""
        if self._frame is None or x not in self._frame.edges:
            return False
        self._divider.take(x, self._frame.name_width)
        return True

    def pull_divider(self, x: int) -> None:
        """Drag the edge."""
        if self._divider.is_held and self._frame:
            size = self._divider.size(x)
            if size != self._frame.name_width:
                self.names = size

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging a divider."""
        if event.button == 1 and self.take_divider(event.x):
            event.prevent_default()
            self.click_is_none = False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the divider."""
        if self._divider.is_held:
            event.prevent_default()
            self.pull_divider(event.x)

    def on_mouse_up(self) -> None:
        """Stop dragging; if it was not moved, that was a click."""
        if self._divider.is_held:
            self.release_mouse()
            self.click_is_none = self.drop_divider()

    def drop_divider(self) -> bool:
        """Release the edge; returns whether it was moved."""
        return self._divider.let_go()

    def grown(self) -> None:
        """Running bars are longer; if the window is the same, nothing else has changed."""
        before, top = self._frame, self.top
        self.reframe()
        if before is None or self._frame is None or self._frame.window != before.window:
            self.repaint()
            return
        outcome = self._frame.findings.snapshot.outcome
        rows = range(top, min(top + self.size.height, self.count))
        nodes = [(row, self._frame.outline.node(row)) for row in rows]
        running = [row for row, node in nodes if node >= 0 and outcome[node] == Outcome.RUNNING]
        if running:
            self.repaint(*running)

    def reframe(self) -> None:
        """Update the time, window and styles that all rows share."""
        if self._arranged is None or self._outline is None:
            return
        arrangement, reading = self._arranged
        self._frame = Frame(
            arrangement,
            self._outline,
            self.shown(),
            reading.now_ns(),
            self.room,
            Paint(self.app.theme_variables),
            columns=self.columns,
            is_wall_clock=self.is_wall_clock,
            events=self._moments,
            work=self._work,
            names=self.names,
            path=self.path(arrangement.findings),
        )
        order = arrangement.view.order
        caption = "" if order is Order.TIME else f"   {order.value}"
        skyline = EMPTY if arrangement.findings.no_timeline else arrangement.skyline
        self.drawn(self._frame.ruler, skyline, caption)
        self.post_message(self.Framed(self._frame))

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        if self._frame is None:
            return Strip.blank(self.room)
        return node_row(self._frame, index, selected=selected)

    def _work(self, row: int) -> Work | None:
        """What tests, hooks and archivers below a row cover; computed later if they are very many."""
        if row not in self._works and self.arrangement:
            below = self.arrangement.below(row)
            if len(below) > MOST_AT_ONCE:
                self._studies.ask((self._works, row, self.arrangement))
                return None
            self._works[row] = _cover(self.arrangement, below)
        return self._works.get(row)

    @staticmethod
    def _study(question: Study) -> tuple[Study, Work]:
        _, row, arrangement = question
        return question, _cover(arrangement, arrangement.below(row))

    def _studied(self, answer: tuple[Study, Work]) -> None:
        (works, row, _), studied = answer
        works[row] = studied
        self.refresh()

    def clicked(self, index: int, x: int) -> None:
        """Fold or unfold at the fold mark."""
        if self._frame and self._outline and x == fold_column(self._frame, self._outline.node(index)):
            self.action_toggle_fold()

    @property
    def order(self) -> Order:
        """The order of siblings."""
        return self._folds.view.order

    def action_order(self) -> None:
        """Order siblings by time, by duration, or failures first; the cursor stays on its span."""
        order = _NEXT_ORDER[self.order]
        self._wanted = self.node
        self._see(replace(self._folds.view, order=order))
        self.app.clear_notifications()
        self.notify(_ORDERED[order], timeout=2)

    def action_failure(self, direction: int) -> None:
        """Goes to the next or previous failed test."""
        if self.arrangement and self.node is not None:
            position = int(self.arrangement.tree.position[self.node])
            self.jump(self.arrangement.failed.next(position, direction))

    def action_slow(self, direction: int) -> None:
        """Goes to the next or previous slow test."""
        if self.arrangement and self.node is not None:
            position = int(self.arrangement.tree.position[self.node])
            self.jump(self.arrangement.slow.next(position, direction))

    def action_zoom_to_failures(self) -> None:
        """Shows the time from the first failed test to the last."""
        if self.arrangement is None:
            return
        rows = self.arrangement.failed.rows
        if not len(rows):
            self.notify("no test has failed", timeout=2)
            return
        findings = self.arrangement.findings
        start, end = findings.snapshot.start_ns[rows].min(), findings.times.end[rows].max()
        self.visit(Window(int(start), int(end)).padded(LEAST_AIR_NS))
