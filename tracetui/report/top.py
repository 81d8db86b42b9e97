"""The ranking as lines: what costs most, and how much of the whole that is."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from tracetui import units
from tracetui.analysis.ranking import Rank, Ranking
from tracetui.report.columns import Cell, table
from tracetui.report.style import BAD, PLAIN, QUIET, Line, many, words

LEAST_CELLS = 6


def _time(column: str) -> Callable[[Rank], Cell]:
    return lambda rank: (units.duration(getattr(rank, column)), PLAIN)


_COLUMNS: Mapping[str, tuple[str, Callable[[Rank], Cell]]] = {
    "failed": ("fail", lambda rank: (units.count(rank.failed), BAD if rank.failed else QUIET)),
    "count": ("runs", lambda rank: (units.count(rank.count), PLAIN)),
    "own_ns": ("own", _time("own_ns")),
    "total_ns": ("total", _time("total_ns")),
    "mean_ns": ("mean", _time("mean_ns")),
    "p50_ns": ("p50", _time("p50_ns")),
    "p95_ns": ("p95", _time("p95_ns")),
    "max_ns": ("max", _time("max_ns")),
    "share": ("share", lambda rank: (units.share(rank.share), PLAIN)),
}


def top(ranking: Ranking, sort: str, most: int, cells: int) -> Iterator[Line]:
    """The first `most` rows (0: all) of a ranking that is in the order of `sort`, `cells` wide."""
    if not len(ranking):
        yield [words(f"nothing to rank by {ranking.by} here (--by name ranks every span)", QUIET)]
        return
    # The mean takes room that names need: it is there when it was asked for.
    shown = [key for key in _COLUMNS if key != "mean_ns" or sort == "mean_ns"]
    titles = [_title(ranking.by, "name", sort), *(_title(_COLUMNS[key][0], key, sort) for key in shown)]
    ranks = list(islice(ranking, most or None))
    rows = [(rank.name, [_COLUMNS[key][1](rank) for key in shown]) for rank in ranks]
    yield from table(titles, rows, cells, LEAST_CELLS)
    left_out = len(ranking) - len(rows)
    if left_out:
        yield [words(f"... {many(left_out, 'more row')} (-n 0 shows all)", QUIET)]


def _title(word: str, key: str, sort: str) -> str:
    return f"{word} ▼" if key == sort else word
