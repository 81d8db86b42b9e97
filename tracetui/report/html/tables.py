"""Tables of a page: a name with cells beside it, and which columns are dropped if there is little room."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracetui.report.html.markup import Inside, Markup, tag


class Column(NamedTuple):
    """`kind` describes its cells, as classes of the style: `number`, `bar`, `wide` (not on a phone)."""

    title: str
    kind: str = ""


class Cell(NamedTuple):
    """The content of a cell, and its own classes beside those of its column."""

    inside: Inside
    tone: str = ""


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell | Inside]]) -> Markup:
    """A table whose rows begin with a name as row header; empty columns are left out."""
    cells = [[content if isinstance(content, Cell) else Cell(content) for content in row] for row in rows]
    shown = [place for place in range(len(columns)) if not place or any(row[place].inside for row in cells)]
    titles = [columns[place] for place in shown]
    heads = (tag("th", column.title, scope="col", class_=column.kind or None) for column in titles)
    body = (_row(titles, [row[place] for place in shown]) for row in cells)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body), class_="plain")


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> Markup:
    name, *others = row
    cells = (
        tag("td", cell.inside, class_=f"{column.kind} {cell.tone}".strip() or None)
        for column, cell in zip(columns[1:], others, strict=True)
    )
    return tag("tr", tag("th", name.inside, scope="row", class_="name"), *cells)
