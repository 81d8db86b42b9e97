"""A lane as cells: what each shows, and as which kind of thing. Pages and screens colour the kinds."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from tracetui.analysis.bars import Window
from tracetui.analysis.density import density
from tracetui.analysis.lanes import Lane
from tracetui.analysis.stillness import Stillness
from tracetui.model.role import Role

STALLED, CRASHED, BLANK = "┄", "╳", " "


class Cell(NamedTuple):
    """A character, and what it stands for: `idle`, `stalled`, `crashed`, `blank`, `failed`, else a role."""

    shape: str
    kind: str


def lane_cells(lane: Lane, stalls: Iterable[Stillness], window: Window, cells: int) -> list[Cell]:
    """The cells of a window: O(cells log n). Before there was the worker, and after, they are blank."""
    edges = window.edges(cells).tolist()
    others = [each for each in stalls if each.stalled(lane)]
    found = density(lane.work, window, cells)
    look = zip(found.shapes, found.busy.tolist(), found.role.tolist(), found.failed.tolist(), strict=True)
    drawn = [
        Cell(shape, "failed" if failed else Role(role).label if busy else "idle")
        for shape, busy, role, failed in look
    ]
    for place, (start, end) in enumerate(pairwise(edges)):
        if end <= lane.exists.start_ns or start >= lane.exists.end_ns:
            drawn[place] = Cell(BLANK, "blank")
        elif any(each.start_ns <= start and end <= each.end_ns for each in others):
            drawn[place] = Cell(STALLED, "stalled")
    if lane.crashed and 0 <= (place := window.cell(lane.exists.end_ns - 1, cells)) < cells:
        drawn[place] = Cell(CRASHED, "crashed")
    return drawn
