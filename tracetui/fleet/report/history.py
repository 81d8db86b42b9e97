"""`fleet history`: when tests became permanently slower or faster, over the runs of a fleet."""

from collections.abc import Sequence
from typing import Any

from rich.style import Style

from tracetui import units
from tracetui.analysis.history.change_points import FACTOR, LEVEL, Trend
from tracetui.analysis.history.over_runs import HistoryValue, binned, points
from tracetui.analysis.history.rank_scan import AFTER, BEFORE, LEAST
from tracetui.fleet.queries.series import history as query
from tracetui.fleet.queries.series import longest, runs_of
from tracetui.fleet.report.answer import Answer, Column, Row, Section, quiet
from tracetui.fleet.report.asking import Question, extent, minute, over_words, remarks
from tracetui.fleet.statistics.over_runs import value
from tracetui.report.deciding.history import FASTER, few_words, signed
from tracetui.report.drawing.sparks import spark
from tracetui.report.drawing.style import BAD, PLAIN

FOLLOWED = 500
"""So many tests are followed, those that take most time."""
SPARK_CELLS = 16
_CHANGE = f"rank-sum scan, q <= {LEVEL:.0%} (Benjamini-Hochberg), at least {FACTOR:.2f}x"
_NOTES = (
    "a row per suite and variant; n: runs in which it passed at its first attempt, own time",
    "before changes are looked for, each run's speed is divided out",
    f"a change: {_CHANGE}, {BEFORE} runs before and {AFTER} after it",
)
REVISION = 10
"""So many characters of a revision, as people say it."""
KEYS = (
    *("test", "suite", "variant", "n", "needs", "last_ns", "added_ns", "ratio", "since_ns", "since_run"),
    *("since_revision", "q"),
)


def history(question: Question, name: str = "", followed: int = FOLLOWED) -> Answer:
    """Tests named `name`, or whose names contain it; without one, those that take most time."""
    held = extent(question)
    names = [row["test"] for row in question.rows(longest, followed, name)]
    names = [name] if name in names else names
    past = followed_tests(question, names, name)
    rows = [_row(past, trend, len(names) == 1) for trend in past.rows]
    return Answer(
        verb="history",
        head={"runs": held.runs, "followed": len(names), "needs": LEAST if held.runs < LEAST else None},
        rows=rows,
        keys=KEYS,
        said=_said(rows),
        beside=over_words(question, held),
        sections=[Section(_COLUMNS, rows), *_each_run(rows)],
        remarks=[*remarks(question, held), *_remarks(held.runs, names, name, followed)],
        notes=_NOTES,
    )


def followed_tests(question: Question, names: Sequence[str], name: str = "") -> HistoryValue:
    """What tests of these names took from run to run, and where that changed; see `over_runs.value`."""
    runs = question.table(runs_of)
    past = value(question.table(query, names), runs, name)
    changed = sorted({trend.name for trend in past.rows if trend.changes})
    if changed:  # What they took says nothing about the speed of a run.
        past = value(question.table(query, names, changed), runs, name)
    return past


def _said(rows: Sequence[Row]) -> str:
    """The number of tests, and of variants on which they changed."""
    if not rows:
        return "no test to follow"
    tests = units.many(len({row["test"] for row in rows}), "test")
    changed = [row for row in rows if row["changes"]]
    if not changed:
        return f"{tests}, {'too few runs to tell' if all(row['needs'] for row in rows) else 'no change'}"
    added = signed(sum(row["added_ns"] for row in changed))
    return f"{tests}, {units.many(len(changed), 'change')} ({added} a run)"


def _remarks(runs: int, names: Sequence[str], name: str, followed: int) -> list[str]:
    lines = []
    if 0 < runs < LEAST:
        lines.append(f"{few_words(runs)}: nothing here can be told from noise")
    if runs and not names and name:
        lines.append(f"no test is called {name}")
    if len(names) == followed:
        most = units.count(followed)
        lines.append(f"the {most} tests that take most time; give a NAME, or a part of one, for others")
    return lines


def _row(past: HistoryValue, trend: Trend, with_points: bool) -> dict[str, Any]:
    """A row of the document; the last of its changes has keys of its own, for tables."""
    heads = past.heads
    changes = [
        {
            **{key: getattr(change, key) for key in ("ratio", "q", "before_ns", "after_ns")},
            "run": heads[change.run].label,
            "start_ns": heads[change.run].start_ns,
            "revision": heads[change.run].revision,
        }
        for change in trend.changes
    ]
    last = changes[-1] if changes else {}
    row = {
        "test": trend.name,
        "suite": trend.table.suite,
        "variant": trend.table.job,
        "n": trend.n,
        "needs": LEAST if trend.too_few else None,
        "last_ns": trend.last_ns if trend.n else None,
        "added_ns": trend.added_ns,
        "ratio": last.get("ratio"),
        "since_ns": last.get("start_ns"),
        "since_run": last.get("run"),
        "since_revision": last.get("revision"),
        "q": last.get("q"),
        "changes": changes,
        "trend_ns": [None if ns < 0 else ns for ns in binned(trend, SPARK_CELLS)],
    }
    return row | ({"points": _points(past, trend)} if with_points else {})


def _points(past: HistoryValue, trend: Trend) -> list[dict[str, Any]]:
    """The runs of a row, the last first."""
    return [
        {
            "run": point.head.label,
            "start_ns": point.head.start_ns,
            "revision": point.head.revision,
            "own_ns": point.own_ns,
            "speed": point.speed,
        }
        for point in points(past, trend)
    ]


def _change_style(row: Row) -> Style:
    return PLAIN if row["ratio"] is None else BAD if row["ratio"] > 1 else FASTER


def _change_words(row: Row) -> str:
    """The last change, and the number of earlier ones: `2.01x (+1 before)`."""
    if row["ratio"] is None:
        return "too few runs" if row["needs"] else ""
    earlier = len(row["changes"]) - 1
    return f"{row['ratio']:.2f}x" + (f" (+{earlier} before)" if earlier else "")


_COLUMNS = (
    Column("test", lambda row: row["test"]),
    Column("variant", lambda row: row["variant"], quiet),
    Column("n", lambda row: units.count(row["n"]), quiet, is_wide=True),
    Column("last", lambda row: units.duration(row["last_ns"] or 0)),
    Column("change", _change_words, _change_style),
    Column("added", lambda row: signed(row["added_ns"]) if row["changes"] else "", _change_style),
    Column("since", lambda row: minute(row["since_ns"]) if row["changes"] else "", quiet, is_wide=True),
    Column("revision", lambda row: (row["since_revision"] or "")[:REVISION], quiet, is_wide=True),
    Column("over time", lambda row: spark([-1 if ns is None else ns for ns in row["trend_ns"]])),
)
_POINTS = (
    Column("run", lambda row: row["run"]),
    Column("began", lambda row: minute(row["start_ns"]), quiet),
    Column("revision", lambda row: row["revision"][:REVISION], quiet),
    Column("own time", lambda row: units.duration(row["own_ns"])),
    Column("the run's speed", lambda row: f"{row['speed']:.2f}x", quiet),
)


def _each_run(rows: Sequence[Row]) -> list[Section]:
    """The runs of one test, a table for each suite and variant."""
    return [
        Section(
            _POINTS, row["points"], title=" ".join(filter(None, (row["suite"], row["variant"]))) or "runs"
        )
        for row in rows
        if "points" in row
    ]
