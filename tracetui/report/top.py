"""The ranking as lines: what costs most, and how much of the whole that is."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from tracetui import units
from tracetui.analysis.ranking import Rank, Ranking
from tracetui.report.columns import Cell, table
from tracetui.report.style import BAD, PLAIN, QUIET, Line, many, words

ROOMY_CELLS = 100


def _time(column: str) -> Callable[[Rank], Cell]:
    return lambda rank: (units.duration(getattr(rank, column)), PLAIN)


_COLUMNS: Mapping[str, tuple[str, Callable[[Rank], Cell]]] = {
    "failed": ("fail", lambda rank: (units.count(rank.failed), BAD if rank.failed else QUIET)),
    "count": ("runs", lambda rank: (units.count(rank.count), PLAIN)),
    "reruns": ("reruns", lambda rank: (units.count(rank.reruns), PLAIN if rank.reruns else QUIET)),
    "own_ns": ("own", _time("own_ns")),
    "total_ns": ("total", _time("total_ns")),
    "mean_ns": ("mean", _time("mean_ns")),
    "p50_ns": ("p50", _time("p50_ns")),
    "p95_ns": ("p95", _time("p95_ns")),
    "max_ns": ("max", _time("max_ns")),
    "share": ("share", lambda rank: (units.share(rank.share), PLAIN)),
}

_SPARE = ("mean_ns", "p50_ns", "max_ns")
"""Names need the room: the mean is there only when it decides, the others on roomy pages too."""


def top(ranking: Ranking, sort: str, most: int, cells: int) -> Iterator[Line]:
    """The first `most` rows (0: all) of a ranking that is in the order of `sort`, `cells` wide."""
    if not len(ranking):
        yield [words(f"nothing to rank by {ranking.by} here (--by name ranks every span)", QUIET)]
        return
    spare = _SPARE if cells < ROOMY_CELLS else _SPARE[:1]
    if not ranking.columns["reruns"].any():
        spare = (*spare, "reruns")
    shown = [key for key in _COLUMNS if key not in spare or key == sort]
    titles = [_title(ranking.by, "name", sort), *(_title(_COLUMNS[key][0], key, sort) for key in shown)]
    ranks = list(islice(ranking, most or None))
    rows = [(rank.name, [_COLUMNS[key][1](rank) for key in shown]) for rank in ranks]
    yield from table(titles, rows, cells)
    left_out = len(ranking) - len(rows)
    if left_out:
        yield [words(f"... {many(left_out, 'more row')} (-n 0 shows all)", QUIET)]


def _title(word: str, key: str, sort: str) -> str:
    return f"{word} ▼" if key == sort else word
