"""The ranking as lines: what costs most, and its share of the whole."""

from collections.abc import Iterator
from itertools import islice

from rich.style import Style

from tracetui.analysis.ranking.ranking import Rank, Ranking
from tracetui.report.drawing.columns import table
from tracetui.report.drawing.rank_columns import columns_for, grew, title
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, WARNING, Line, many, words


def top(ranking: Ranking, sort: str, most: int, cells: int) -> Iterator[Line]:
    """The first `most` rows (0: all) of a ranking that is sorted by `sort`, `cells` wide."""
    if not len(ranking):
        yield [words(f"nothing to rank by {ranking.by} here (--by name ranks every span)", QUIET)]
        return
    columns = columns_for(ranking, cells, sort)
    titles = [_title(title(ranking.by), "name", sort)]
    titles += [_title(column.title, column.field, sort) for column in columns]
    ranks = islice(ranking, most or None)
    rows = [
        (rank.name, [(column.text(rank), _style(rank, column.field)) for column in columns]) for rank in ranks
    ]
    yield from table(titles, rows, cells)
    left_out = len(ranking) - len(rows)
    if left_out:
        yield [words(f"... {many(left_out, 'more row')} (-n 0 shows all)", QUIET)]


def _style(rank: Rank, field: str) -> Style:
    if field == "failed":
        return BAD if rank.failed else QUIET
    if field == "trend":
        return WARNING if grew(rank) else QUIET
    return QUIET if field == "range_ns" or (field == "reruns" and not rank.reruns) else PLAIN


def _title(word: str, key: str, sort: str) -> str:
    return f"{word} ▼" if key == sort else word
