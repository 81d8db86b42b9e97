"""The rows of a waterfall: newer readings, folds and groups; the cursor stays where the user put it."""

from abc import abstractmethod
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.row_mapping import Rows, continues, moved, rows_of
from tracetui.analysis.waterfall.arrangement import Arrangement, View
from tracetui.analysis.waterfall.arrangement_growth import Arranging
from tracetui.analysis.waterfall.outline import Outline
from tracetui.analysis.waterfall.sibling_groups import Grouping
from tracetui.store.snapshot import Snapshot
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading, SpanHighlighted
from tracetui.ui.lists.matching import NOWHERE
from tracetui.ui.timeline.history import History, Place
from tracetui.ui.timeline.timeline import Timeline
from tracetui.ui.waterfall.folds import Folds
from tracetui.ui.waterfall.opening import Opening

Arranged = tuple[Arrangement, Reading]
_NEXT_GROUPING = {
    Grouping.AUTO: Grouping.ALWAYS,
    Grouping.ALWAYS: Grouping.NEVER,
    Grouping.NEVER: Grouping.AUTO,
}


class Standing(NamedTuple):
    """The user's place among the nodes of `rows`: the cursor on `node`, and `still` on its `line`."""

    rows: Rows | None
    node: int | None
    is_first: bool
    still: int | None
    line: int


class TreeRows(Timeline):
    """Nodes of the tree of `reading`, arranged in a `view`; single folds are applied at once."""

    def __init__(self) -> None:
        super().__init__()
        self._folds = Folds()
        self._arranged: Arranged | None = None
        self._outline: Outline | None = None
        self._arranging = Arranging()
        self._latest = LatestOnly(self, self._arrange, self._take)
        self._wanted: int | None = None
        self._left: Standing | None = None
        self._opening = Opening()

    @property
    def arrangement(self) -> Arrangement | None:
        """The shown arrangement; the newest reading follows."""
        return self._arranged[0] if self._arranged else None

    @property
    def _snapshot(self) -> Snapshot:
        """The snapshot of what is shown."""
        assert self._arranged is not None
        return self._arranged[0].findings.written

    @property
    def arranged_of(self) -> Reading | None:
        """The reading whose rows are shown now."""
        return self._arranged[1] if self._arranged else None

    @property
    def count(self) -> int:
        """How many rows are visible or can be scrolled to."""
        return len(self._outline) if self._outline else 0

    @property
    def node(self) -> int | None:
        """The node under the cursor: a row, or a group."""
        return self._outline.node(self.cursor) if self._outline and self.count else None

    @property
    def row(self) -> int | None:
        """The span under the cursor; the costliest one of a group."""
        node, arrangement = self.node, self.arrangement
        if node is None or node >= 0 or arrangement is None:
            return node
        return arrangement.group(node).costliest

    @property
    def under_cursor(self) -> Window | None:
        """The time of what is under the cursor."""
        node, arrangement = self.node, self.arrangement
        if node is None or arrangement is None:
            return None
        if node < 0:
            return Window(*arrangement.group(node).span_ns)
        start, times = int(arrangement.findings.snapshot.start_ns[node]), arrangement.findings.times
        return Window(start, start + int(times.total[node]))

    def watch_reading(self, reading: Reading | None) -> None:
        """Arrange a newer reading, and then show it."""
        if reading is not None:
            if not self._folds.follow(reading.findings.written):
                self._arranging, self._wanted = Arranging(), None
            self.arrange_anew(rested=True)

    def arrange_anew(self, *, rested: bool = False) -> None:
        """Show the newest reading in the newest view, soon."""
        if self.reading is not None:
            self._latest.ask((self.reading, self._folds.view), rested=rested)

    def _arrange(self, question: tuple[Reading, View]) -> Arranged:
        reading, view = question
        view = replace(view, kept=reading.visible)
        return self._arranging(reading.findings, view, settled=not reading.busy), reading

    def _take(self, arranged: Arranged) -> None:
        """Show an arrangement: visible rows stay in place, and a cursor at the top stays at the top."""
        if self.reading is None:
            self._arranging.let_go()  # It was meanwhile.
            return
        stood, self._left = self._left or self._standing(), None
        written = arranged[0].findings.written
        before, still = (_moved(stood.rows, written, node) for node in (stood.node, stood.still))
        if stood.rows and not continues(stood.rows, written):
            self.history = History()
        self._arranged = arranged
        new = self._outline = self._folds.applied(written, arranged[0].outline)
        self.arranged()
        top = new.index(still) - stood.line if still is not None else 0
        self.anchored(new.index(before) if before is not None and not stood.is_first else 0, max(0, top))
        if self.node != before:
            self.highlighted()
        moved = not stood.is_first or self._wanted is not None
        if (place := self._opening.place(arranged[1], moved=moved)) is not None:
            self._wanted = place
        if self._wanted is not None:
            self.show(self._wanted)
        self.post_message(self.Settled(arranged[1]))

    def _standing(self) -> Standing:
        outline, top, cursor = self._outline, self.top, self.cursor
        at = cursor if 0 <= cursor - top < self.size.height else top
        still = outline.node(min(at, self.count - 1)) if outline and self.count and at else None
        rows = rows_of(self._snapshot) if self._arranged else None
        return Standing(rows, self.node, not cursor, still, at - top)

    def let_go(self) -> None:
        """Keep only which nodes were visible."""
        if self._arranged:
            self._left = self._standing()
            self._arranged = self._outline = None
        self._arranging.let_go()

    @abstractmethod
    def arranged(self) -> None:
        """There is another arrangement."""

    @property
    def place(self) -> Place:
        """The user's place."""
        return Place(self.window, self.node)

    def go(self, place: Place) -> None:
        """Go back to a place."""
        self.window = place.window
        if place.node is not None:
            self.reach(place.node)

    @property
    def here(self) -> int:
        """The position of the cursor's node in display order."""
        return int(self._outline.tree.position[self.node]) if self._outline and self.node is not None else 0

    def go_to(self, place: int) -> None:
        """Goes to the node at a position, wherever it is folded away."""
        if self._outline:
            self.jump(int(self._outline.tree.order[place]))

    def says(self, index: int) -> bool:
        """Whether the span of a row contains the search text."""
        node = self._outline.node(index) if self._outline else -1
        return self.finds is not None and 0 <= node < len(self.finds.rows) and bool(self.finds.rows[node])

    def match_anew(self) -> None:
        """The found rows, in display order; later rows were not searched yet."""
        if self.finds is None or self.arrangement is None:
            self.matching.put(NOWHERE)
            return
        rows = np.flatnonzero(self.finds.rows[: len(self.arrangement.findings.snapshot)])
        self.matching.put(np.sort(self.arrangement.tree.position[rows]).astype(np.intp))

    def highlighted(self) -> None:
        """Post which span the cursor is on."""
        if self.row is not None:
            self.post_message(SpanHighlighted(self.row))

    def show(self, row: int) -> None:
        """Unfold whatever hides `row`, and go there; once its run is arranged."""
        self._wanted = row
        if self._outline and self.arrangement and self.arrangement.findings.looks_at(row):
            self._wanted = None
            self.reach(row)

    def reach(self, node: int) -> None:
        """Unfolds whatever hides `node`, and goes there."""
        if self._outline is None or node >= len(self._outline.tree.size) or not self._outline.tree.size[node]:
            return
        for above in reversed(self._outline.tree.ancestors(node)):
            if self._outline.is_folded(above):
                self._fold(above)
        self.changed()
        self.reveal(self._outline.index(node))
        self.bring_in_sight()

    def jump(self, node: int | None) -> None:
        """Go to `node`, if there is one; the user can go back."""
        if node is not None:
            self.history.leave(self.place)
            self.reach(node)

    def action_toggle_fold(self) -> None:
        """Folds or unfolds the row under the cursor."""
        node = self.node
        if node is not None and self._outline and self._outline.can_fold(node):
            self._fold(node)
            self.changed()

    def action_unfold(self) -> None:
        """Unfolds, or goes to the first span inside."""
        node = self.node
        if node is None or not self._outline or not self._outline.can_fold(node):
            return
        if self._outline.is_folded(node):
            self.action_toggle_fold()
        else:
            self.cursor += 1

    def action_fold(self) -> None:
        """Folds, or goes to the parent."""
        node = self.node
        if node is None or not self._outline:
            return
        if self._outline.can_fold(node) and not self._outline.is_folded(node):
            self.action_toggle_fold()
        elif (parent := int(self._outline.tree.parent[node])) != -1:
            self.reveal(self._outline.index(parent))

    def action_parent(self) -> None:
        """Goes to the parent."""
        if self._outline and self.node is not None:
            parent = int(self._outline.tree.parent[self.node])
            self.jump(parent if parent != -1 else None)

    def action_fold_siblings(self) -> None:
        """Fold or unfold the row under the cursor and all its siblings."""
        node = self.node
        if node is None or self._outline is None:
            return
        parent, fold = int(self._outline.tree.parent[node]), not self._outline.is_folded(node)
        self._folds.fold_children(self._snapshot, self._outline, parent, fold=fold)
        self.arrange_anew()

    def action_depth(self) -> None:
        """Fold everything below the level of the row under the cursor; again, restore the default."""
        if self._outline is None or self.node is None:
            return
        depth = int(self._outline.tree.depth[self.node])
        wanted = None if self._folds.view.depth == depth else depth
        self._see(replace(self._folds.view, depth=wanted, children=(), chosen={}))

    def action_group(self) -> None:
        """Group many siblings, a few, or none."""
        grouping = _NEXT_GROUPING[self._folds.view.grouping]
        self._see(replace(self._folds.view, grouping=grouping))
        messages = {
            Grouping.AUTO: f"{grouping.value}+ similar siblings are grouped",
            Grouping.ALWAYS: f"{grouping.value}+ similar siblings are grouped",
            Grouping.NEVER: "siblings are not grouped",
        }
        self.app.clear_notifications()
        self.notify(messages[grouping], timeout=2)

    def _see(self, view: View) -> None:
        self._folds.view = view
        self.arrange_anew()

    def _fold(self, node: int) -> None:
        assert self._outline is not None
        self._outline = self._outline.toggled(node)
        self._folds.fold(self._snapshot, node, fold=self._outline.is_folded(node))


def _moved(before: Rows | None, written: Snapshot, node: int | None) -> int | None:
    """The node in another snapshot, as rows may have been evicted meanwhile."""
    if node is None or before is None or continues(before, written):
        return node
    return moved(before, written, [node]).get(node)
