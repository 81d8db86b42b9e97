"""The time that lanes take together. Runs without dates have an axis each, and nobody knows how these lie."""

from collections.abc import Iterable

from tracetui import units
from tracetui.analysis.timeline.window import Window


def is_timed(start_ns: int, offset_ns: int, wall: Window) -> bool:
    """Whether it is known how a lane lies to the others, from its start and how far its clock is off."""
    return not offset_ns and units.axis(start_ns) == units.axis(wall.start_ns)


def common_wall(lanes: Iterable[Window]) -> Window:
    """What lanes take on their axis: if there are several, on that of dates, else on the longest."""
    walls: dict[int, Window] = {}
    for lane in lanes:
        wall = walls.get(units.axis(lane.start_ns), lane)
        started, ended = min(wall.start_ns, lane.start_ns), max(wall.end_ns, lane.end_ns)
        walls[units.axis(lane.start_ns)] = Window(started, ended)
    return walls.get(-1) or max(walls.values(), key=lambda wall: wall.end_ns - wall.start_ns)
