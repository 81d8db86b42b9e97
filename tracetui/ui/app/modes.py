"""The modes, as data: keys, tabs, help and the app itself are made from this table.

A new mode is a line here. Its screen is named and not imported, so that a mode costs nothing until it is
opened.
"""

from typing import NamedTuple


class Mode(NamedTuple):
    """A mode's name and title, its key, and where its `ModeScreen` is (`module:class`)."""

    key: str
    name: str
    title: str
    screen: str


MODES = (
    Mode("1", "run", "Run", "tracetui.ui.overview.screen:RunScreen"),
    Mode("2", "waterfall", "Waterfall", "tracetui.ui.waterfall.screen:WaterfallScreen"),
    Mode("3", "lanes", "Lanes", "tracetui.ui.lanes.screen:LanesScreen"),
    Mode("4", "slowest", "Slowest", "tracetui.ui.ranking.screen:SlowestScreen"),
    Mode("5", "failures", "Failures", "tracetui.ui.failures.screen:FailuresScreen"),
    Mode("6", "health", "Health", "tracetui.ui.health.screen:HealthScreen"),
    Mode("7", "what_if", "What if", "tracetui.ui.what_if.screen:WhatIfScreen"),
    Mode("8", "compare", "Compare", "tracetui.ui.compare.screen:CompareScreen"),
    Mode("9", "history", "History", "tracetui.ui.history.screen:HistoryScreen"),
)
NAMES = frozenset(mode.name for mode in MODES)
FIRST = MODES[0].name
"""The mode that is on at first."""
