"""The modes, as data: keys, tabs, help and the app itself are made from this table.

A new mode is a line here. Its screen is named and not imported, so that a mode costs nothing until it is on.
"""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tracetui.ingest import Ingest
    from tracetui.ui.frame.mode import ModeScreen


class Mode(NamedTuple):
    """What a mode is called, its key, and where its `ModeScreen` is (`module:class`)."""

    key: str
    name: str
    title: str
    screen: str

    def made(self, title: str, ingest: "Ingest") -> "ModeScreen":
        """The screen of this mode for what `ingest` reads; `title` (foreign text) says what that is."""
        screen: ModeScreen = resolve_name(self.screen)(title, ingest)
        return screen


MODES = (
    Mode("1", "run", "Run", "tracetui.ui.overview.screen:RunScreen"),
    Mode("2", "waterfall", "Waterfall", "tracetui.ui.waterfall.screen:WaterfallScreen"),
    Mode("3", "lanes", "Lanes", "tracetui.ui.lanes.screen:LanesScreen"),
    Mode("4", "slowest", "Slowest", "tracetui.ui.ranking.screen:SlowestScreen"),
    Mode("5", "failures", "Failures", "tracetui.ui.failures.screen:FailuresScreen"),
    Mode("6", "health", "Health", "tracetui.ui.health.screen:HealthScreen"),
)
NAMES = frozenset(mode.name for mode in MODES)
FIRST = MODES[0].name
"""The mode that is on at first."""
