"""When tests became lastingly slower or faster: change points in their durations from run to run.

Found by `rank_scan` in logs of durations freed of each run's speed, kept if false discoveries are at most 5 %
(Benjamini-Hochberg) and the medians differ by a tenth. The parts before and after a change are scanned again
(binary segmentation: Scott and Knott 1974), each time with its own share of false discoveries.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.history.rank_scan import AFTER, BEFORE, LEAST, MOST, scan
from tracetui.analysis.history.series import Series
from tracetui.analysis.statistics.discoveries import benjamini_hochberg

LEVEL = 0.05
"""Of the changes, so many may be false."""
NEAR = 5
"""So many runs around the best split of ranks it may lie."""
FACTOR = 1.10
"""What differs by less is no change that anybody would act on."""

Floats = NDArray[np.float64]


class Change(NamedTuple):
    """From run `run` (a number among the heads) on it took `ratio` times as long: medians, in ns."""

    run: int
    ratio: float
    q: float
    before_ns: int
    after_ns: int


class Trend(Struct, frozen=True, eq=False):
    """One row of a table: `n` runs measured it, the last took `last_ns`. `changes` are in order of time.

    With `too_few` runs nobody can tell whether it changed.
    """

    table: Series
    row: int
    n: int
    last_ns: int
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """Its name: foreign text."""
        return self.table.names[self.row]

    @property
    def too_few(self) -> bool:
        """Whether it has too few runs to tell a change from noise."""
        return self.n < LEAST

    @property
    def added_ns(self) -> int:
        """What its changes add to a run: the last level minus the first, for all calls of the last run."""
        if not self.changes:
            return 0
        calls = self.table.calls[self.row]
        last = int(calls[np.flatnonzero(calls)[-1]])
        return (self.changes[-1].after_ns - self.changes[0].before_ns) * last


class _Segment(NamedTuple):
    """A range of a line's measurements: from `begin` to `end`."""

    line: int
    begin: int
    end: int


class _Line(NamedTuple):
    """A row's measurements that exist: their columns in its table, and their logs, freed of speed."""

    columns: NDArray[np.intp]
    logs: Floats
    at_least: NDArray[np.bool_]


def trends(tables: Sequence[Series]) -> list[Trend]:
    """The trend of every row of some tables, as one family of tests; what changed a run most comes first."""
    rows = [(table, row) for table in tables for row in range(len(table.names))]
    lines = [line for table in tables for line in _lines(table)]
    splits = _splits(lines)
    all_trends = [
        _trend(table, row, line, splits.get(place, {}))
        for place, ((table, row), line) in enumerate(zip(rows, lines, strict=True))
    ]
    return sorted(
        all_trends, key=lambda trend: (-abs(trend.added_ns), not trend.changes, -trend.last_ns, trend.name)
    )


def _lines(table: Series) -> list[_Line]:
    """The rows of a table without missing values, at most the last `MOST` of each."""
    logs = np.log(np.maximum(table.took_ns, 1)) - np.log(table.speed)
    lines = []
    for row in range(len(table.names)):
        columns = np.flatnonzero(~np.isnan(table.took_ns[row]))[-MOST:]
        lines.append(_Line(columns, logs[row, columns], table.at_least[row, columns]))
    return lines


def _splits(lines: Sequence[_Line]) -> dict[int, dict[int, float]]:
    """For each line where its parts begin, and the q of each: scanned until nothing more is found."""
    splits: dict[int, dict[int, float]] = {}
    segments = [_Segment(place, 0, len(line.logs)) for place, line in enumerate(lines)]
    while segments := [segment for segment in segments if segment.end - segment.begin >= LEAST]:
        longest = max(segment.end - segment.begin for segment in segments)
        values = np.full((len(segments), longest), np.nan)
        at_least = np.zeros(values.shape, np.bool_)
        for place, (line, begin, end) in enumerate(segments):
            values[place, : end - begin] = lines[line].logs[begin:end]
            at_least[place, : end - begin] = lines[line].at_least[begin:end]
        best = scan(values, at_least)
        q = benjamini_hochberg(best.p)
        parts = []
        for place in np.flatnonzero(q <= LEVEL).tolist():
            line, begin, end = segments[place]
            middle = begin + _placed(lines[line].logs[begin:end], int(best.place[place]))
            splits.setdefault(line, {})[middle] = float(q[place])
            parts += [_Segment(line, begin, middle), _Segment(line, middle, end)]
        segments = parts
    return splits


def _placed(logs: Floats, place: int) -> int:
    """The split near `place` whose two medians explain the series best.

    Ranks say that it changed; sizes say better where.
    """
    first, last = max(BEFORE, place - NEAR), min(len(logs) - AFTER, place + NEAR)
    return min(range(first, last + 1), key=lambda at: _unexplained(logs[:at]) + _unexplained(logs[at:]))


def _unexplained(logs: Floats) -> float:
    return float(np.abs(logs - np.median(logs)).sum())


def _trend(table: Series, row: int, line: _Line, splits: dict[int, float]) -> Trend:
    last = int(table.took_ns[row, line.columns[-1]]) if len(line.columns) else 0
    kept = _worth_telling(line.logs, splits)
    places, level = sorted(kept), _levels(line.logs, kept)
    changes = tuple(
        Change(
            run=int(table.runs[line.columns[place]]),
            ratio=float(np.exp(after - before)),
            q=kept[place],
            before_ns=round(np.exp(before)),
            after_ns=round(np.exp(after)),
        )
        for place, (before, after) in zip(places, pairwise(level), strict=True)
    )
    return Trend(table, row, len(line.columns), last, changes)


def _worth_telling(logs: Floats, splits: dict[int, float]) -> dict[int, float]:
    """The splits whose two sides have sufficiently different medians; the least different is dropped
    first.
    """
    kept = dict(splits)
    while kept:
        steps = np.abs(np.diff(_levels(logs, kept)))
        least = int(steps.argmin())
        if steps[least] >= np.log(FACTOR):
            break
        del kept[sorted(kept)[least]]
    return kept


def _levels(logs: Floats, splits: Iterable[int]) -> list[float]:
    """The medians of the parts of a line; none for an empty one."""
    edges = [0, *sorted(splits), len(logs)]
    return [float(np.median(logs[begin:end])) for begin, end in pairwise(edges) if begin < end]
