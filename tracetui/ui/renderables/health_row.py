"""The rows of Health: a kind of trouble with its count, and below it, unfolded, its examples."""

from pathlib import Path
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from tracetui import units
from tracetui.report.style import many
from tracetui.report.troubles import Example, Found
from tracetui.store.health import ABOUT
from tracetui.text import Safe, fit, fit_middle, sanitize, width, wrap
from tracetui.ui.themes import Paint

COUNT_CELLS = 9
SAID_CELLS = max(len(about.said) for about in ABOUT.values()) + 3
LEAST_DONE = 24
WHERE_CELLS = 34
MOST_TOLD = 6
"""Lines of the pane below that an excerpt may take."""


class Row(NamedTuple):
    """A kind, or one of its examples; `open` where a kind is unfolded."""

    found: Found
    example: Example | None
    open: bool


def health_row(row: Row, cells: int, paint: Paint, *, selected: bool) -> Strip:
    """One row, `cells` wide."""
    background = paint.colour("cursor-row" if selected else "background")
    marker = Segment("▌" if selected else " ", Style(color=paint.colour("accent"), bgcolor=background))
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    loud = Style(color=paint.colour("error"), bgcolor=background, bold=True)
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=selected)
    if row.example:
        segments = _example(row.example, cells - 1, plain, quiet)
    else:
        segments = _kind(row, cells - 1, loud if row.found.loss else plain, quiet)
    return Strip([marker, *segments]).adjust_cell_length(cells, plain)


def told_content(row: Row | None, cells: int) -> Content:
    """All of the row under the cursor, over several lines."""
    if row is None:
        return Content("")
    if row.example is None:
        return Content.assemble((row.found.said, "bold"), ("\n" + row.found.done, "$quiet"))
    example = row.example
    length = f", {many(example.length, 'byte')}" if example.length else ""
    excerpt = wrap(example.excerpt, max(10, cells))[:MOST_TOLD]
    return Content.assemble(
        (sanitize(example.file), "bold"),
        (f"  byte {units.count(example.offset)}{length}", "$quiet"),
        (f"\n{sanitize(example.reason)}\n", ""),
        ("\n".join(excerpt), "$quiet"),
    )


def _kind(row: Row, cells: int, style: Style, quiet: Style) -> list[Segment]:
    mark = ("▾ " if row.open else "▸ ") if row.found.examples else "  "
    count = units.count(row.found.count).rjust(COUNT_CELLS)
    room = cells - len(mark) - COUNT_CELLS - 2
    said = SAID_CELLS if room - SAID_CELLS >= LEAST_DONE else room
    return [
        Segment(mark, quiet),
        Segment(f"{count}  ", style),
        Segment(fit(Safe(row.found.said), said), style),
        Segment(fit(Safe(row.found.done), room - said), quiet),
    ]


def _example(example: Example, cells: int, plain: Style, quiet: Style) -> list[Segment]:
    where = Safe(f"{sanitize(Path(example.file).name)}:{example.offset}")
    told = sanitize(example.reason)
    room = max(0, cells - 4 - WHERE_CELLS - 2)
    reason = fit(told, min(width(told), room))
    excerpt = fit(Safe(f"   {example.excerpt}"), room - width(reason)) if example.excerpt else ""
    return [
        Segment("    ", quiet),
        Segment(fit_middle(where, WHERE_CELLS) + "  ", quiet),
        Segment(reason, plain),
        Segment(excerpt, quiet),
    ]
