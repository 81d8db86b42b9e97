"""What changed: against the baseline, and over all runs of the directory."""

from collections.abc import Iterator

import numpy as np

from tracetui import units
from tracetui.analysis.compare.comparison import Comparison, Row, Verdict
from tracetui.analysis.history.change_points import Trend
from tracetui.analysis.history.over_runs import HistoryValue, binned
from tracetui.analysis.history.rank_scan import LEAST
from tracetui.report.deciding import compare as compare_report
from tracetui.report.deciding import history as history_report
from tracetui.report.html.markup import Markup, joined, tag
from tracetui.report.html.tables import Cell, Column, table
from tracetui.report.html.timeline.axis import hint

MOST_ROWS, MOST_RUNS = 60, 200
SPARK_CELLS, SPARK_PX, RUNS_PX = 40, 18, 64
RUN_PX, FEW_PX = 16, 340
"""So wide is each run where there are few, and so wide are few together: that fits on a phone."""
_TONES = {
    Verdict.NEWLY_FAILING: "tone-error",
    Verdict.NEWLY_FLAKY: "tone-warning",
    Verdict.SLOWER: "tone-error",
    Verdict.FASTER: "tone-success",
    Verdict.FIXED: "tone-success",
    Verdict.SUSPECT: "tone-warning",
}
_CHANGES = (
    Column(""),
    Column("verdict"),
    Column("base", "number wide"),
    Column("new", "number wide"),
    Column("ratio", "number wide"),
    Column("added", "number"),
    Column("failed", "number wide"),
    Column("n", "number wide"),
    Column("q", "number wide"),
)
_TRENDS = (
    Column("test"),
    Column("change", "number"),
    Column("added", "number"),
    Column("since", "quiet wide"),
    Column("q", "number quiet wide"),
    Column("over all runs", "bar wide"),
)


def comparison_section(comparison: Comparison) -> Markup:
    """The verdict, what qualifies it, what changed, and suspects."""
    changed, suspects = comparison.of(*compare_report.CHANGED), comparison.of(Verdict.SUSPECT)
    parts: list[Markup] = [
        tag("p", tag("b", compare_report.verdict_words(comparison), class_="said"), class_="lead"),
        tag("p", compare_report.sides_words(comparison), class_="quiet"),
        *_changed_table(changed),
    ]
    if method := compare_report.method_words(changed):
        parts.append(tag("p", method, class_="note"))
    if suspects:
        parts += [tag("h3", "Suspects"), *_changed_table(suspects)]
        parts.append(tag("p", f"No verdicts: {compare_report.suspect_words(comparison)}.", class_="note"))
        parts.append(tag("p", tag("code", compare_report.confirm_command(comparison)), class_="command"))
    return joined(
        (*parts, *(tag("p", said, class_="note") for said, _ in compare_report.remarks(comparison)))
    )


def _changed_table(rows: list[Row]) -> Iterator[Markup]:
    if rows:
        yield table(_CHANGES, map(_changed, rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        yield tag("p", f"{units.many(len(rows) - MOST_ROWS, 'more row')} left out.", class_="note")


def _changed(row: Row) -> list[Cell | str]:
    tone = _TONES.get(row.verdict, "")
    return [
        compare_report.title(row.subject),
        Cell(compare_report.word(row.verdict), tone),
        *("" if ns is None else units.duration(ns) for ns in (row.base_ns, row.new_ns)),
        Cell(compare_report.ratio_text(row), tone),
        Cell(compare_report.signed(row.added_ns), tone),
        compare_report.failed_text(row),
        compare_report.n_text(row),
        compare_report.q_text(row.q),
    ]


def history_section(history: HistoryValue) -> Markup:
    """The runs as columns, then what became permanently slower or faster."""
    over = tag("span", f" {history_report.over_words(history)}", class_="quiet")
    changed = [trend for trend in history.rows if trend.changes]
    parts = [tag("p", tag("b", history_report.verdict_words(history)), over, class_="lead"), _runs(history)]
    if changed:
        parts.append(table(_TRENDS, (_trend(history, trend) for trend in changed[:MOST_ROWS])))
    notes = list(history_report.how_words(history))
    if len(changed) > MOST_ROWS:
        notes.insert(0, f"{units.many(len(changed) - MOST_ROWS, 'more change')} left out.")
    if history.runs < LEAST:
        notes.insert(0, f"{history_report.few_words(history.runs)}.")
    return joined((*parts, *(tag("p", line, class_="note") for line in notes)))


def _runs(history: HistoryValue) -> Markup:
    """A column for each run; its height is the run's length, its colour the outcome."""
    heads = list(history.heads)[-MOST_RUNS:]
    longest = max([1, *(head.end_ns - head.start_ns for head in heads)])
    width = 100 / max(1, len(heads))
    bars = []
    for place, head in enumerate(heads):
        length = head.end_ns - head.start_ns
        height = max(2.0, RUNS_PX * length / longest)
        where = f'x="{(place + 0.1) * width:.3f}%" width="{0.8 * width:.3f}%"'
        box = f'y="{RUNS_PX - height:.1f}" height="{height:.1f}"'
        ended = f"{head.outcome.label.replace('_', ' ')}, {units.many(head.tests, 'test')}"
        title = hint(f"{head.suite} {head.label}", ended, units.duration(length))
        bars.append(Markup(f'<rect class="outcome-{head.outcome.label}" {where} {box}>{title}</rect>'))
    label = f"how long each of {units.many(len(heads), 'run')} took, the last at the right"
    full = "100%" if len(heads) * RUN_PX > FEW_PX else len(heads) * RUN_PX
    chart = tag("svg", *bars, class_="runs", width=full, height=RUNS_PX, role="img", aria_label=label)
    caption = f"{units.many(len(heads), 'run')}, the longest {units.duration(longest)}"
    return tag("figure", chart, tag("figcaption", caption, class_="quiet"))


def _trend(history: HistoryValue, trend: Trend) -> list[Cell | str]:
    last = trend.changes[-1]
    tone = "tone-error" if last.ratio > 1 else "tone-success"
    several = len({head.kind for head in history.heads}) > 1
    return [
        history_report.title(trend, several),
        Cell(history_report.change_words(trend), tone),
        Cell(history_report.signed(trend.added_ns), tone),
        history_report.since_words(history.heads[last.run]),
        history_report.q_text(last.q),
        Cell(_spark(trend)),
    ]


def _spark(trend: Trend) -> Markup:
    """Its duration from run to run."""
    values = binned(trend, SPARK_CELLS)
    most, width = max(1, *values, 1), 100 / max(1, len(values))
    heights = np.clip(np.array(values) * SPARK_PX // most, 1, SPARK_PX).tolist()
    shapes = [
        f'<rect class="role-test" x="{place * width:.2f}%" width="{0.8 * width:.2f}%" '
        f'y="{SPARK_PX - height}" height="{height}"/>'
        for place, (height, value) in enumerate(zip(heights, values, strict=True))
        if value >= 0
    ]
    return tag("svg", Markup("".join(shapes)), width="100%", height=SPARK_PX, aria_hidden="true")
