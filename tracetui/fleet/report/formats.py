"""Answers as pages, Markdown, comma-separated values and JSON."""

from collections.abc import Iterator, Sequence

from rich.segment import Segment

from tracetui import units
from tracetui.fleet.report.answer import Answer, Column, Row, Section
from tracetui.report.as_json import document as as_document
from tracetui.report.deciding.compare import verdict_lines
from tracetui.report.drawing.columns import table
from tracetui.report.drawing.style import QUIET, STRONG, WARNING, Line, words, wrapped
from tracetui.report.markdown.marks import code, inline
from tracetui.report.markdown.marks import table as markdown_table
from tracetui.text import comma_separated as values
from tracetui.text import fit, sanitize

NARROW = 100
"""Pages that are narrower leave out columns."""
INDENT = 4


def page(answer: Answer, cells: int, most: int) -> Iterator[Line]:
    """Lines for a terminal, at most `most` rows per table (0: all)."""
    yield from verdict_lines(answer.said, answer.beside, cells)
    for remark in answer.remarks:
        yield from wrapped(remark, cells, WARNING)
    for section in answer.sections:
        if section.rows:
            yield []
            yield from _table(section, cells, most)
    if answer.notes:
        yield []
    for note in answer.notes:
        yield from wrapped(note, cells, QUIET)


def _table(section: Section, cells: int, most: int) -> Iterator[Line]:
    if section.title:
        yield [words(section.title, STRONG)]
    shown = section.rows[: most or None]
    columns = [column for column in section.columns if cells >= NARROW or not column.is_wide]
    first, rest = columns[0], columns[1:]
    rows = [(first.show(row), [(column.show(row), column.style(row)) for column in rest]) for row in shown]
    lines = table([column.title for column in columns], rows, cells)
    yield next(lines)
    for row, line in zip(shown, lines, strict=True):
        yield line
        for detail in section.details(row):
            yield [Segment(" " * INDENT + fit(sanitize(detail), max(20, cells - INDENT)).rstrip(), QUIET)]
    if len(shown) < len(section.rows):
        more = units.many(len(section.rows) - len(shown), "more row")
        yield [words(f"... {more} (-n 0 shows all)", QUIET)]


def markdown(answer: Answer, most: int) -> Iterator[str]:
    """Parts of one or more lines; a cut is allowed between parts, not within."""
    yield f"## {inline(answer.said)}"
    yield f"\n{inline(answer.beside)}"
    for remark in answer.remarks:
        yield f"\n**{inline(remark)}**"
    for section in answer.sections:
        if section.title and section.rows:
            yield f"\n### {inline(section.title)}"
        shown = section.rows[: most or None]
        lines = markdown_table(
            [column.title for column in section.columns], [_cells(section.columns, row) for row in shown]
        )
        yield from lines
        if len(shown) < len(section.rows):
            yield f"{units.many(len(section.rows) - len(shown), 'more row')}.\n"
    for note in answer.notes:
        yield f"\n_{inline(note)}_"


def _cells(columns: Sequence[Column], row: Row) -> list[str]:
    first, *rest = columns
    return [code(first.show(row)), *(inline(column.show(row)) for column in rest)]


def comma_separated(answer: Answer) -> Iterator[str]:
    """A header and a line per row (RFC 4180): numbers as in JSON, names as they were written, but for control
    characters (`#x1B`).
    """
    yield values([answer.keys])
    for row in answer.rows:
        yield values([["" if row[key] is None else row[key] for key in answer.keys]])


def document(answer: Answer) -> Iterator[str]:
    """`tracetui.fleet.VERB/1`: all rows."""
    return as_document({"schema": f"tracetui.fleet.{answer.verb}/1", **answer.head}, answer.rows)
