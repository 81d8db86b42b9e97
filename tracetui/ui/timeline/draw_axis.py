"""The time axis above the bars: nice ticks, relative to the start of the run."""

from typing import NamedTuple

from tracetui import units
from tracetui.analysis.timeline.window import Window
from tracetui.text import Safe

LABEL_CELLS = 10
"""Room that a tick with its label wants."""
WALL_CELLS = 12
NOTHING_SAID = Safe("")


class Ruler(NamedTuple):
    """The geometry of a time axis: titles left of it, its first cell and its cells, and their time.

    Times count from `origin_ns`; `is_wall_clock` says that this is the epoch. `pointer_ns` is a moment (since
    the epoch) that the axis points at. What is `said` stands in place of ticks.
    """

    titles: str
    left: int
    cells: int
    window: Window
    origin_ns: int
    is_wall_clock: bool = False
    pointer_ns: int | None = None
    said: Safe = NOTHING_SAID


POINTER = "▼"


def axis_text(
    window: Window, origin_ns: int, cells: int, *, is_wall_clock: bool = False, pointer_ns: int | None = None
) -> str:
    """`cells` cells of ticks and labels (`╵5s      ╵10s`); times count from `origin_ns`.

    At `pointer_ns`, since the epoch, there is a pointer, and no label.
    """
    line = [" "] * cells
    pointed = window.cell(pointer_ns, cells) if pointer_ns is not None else -1
    if 0 <= pointed < cells:
        line[pointed] = POINTER
    start, end = window.start_ns - origin_ns, window.end_ns - origin_ns
    most = max(1, cells // (WALL_CELLS if is_wall_clock else LABEL_CELLS))
    step = units.axis_step(end - start, most)
    for at in units.ticks(start, end, most):
        cell = (at - start) * cells // window.length
        label = f"╵{units.clock_tick(at, step) if is_wall_clock else units.tick(at, step)}"
        if cell + len(label) <= cells and not any(mark != " " for mark in line[cell : cell + len(label) + 1]):
            line[cell : cell + len(label)] = label
    return "".join(line)
