"""How the left column of the overview is divided: what is worth most gets its lines first."""

from typing import NamedTuple

GAP = 1
"""A line below each panel."""
CHART, LEAST_CHART = 14, 6
RUNS, LEAST_RUNS = 10, 3


class Wanted(NamedTuple):
    """How many lines panels want, heading included; `least_spent` is without any names. 0 for none.

    `above` are those of the first panels, with their gaps.
    """

    above: int
    least_spent: int
    spent: int
    runs: int
    durations: int


class Division(NamedTuple):
    """How many lines the panels below the first ones get; 0 for those that are not shown."""

    spent: int = 0
    chart: int = 0
    runs: int = 0
    durations: int = 0


def divided(room: int, wanted: Wanted) -> Division:
    """Nothing more where there is no room for both costs and chart."""
    left = room - wanted.above - wanted.least_spent - GAP - LEAST_CHART - GAP
    if left < 0 or not wanted.least_spent:
        return Division()
    runs = min(wanted.runs, RUNS, left - GAP) if wanted.runs and left > LEAST_RUNS else 0
    left -= runs + GAP if runs else 0
    names = min(left, max(0, wanted.spent - wanted.least_spent))
    left -= names
    durations = wanted.durations if left > wanted.durations + GAP else 0
    left -= durations + GAP if durations else 0
    taller = min(left, CHART - LEAST_CHART)
    return Division(wanted.least_spent + names, LEAST_CHART + taller, runs, durations)
