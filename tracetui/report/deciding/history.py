"""Tests over all runs as a page and as JSON: what changed, when and by how much; or one test run by run."""

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.history.change_points import FACTOR, LEVEL, Change, Trend
from tracetui.analysis.history.over_runs import HistoryValue, Point, binned, points
from tracetui.analysis.history.rank_scan import AFTER, BEFORE, LEAST
from tracetui.analysis.history.records import RunHead
from tracetui.analysis.statistics.run_speed import LEAST_TESTS
from tracetui.report.as_json import document as as_document
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.sparks import spark
from tracetui.report.drawing.style import (
    BAD,
    MARKS,
    OUTCOME_STYLES,
    PLAIN,
    QUIET,
    STRONG,
    WARNING,
    Line,
    many,
    words,
    wrapped,
)

SPARK_CELLS = 24
MOST_BRANCHES = 3
NARROW = 100
"""Pages that are narrower leave out columns."""
FASTER = Style(color="green")
MEASURES = {
    "test": "own time",
    "fixture": "own time of a call, its mean in a run",
    "hook": "own time of a call, its mean in a run",
    "file": "own time of its tests, their sum",
}


def page(history: HistoryValue, most: int, cells: int) -> Iterator[Line]:
    """A line for each row, at most `most` (0: all); for a single row a line for each of its runs."""
    yield _headline(history)
    if history.is_mixed:
        yield from wrapped(f"{mixed_words(history)} (--branch)", cells, WARNING)
    if history.runs < LEAST:
        yield [words(f"{few_words(history.runs)}: nothing here can be told from noise", WARNING)]
    if not history.rows:
        yield [words(f"no {history.by} is called that; without a name all are shown", WARNING)]
        return
    yield []
    if history.only:
        yield from _one(history, history.only, most, cells)
    else:
        yield from _all(history, most, cells)
    yield []
    for line in how_words(history):
        yield [words(line, QUIET)]


def few_words(runs: int) -> str:
    """Why so few runs show nothing."""
    return f"{many(runs, 'run')}, and a change needs {BEFORE} before and {AFTER} after it"


def how_words(history: HistoryValue) -> tuple[str, str]:
    """What the figures are, and the statistics that found changes."""
    speed = "before changes are looked for, each run's speed is divided out"
    unknown = f"fewer than {LEAST_TESTS} tests do not tell how fast a run was: nothing is divided out"
    return (
        f"{MEASURES[history.by]}; {speed if history.is_speed_known else unknown}",
        f"a change: rank-sum scan, q <= {LEVEL:.0%} (Benjamini-Hochberg), at least {FACTOR:.2f}x",
    )


def verdict_words(history: HistoryValue) -> str:
    """The number of rows that changed, and what that adds to a run: `200 tests, 4 changed (+1.02s a run)`."""
    changed = [trend for trend in history.rows if trend.changes]
    few = sum(trend.too_few for trend in history.rows)
    if changed:
        added = signed(sum(trend.added_ns for trend in changed))
        said = f"{units.count(len(changed))} changed ({added} a run)"
    else:
        said = "no change" if few < len(history.rows) else "too few runs to tell"
    if 0 < few < len(history.rows):
        said += f", {units.count(few)} with too few runs to tell"
    return f"{many(len(history.rows), history.by)}, {said}"


def over_words(history: HistoryValue) -> str:
    """The covered runs: `40 runs of main, 2026-11-18 11:06 to 2026-11-20 02:06 UTC`; foreign text."""
    heads = [head for head in history.heads if head.state != "live"]
    of = f" of {history.branch}" if history.branch else ""
    ends = [heads[end].start_ns for end in (0, -1)] if heads else []
    if not ends or ends[-1] < units.NO_EPOCH:
        return many(history.runs, "run") + of + (", no date" if ends else "")
    return f"{many(history.runs, 'run')}{of}, {' to '.join(map(units.day, ends))} UTC"


def mixed_words(history: HistoryValue) -> str:
    """Says that runs of several branches are mixed; empty if they are not. Foreign text."""
    if not history.is_mixed:
        return ""
    shown = ", ".join(history.branches[:MOST_BRANCHES]) + ", ..." * (len(history.branches) > MOST_BRANCHES)
    return (
        f"runs of {len(history.branches)} branches are mixed ({shown}): where they differ looks like a change"
    )


def _headline(history: HistoryValue) -> Line:
    return [words(verdict_words(history), STRONG), words(f"   {over_words(history)}", QUIET)]


def _all(history: HistoryValue, most: int, cells: int) -> Iterator[Line]:
    shown = history.rows[:most] if most else history.rows
    several = len({head.kind for head in history.heads}) > 1
    is_wide = cells >= NARROW
    titles = [history.by, "n", "last", "change", "added", "since", *["q"] * is_wide, "over all runs"]
    rows = [(title(trend, several), _cells(history, trend, is_wide)) for trend in shown]
    yield from table(titles, rows, cells)
    if len(shown) < len(history.rows):
        yield [words(f"... {many(len(history.rows) - len(shown), 'more row')} (-n 0 shows all)", QUIET)]


def title(trend: Trend, with_job: bool) -> str:
    """A row's name, with suite, and with job if there are several: foreign text."""
    beside = " ".join(filter(None, (trend.table.suite, trend.table.job)))
    return f"{trend.name} ({beside})" if with_job and beside else trend.name


def _cells(history: HistoryValue, trend: Trend, is_wide: bool) -> list[Cell]:
    last = trend.changes[-1] if trend.changes else None
    style = change_style(last)
    since = since_words(history.heads[last.run], is_wide) if last else "too few runs" if trend.too_few else ""
    q = [(q_text(last.q) if last else "", QUIET)] if is_wide else []
    return [
        (units.count(trend.n), QUIET),
        (units.duration(trend.last_ns) if trend.n else "", PLAIN),
        (change_words(trend), style),
        (signed(trend.added_ns) if last else "", style),
        (since, QUIET),
        *q,
        (spark(binned(trend, SPARK_CELLS if is_wide else SPARK_CELLS // 2)), PLAIN),
    ]


def change_style(change: Change | None) -> Style:
    """The style of a change: slower is bad."""
    return PLAIN if change is None else BAD if change.ratio > 1 else FASTER


def change_words(trend: Trend) -> str:
    """The last change, and its number if there were earlier ones: `2.01x`, `0.50x (2nd)`."""
    if not trend.changes:
        return ""
    earlier = len(trend.changes) - 1
    return f"{trend.changes[-1].ratio:.2f}x" + (f" (+{earlier} before)" if earlier else "")


def since_words(head: RunHead, is_wide: bool = True) -> str:
    """When a run began and its revision, or the revision alone if there is no room: foreign text."""
    began, revision = units.day(head.start_ns), head.revision[:10]
    return " ".join(filter(None, (began, revision))) if is_wide else revision or began


def q_text(q: float) -> str:
    """`0.031`, or `<.001`."""
    return "<.001" if q < 0.001 else f"{q:.3f}"


def signed(ns: int) -> str:
    """A duration with its sign: `+1.20s`."""
    return ("+" if ns > 0 else "") + units.duration(ns)


def _one(history: HistoryValue, trend: Trend, most: int, cells: int) -> Iterator[Line]:
    """One row, run by run, the last first; a line between two runs marks a change."""
    yield [words(title(trend, with_job=True), STRONG)]
    measured = points(history, trend)
    shown = measured[:most] if most else measured
    largest = max((point.own_ns or 0 for point in measured), default=0)
    begins = {history.heads[change.run].key: change for change in trend.changes}
    bar_cells = max(8, cells - 60)
    for point in shown:
        yield _point_line(point, largest, bar_cells)
        if change := begins.get(point.head.key):
            yield [words(f"  ── {step_words(change)}", change_style(change))]
    if len(shown) < len(measured):
        yield [words(f"... {many(len(measured) - len(shown), 'earlier run')} (-n 0 shows all)", QUIET)]


def step_words(change: Change) -> str:
    """What changed between two runs: `2.01x from here on: 0.66s before, 1.33s since, q <.001`."""
    before, after = units.duration(change.before_ns), units.duration(change.after_ns)
    return f"{change.ratio:.2f}x from here on: {before} before, {after} since, q {q_text(change.q)}"


def _point_line(point: Point, largest: int, cells: int) -> Line:
    own = "" if point.own_ns is None else ">" * point.at_least + units.duration(point.own_ns)
    filled = round(cells * (point.own_ns or 0) / max(1, largest))
    return [
        words(f"{units.day(point.head.start_ns):16}  {point.head.revision[:10]:10}  ", QUIET),
        words(f"{MARKS[point.outcome]} {point.outcome.label:8}", OUTCOME_STYLES.get(point.outcome, PLAIN)),
        words(f"{own:>9}  "),
        words(f"{point.speed:5.2f}x  ", QUIET),
        Segment("█" * filled),
    ]


def document(history: HistoryValue) -> Iterator[str]:
    """`tracetui.history/1`: the largest change to a run first; see `Trend` and `Change`."""
    head: dict[str, object] = {
        "schema": "tracetui.history/1",
        "by": history.by,
        "runs": history.runs,
        "branch": history.branch or None,
        "branches": len(history.branches),
        "needs": LEAST if history.runs < LEAST else None,
        "statistic": "rank_sum_scan",
        "speed_known": history.is_speed_known,
    }
    return as_document(head, (_json_row(history, trend) for trend in history.rows))


def _json_row(history: HistoryValue, trend: Trend) -> dict[str, object]:
    row: dict[str, object] = {
        "name": trend.name,
        "suite": trend.table.suite,
        "job": trend.table.job,
        "n": trend.n,
        "needs": LEAST if trend.too_few else None,
        "last_ns": trend.last_ns if trend.n else None,
        "added_ns": trend.added_ns,
        "changes": [_json_change(history.heads[change.run], change) for change in trend.changes],
    }
    if history.only:
        row["points"] = [_json_point(point) for point in points(history, trend)]
    return row


def _json_change(head: RunHead, change: Change) -> dict[str, object]:
    facts = change._asdict() | {"run": head.label, "start_ns": head.start_ns, "revision": head.revision}
    return facts | {"run_number": change.run + 1}


def _json_point(point: Point) -> dict[str, object]:
    return {
        "run": point.head.label,
        "start_ns": point.head.start_ns,
        "revision": point.head.revision,
        "outcome": point.outcome.label,
        "own_ns": point.own_ns,
        "at_least": point.at_least,
        "speed": point.speed,
    }
