"""Runs of one name, the newest first: outcome, start, duration, number of failures."""

from collections.abc import Sequence

from tracetui import units
from tracetui.analysis.runs.runs import ALL, NEWEST, Runs, Summary
from tracetui.analysis.study.findings import Findings
from tracetui.report.drawing.bars import share_bar
from tracetui.report.drawing.style import MARKS
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.lists.draw_panel import Bit, Item

MOST_RUNS = 64
_WHEN, _TOOK, _TESTS, _FAILED = 20, 9, 8, 8
_LEAST_BAR = 6
_HERE = "▸"


def history_items(reading: Reading, numbers: Sequence[int], width: int) -> list[Item]:
    """A line for each of the runs `numbers`."""
    runs, shown = reading.findings.runs, reading.findings.runs.number(reading.findings.choice)
    summaries = {number: runs[number] for number in numbers}
    took = {number: _took(reading, summary, number == shown) for number, summary in summaries.items()}
    most = max(took.values(), default=0)
    bar_width = width - 5 - _WHEN - _TOOK - _TESTS - _FAILED - 2
    return [
        _run(runs, number, summary, (took[number], most), bar_width, is_shown=number == shown)
        for number, summary in summaries.items()
    ]


def alike(findings: Findings) -> list[int]:
    """The runs with the name of the shown one, if there are others."""
    runs = findings.runs
    one = findings.choice == ALL or len(runs) < 2
    numbers = [] if one else runs.alike(runs.number(findings.choice), MOST_RUNS)
    return numbers if len(numbers) > 1 else []


def titles(width: int) -> str:
    """The titles of the last columns."""
    return f"{'took'.rjust(_TOOK)}{'tests'.rjust(_TESTS)}{'failed'.rjust(_FAILED)}"[-width:]


def _took(reading: Reading, summary: Summary, is_shown: bool) -> int:
    is_live = is_shown and summary.state == "live"
    return max(1, (reading.now_ns() if is_live else summary.end_ns) - summary.start_ns)


def _run(
    runs: Runs, number: int, summary: Summary, took: tuple[int, int], bar_width: int, *, is_shown: bool
) -> Item:
    outcome = summary.outcome
    bar = share_bar(*took, bar_width) if bar_width >= _LEAST_BAR else " " * max(0, bar_width)
    failed = Bit(
        (units.count(summary.failed) if summary.failed else "").rjust(_FAILED), "outcome-failed", bold=True
    )
    line = [
        Bit(f" {MARKS[outcome]} ", f"outcome-{outcome.label}", bold=True),
        Bit(f"{_HERE} " if is_shown else "  ", "accent", bold=True),
        Bit(
            units.moment(summary.start_ns)[:19].ljust(_WHEN),
            "foreground" if is_shown else "quiet",
            is_shown,
        ),
        Bit(bar, "role-suite"),
        Bit(f"  {units.duration(took[0]).rjust(_TOOK)}", bold=is_shown),
        Bit(units.count(summary.tests).rjust(_TESTS), "quiet"),
        failed,
    ]
    key = int(runs.key[number])
    return Item(key, [line], Door("run", choice=NEWEST if number == runs.newest else key))
