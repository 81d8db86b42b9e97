"""Lines of the detail pane: what each shows, what can be copied from it, and where it leads."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content

from tracetui.model.span import Attributes, value_text
from tracetui.text import Safe, fit, sanitize, sanitize_lines, width, wrap

MOST_ATTRIBUTES = 1000
KEY_WIDTH = 34


class DetailLine(NamedTuple):
    """`value` is the full value behind the line (foreign text), `row` the span it leads to, or -1."""

    content: Content
    value: str = ""
    row: int = -1


def heading(text: str, rest: str = "", value: str = "", row: int = -1) -> Iterator[DetailLine]:
    """A title (foreign text) with an empty line before it."""
    yield DetailLine(Content(""))
    leads = "$accent" if row >= 0 else "$quiet"
    yield DetailLine(Content.assemble((sanitize(text), "bold $accent"), (sanitize(rest), leads)), value, row)


def titled(title: str, values: Attributes, cells: int) -> Iterator[DetailLine]:
    """Attributes below a title; nothing without attributes."""
    if values:
        yield from heading(title, f"  {len(values)}")
        yield from attributes(values, cells)


def attributes(values: Attributes, cells: int, least: int = 0) -> Iterator[DetailLine]:
    """One or more lines for each: long values are wrapped. Keys take at least `least` cells."""
    shown = list(values.items())[:MOST_ATTRIBUTES]
    column = min(KEY_WIDTH, max([least, *(width(sanitize(key)) for key, _ in shown)])) + 2
    for key, value in shown:
        name, room, text = sanitize(key), cells - 2 - column, value_text(value)
        if width(name) > column - 2:  # It does not fit beside its value.
            pieces = wrap(name, cells - 2)
            yield from (DetailLine(Content.styled("  " + part, "$quiet"), text) for part in pieces)
            name = Safe("")
        label = fit(name, column)
        first, *rest = (part for line in sanitize_lines(text) for part in wrap(line, room))
        yield DetailLine(Content.assemble(("  " + label, "$quiet"), first), text)
        yield from (DetailLine(Content(" " * (column + 2) + line), text) for line in rest)
    yield from more(len(values) - len(shown), "attributes")


def more(number: int, what: str) -> Iterator[DetailLine]:
    """A line that says how many more there are."""
    if number > 0:
        yield DetailLine(Content.styled(f"  … {number} more {what}", "$warning"))
