"""Divides the left column of the overview: the most valuable panels get their lines first."""

from typing import NamedTuple

CHART, LEAST_CHART = 14, 6
RUNS, LEAST_RUNS = 10, 3


LEAST_SLOWEST = 5
MOST_HELP, LEAST_HELP = 9, 3


class Wanted(NamedTuple):
    """How many lines panels want, including headings, 0 for none; `least_spent` is without any names.

    `above` are those of the first panels, with their gaps.
    """

    above: int
    least_spent: int
    spent: int
    runs: int
    durations: int


class Division(NamedTuple):
    """How many lines the panels below the first ones get; 0 if not shown."""

    spent: int = 0
    chart: int = 0
    runs: int = 0
    durations: int = 0


def divided(room: int, wanted: Wanted, gap: int = 1) -> Division:
    """Nothing without room for costs; what is left goes to a chart, runs, names, in this order.

    `gap` lines are below each panel.
    """
    left = room - wanted.above - wanted.least_spent - gap
    if left < 0 or not wanted.least_spent:
        return Division()
    chart = LEAST_CHART if left > LEAST_CHART else 0
    left -= chart + gap if chart else 0
    runs = min(wanted.runs, RUNS, left - gap) if wanted.runs and left > LEAST_RUNS else 0
    left -= runs + gap if runs else 0
    names = min(left, max(0, wanted.spent - wanted.least_spent))
    left -= names
    durations = wanted.durations if left > wanted.durations + gap else 0
    left -= durations + gap if durations else 0
    chart += min(left, CHART - LEAST_CHART) if chart else 0
    return Division(wanted.least_spent + names, chart, runs, durations)


def help_lines(room: int, wanted: int, gap: int) -> int:
    """How many lines *What would help* gets of `room`, which it shares with the slowest tests; 0 for none."""
    lines = min(MOST_HELP, max(LEAST_HELP, wanted), room - LEAST_SLOWEST - gap)
    return lines if lines >= LEAST_HELP else 0
