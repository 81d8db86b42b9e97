"""The rows of What if: sliders for workers and ways to hand out tests, and changes to turn on."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.text import Safe, fit, sanitize, width
from tracetui.ui.theme.themes import Paint

SLIDER_CELLS = 20
NAME_CELLS = 12


class Knob(NamedTuple):
    """A row: a slider with its `value`, or a change that `is_on` or not (None: a slider).

    `title` is foreign text; `aside` says what was recorded or what it saves, `is_worth` whether that is much.
    """

    key: tuple[str, str]
    title: str
    value: str = ""
    is_on: bool | None = None
    aside: str = ""
    is_worth: bool = False


def knob_row(knob: Knob, cells: int, paint: Paint, *, selected: bool) -> Strip:
    """One row, `cells` wide."""
    background = paint.colour("cursor-row" if selected else "background")
    marker = Segment("▌" if selected else " ", Style(color=paint.colour("accent"), bgcolor=background))
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=selected)
    accent = Style(color=paint.colour("accent"), bgcolor=background, bold=True)
    aside = Segment(Safe(f"  {knob.aside} "), accent if knob.is_worth else quiet)
    room = max(0, cells - 1 - width(Safe(aside.text)))
    if knob.is_on is None:
        title = fit(sanitize(knob.title), NAME_CELLS)
        value = Safe(f"◂ {knob.value} ▸")
        middle = [Segment(title, plain), Segment(fit(value, max(0, room - NAME_CELLS)), accent)]
    else:
        box = Segment("[x] " if knob.is_on else "[ ] ", accent if knob.is_on else quiet)
        middle = [box, Segment(fit(sanitize(knob.title), max(0, room - 4)), plain)]
    return Strip([marker, *middle, aside]).adjust_cell_length(cells, plain)


def saving_words(ns: int, of_ns: int) -> str:
    """What a change saves by itself."""
    if abs(ns) * 200 < of_ns:
        return "saves nothing"
    return f"saves {units.duration(ns)}" if ns > 0 else f"takes {units.duration(-ns)} more"
