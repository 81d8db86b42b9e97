"""A plain table: the first column takes the remaining room, the others are right-aligned numbers."""

from collections.abc import Iterator, Sequence

from rich.segment import Segment
from rich.style import Style

from tracetui.report.drawing.style import PLAIN, QUIET, Line, right
from tracetui.text import fit_middle, sanitize, width

GAP = 2
LEAST_NAME = 20

Cell = tuple[str, Style]


def table(titles: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], cells: int) -> Iterator[Line]:
    """A header and a line per row: foreign text for the first column, cells for the others.

    Names that do not fit lose their middle.
    """
    wide = [max([len(title), *(len(row[1][at][0]) for row in rows)]) for at, title in enumerate(titles[1:])]
    names = [sanitize(name) for name, _ in rows]
    room = max(LEAST_NAME, cells - sum(wide) - GAP * len(wide))
    name_cells = min(room, max([len(titles[0]), *map(width, names)]))
    yield _line(titles[0], [(title, QUIET) for title in titles[1:]], name_cells, wide, QUIET)
    for name, (_, row) in zip(names, rows, strict=True):
        yield _line(name, row, name_cells, wide, PLAIN)


def _line(name: str, row: Sequence[Cell], name_cells: int, wide: Sequence[int], style: Style) -> Line:
    first = Segment(fit_middle(sanitize(name), name_cells), style)
    return [first, *(Segment(right(text, n + GAP), look) for (text, look), n in zip(row, wide, strict=True))]
