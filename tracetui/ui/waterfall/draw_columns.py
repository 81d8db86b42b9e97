"""The columns between names and bars: which there are, their widths, and their values for a span."""

from collections.abc import Sequence
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.text import fit_middle, sanitize


class Column(NamedTuple):
    """`cells` wide, including the blank before it; `told` describes it in the dialog."""

    name: str
    title: str
    cells: int
    told: str


COLUMNS = (
    Column("own", "own", 8, "Own time: without hooks, wider fixtures and archiving"),
    Column("self", "self", 8, "Self time: not covered by child spans"),
    Column("total", "total", 8, "Total time, from start to end"),
    Column("share", "%", 7, "Total as a share of the run"),
    Column("start", "start", 10, "Start, counted from the run's start"),
    Column("lane", "lane", 9, "Worker or job"),
    Column("service", "service", 18, "Service that wrote the span"),
)
BY_NAME = {column.name: column for column in COLUMNS}
TEXTS = ("lane", "service")
"""Columns of foreign text, which stand at the left; numbers stand at the right."""

WIDE = 100
"""From this width on, total times have a column too unless the reader chose otherwise."""

MOST_LEVELS = 100
"""How far up to look for the worker of a span."""

LEAST_BARS = 16
LEAST_NAMES = 20


def columns_for(
    width: int, chosen: Sequence[str] | None, *, has_services: bool = False
) -> tuple[Column, ...]:
    """The columns of rows `width` wide: those `chosen`, in the table's order, as far as they fit.

    By default the services' column is included if the recording `has_services`.
    """
    if chosen is None:
        names: Sequence[str] = ("own", "total") if width >= WIDE else ("own",)
        names = (*names, "service") if has_services else names
    else:
        names = chosen
    columns: list[Column] = []
    room = width - LEAST_NAMES - LEAST_BARS
    for column in COLUMNS:
        if column.name in names and column.cells <= room:
            columns.append(column)
            room -= column.cells
    return tuple(columns)


class Numbers(NamedTuple):
    """The times of a row in ns; `start_ns` is since the epoch, `lane` and `service` are foreign text."""

    own: int
    self_: int
    total: int
    start_ns: int
    lane: str = ""
    service: str = ""


def numbers(findings: Findings, row: int, now_ns: int, columns: Sequence[Column]) -> Numbers:
    """The present times of a span, and its lane if one of the columns shows it."""
    start = int(findings.snapshot.start_ns[row])
    return Numbers(
        own_time(findings, row, now_ns),
        int(findings.times.self_[row]),
        max(0, end_time(findings, row, now_ns) - start),
        start,
        _lane(findings, row) if BY_NAME["lane"] in columns else "",
        findings.snapshot.service(row) if BY_NAME["service"] in columns else "",
    )


def cell_text(column: Column, values: Numbers, findings: Findings) -> str:
    """The text of a column: `column.cells` wide."""
    summary = findings.summary
    match column.name:
        case "share" | "start" if findings.no_timeline:
            text = ""
        case "own":
            text = units.duration(values.own)
        case "self":
            text = units.duration(values.self_)
        case "total":
            text = units.duration(values.total)
        case "share":
            text = units.share(values.total / max(1, summary.end_ns - summary.start_ns))
        case "start":
            text = units.duration(values.start_ns - summary.start_ns)
        case _:
            text = values.lane if column.name == "lane" else values.service
            return " " + fit_middle(sanitize(text), column.cells - 1)
    return text.rjust(column.cells)


def _lane(findings: Findings, row: int) -> str:
    """The worker that the span or the nearest one above names."""
    for _ in range(MOST_LEVELS):
        if row < 0 or findings.snapshot.worker(row):
            break
        row = int(findings.tree.parent[row])
    return findings.snapshot.worker(row) if row >= 0 else ""


_RUNNING = int(Outcome.RUNNING)
_GROWING = (int(Role.TEST), int(Role.PHASE))


def end_time(findings: Findings, row: int, now_ns: int) -> int:
    """When a span ended, or now for a running one, as findings are a moment old."""
    end = int(findings.times.end[row])
    return max(end, now_ns) if findings.snapshot.outcome[row] == _RUNNING else end


def own_time(findings: Findings, row: int, now_ns: int) -> int:
    """A span's own time; for a running test or phase including the time since the findings were made."""
    own = int(findings.times.own[row])
    if findings.snapshot.outcome[row] == _RUNNING and int(findings.snapshot.role[row]) in _GROWING:
        own += max(0, now_ns - findings.now_ns)
    return own
