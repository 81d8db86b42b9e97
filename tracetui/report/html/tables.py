"""Tables of a page: a name and cells beside it, and what leaves where there is little room."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracetui.report.html.markup import Inside, Markup, tag


class Column(NamedTuple):
    """`kind` is what its cells are, as classes of the style: `number`, `bar`, `wide` (not on a phone)."""

    title: str
    kind: str = ""


class Cell(NamedTuple):
    """What stands in a cell, and how it is meant: classes beside those of its column."""

    inside: Inside
    tone: str = ""


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell | Inside]]) -> Markup:
    """A table whose rows begin with a name, which heads them."""
    heads = (tag("th", column.title, scope="col", class_=column.kind or None) for column in columns)
    body = (_row(columns, row) for row in rows)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body), class_="plain")


def _row(columns: Sequence[Column], row: Sequence[Cell | Inside]) -> Markup:
    name, *others = row
    head = tag("th", name.inside if isinstance(name, Cell) else name, scope="row", class_="name")
    return tag("tr", head, *(_cell(*pair) for pair in zip(columns[1:], others, strict=True)))


def _cell(column: Column, cell: Cell | Inside) -> Markup:
    inside, tone = cell if isinstance(cell, Cell) else (cell, "")
    return tag("td", inside, class_=f"{column.kind} {tone}".strip() or None)
