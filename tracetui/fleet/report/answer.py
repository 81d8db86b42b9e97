"""An answer: a headline, tables, and what qualifies them. Every format is made from one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from rich.style import Style

from tracetui.report.drawing.style import PLAIN, QUIET

Row = Mapping[str, Any]
"""A row as JSON has it."""


def plain(_row: Row) -> Style:
    """The style of a row without emphasis."""
    return PLAIN


def quiet(_row: Row) -> Style:
    """The style of a row of minor importance."""
    return QUIET


class Column(NamedTuple):
    """A column of a page, `show` makes a cell of a row; narrow pages leave out what `is_wide`."""

    title: str
    show: Callable[[Row], str]
    style: Callable[[Row], Style] = plain
    is_wide: bool = False


class Section(Struct, frozen=True):
    """A table. `details` are lines below a row of a page; `title` is above it, if there are several."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    details: Callable[[Row], Sequence[str]] = lambda _row: ()
    title: str = ""


class Answer(Struct, frozen=True):
    """The answer of a verb. `said` is the headline and `beside` its basis.

    `remarks` qualify it, `notes` define its figures. JSON is `head` and `rows`, of which CSV has the `keys`.
    """

    verb: str
    head: Mapping[str, object]
    rows: Sequence[Row]
    keys: Sequence[str]
    said: str
    beside: str
    sections: Sequence[Section]
    remarks: Sequence[str] = ()
    notes: Sequence[str] = ()
