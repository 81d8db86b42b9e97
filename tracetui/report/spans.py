"""The spans of a waterfall as one value: the content of both the page and the JSON document."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.jobs.services import services
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.sparse_times import SelfTimes, Totals
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.axis import windows
from tracetui.report.selection import hidden

if TYPE_CHECKING:
    from tracetui.analysis.query.filters.lens import Lens

ROWS_AT_ONCE = 4096
"""A column of numbers at once is quick, all of them would be large."""

_ROLES = [role.label for role in Role]
_OUTCOMES = [outcome.label for outcome in Outcome]


class SpanRow(NamedTuple):
    """One span; times in ns, as they were written. Names and titles are foreign text.

    `axis` is the index of its axis in `Waterfall.axes`; -1 if only its duration is known: then its start and
    end are not when it was. `below` is the number of spans below it, `unseen` the
    number of these that are left out and have no closer shown parent. The rest is empty for most spans: what
    distinguishes it (`apart`) from others of its title, which `clock` is impossible (`start` or `end`),
    whether times are `relative`, how far its clock was ahead (`skew_ns`: only at the first span of its
    process), the role of a span that is `nested`, which `service` wrote it (foreign text), if there are
    several and no tests, and where on its axis it begins (`drawn_ns`), if that is not when it was written
    to start.
    """

    depth: int
    name: str
    title: str
    role: str
    outcome: str
    start_ns: int
    end_ns: int | None
    duration_ns: int
    self_ns: int
    own_ns: int
    span_id: str
    trace_id: str
    axis: int
    below: int
    unseen: int = 0
    apart: str = ""
    clock: str = ""
    relative: bool = False
    clock_offset_ns: int = 0
    skew_ns: int = 0
    nested: str = ""
    service: str = ""
    drawn_ns: int = 0

    @property
    def bar_ns(self) -> tuple[int, int]:
        """Where its bar begins and ends on its axis, in ns."""
        begin = self.drawn_ns or self.start_ns
        return begin, begin + self.duration_ns


class Waterfall(NamedTuple):
    """Spans in display order, each after the spans above it; `rows` can be read only once.

    `hidden` is the number of further spans, `more` the number of these that no filter hides. `services`
    (foreign texts) are those that wrote them, if there are several and no tests.
    """

    axes: tuple[Window, ...]
    hidden: int
    more: int
    rows: Iterable[SpanRow]
    services: tuple[str, ...] = ()


def value(findings: Findings, rows: Rows, lens: "Lens | None" = None) -> Waterfall:
    """The reported value of `rows`: O(n), and then O(1) for each; trees of one axis follow each other."""
    axes, untimed = windows(findings), durations_only(findings.snapshot)
    if untimed is not None:
        axes = {root: window for root, window in axes.items() if not untimed[root]}
    axes_shown = tuple(dict.fromkeys(axes.values()))
    places = {window: place for place, window in enumerate(axes_shown)}
    axis = np.full(len(findings.snapshot), -1, np.int32)
    for root, window in axes.items():
        axis[root] = places[window]
    root_of = nearest(findings.tree.parent < 0, findings.tree.parent)
    rows = rows if len(axes_shown) < 2 else rows[np.argsort(-axis[root_of[rows]], kind="stable")]
    among = services(findings.written)
    of_rows = axis[root_of] if untimed is None else np.where(untimed, np.int32(-1), axis[root_of])
    span_rows = _rows(findings, rows, of_rows, _unseen(findings, rows), has_services=among is not None)
    names = among.names if among else ()
    return Waterfall(axes_shown, hidden(findings, rows), hidden(findings, rows, lens), span_rows, names)


def _unseen(findings: Findings, rows: Rows) -> NDArray[np.intp]:
    """By row the number of spans left out right below it."""
    shown = np.zeros(len(findings.snapshot), np.bool_)
    shown[rows] = True
    home = nearest(shown, findings.tree.parent)
    return np.bincount(home[~shown & (home >= 0)], minlength=len(shown))


def _rows(
    findings: Findings,
    rows: Rows,
    axis: NDArray[np.int32],
    unseen: NDArray[np.intp],
    *,
    has_services: bool,
) -> Iterator[SpanRow]:
    snapshot, written, apart = findings.snapshot, findings.written, _suites_apart(findings, rows)
    columns = (*_columns(findings), axis, findings.tree.size, unseen, snapshot.start_ns)
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[begin : begin + ROWS_AT_ONCE]
        values = (column[chunk].tolist() for column in columns)
        for row, depth, role, outcome, start, end, total, self_, own, place, size, left, drawn in zip(
            chunk.tolist(), *values, strict=True
        ):
            yield SpanRow(
                depth,
                snapshot.name(row),
                snapshot.title(row),
                _ROLES[role],
                _OUTCOMES[outcome],
                start,
                end or None,
                total,
                self_,
                own,
                snapshot.span_id_text(row),
                snapshot.trace_id(row),
                place,
                size - 1,
                left,
                apart.get(row, ""),
                *_clock(findings, row),
                _ROLES[written.role[row]] if findings.is_nested(row) else "",
                snapshot.service(row) if has_services else "",
                drawn if drawn != start and place >= 0 else 0,
            )


def _suites_apart(findings: Findings, rows: Rows) -> Mapping[int, str]:
    """By row, what distinguishes a suite from others of its title."""
    runs = findings.runs
    several = len(runs) > 1 and len(distinct(runs.of[rows])) > 1
    return runs.suites_among_runs if several else runs.suites_apart


def _columns(findings: Findings) -> tuple[NDArray[Any] | SelfTimes | Totals, ...]:
    """By row its depth, role, outcome, start and end as written, total, self and own time."""
    snapshot, written, times = findings.snapshot, findings.written, findings.times
    spans = (findings.tree.depth, snapshot.role, snapshot.outcome, written.start_ns, written.end_ns)
    return (*spans, times.total, times.self_, times.own)


def _clock(findings: Findings, row: int) -> tuple[str, bool, int, int]:
    """Which time is wrong, whether there is no epoch, how far its clock and its process's is ahead."""
    clocks, skew = findings.clocks, findings.skews.get(row)
    if clocks is None:
        return "", False, 0, 0
    offset = int(clocks.offset_ns[row])
    return findings.clock(row), bool(clocks.relative[row]), offset, skew.offset_ns if skew else 0
