"""Colours: a dark and a light theme, and the styles of roles and outcomes in whatever theme is on.

Every colour is also a shape or a word, so that nothing is told by colour alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tracetui.model.role import Outcome, Role
from tracetui.settings import Settings
from tracetui.settings.state import recall

DARK_VARIABLES = {
    "role-suite": "#7d9ff5",
    "role-worker": "#5d6f96",
    "role-test": "#45b7a5",
    "role-phase": "#35877c",
    "role-hook": "#cf9b45",
    "role-archiver": "#aa86dd",
    "role-other": "#7d8a9c",
    "outcome-unknown": "#7d8a9c",
    "outcome-passed": "#63bb79",
    "outcome-failed": "#f4616d",
    "outcome-error": "#f4616d",
    "outcome-skipped": "#8c97a8",
    "outcome-xfailed": "#b9a65a",
    "outcome-xpassed": "#dfa43a",
    "outcome-cut_off": "#d07f4f",
    "outcome-running": "#dfe7f2",
    "outcome-rerun": "#dfa43a",
    "quiet": "#7b8798",
    "cursor-row": "#222c3a",
    "scroll-thumb": "#37445a",
}
LIGHT_VARIABLES = {
    "role-suite": "#3f61c4",
    "role-worker": "#7583a3",
    "role-test": "#11897a",
    "role-phase": "#5db5a9",
    "role-hook": "#a8701a",
    "role-archiver": "#7c52bd",
    "role-other": "#6d7888",
    "outcome-unknown": "#6d7888",
    "outcome-passed": "#25834a",
    "outcome-failed": "#c6203c",
    "outcome-error": "#c6203c",
    "outcome-skipped": "#6d7888",
    "outcome-xfailed": "#85722a",
    "outcome-xpassed": "#a8700a",
    "outcome-cut_off": "#ad5726",
    "outcome-running": "#1c2430",
    "outcome-rerun": "#a8700a",
    "quiet": "#6b7686",
    "cursor-row": "#dbe4f0",
    "scroll-thumb": "#b9c6d8",
}

DARK = Theme(
    name="tracetui-dark",
    primary="#7d9ff5",
    accent="#7d9ff5",
    warning="#dfa43a",
    error="#f4616d",
    success="#63bb79",
    foreground="#d5dce6",
    background="#11151b",
    surface="#171c24",
    panel="#1d242e",
    dark=True,
    variables=DARK_VARIABLES,
)
LIGHT = Theme(
    name="tracetui-light",
    primary="#3f61c4",
    accent="#3f61c4",
    warning="#a8700a",
    error="#c6203c",
    success="#25834a",
    foreground="#1c2430",
    background="#fafbfc",
    surface="#f1f4f7",
    panel="#e7ecf1",
    dark=False,
    variables=LIGHT_VARIABLES,
)


def starting_theme(settings: Settings, available: Collection[str]) -> str:
    """The theme that is set, else the one chosen last; raises `SettingError` for one that there is not."""
    if settings.theme is not None:
        settings.require_known("theme", settings.theme, available)
        return settings.theme
    kept = recall().theme
    return kept if kept is not None and kept in available else DARK.name


@dataclass(frozen=True)
class Paint:
    """The styles of one theme, from its variables."""

    variables: Mapping[str, str]

    def colour(self, name: str) -> str:
        """A theme colour as Rich calls it."""
        return _rich_name(self.variables[name])

    def style(self, name: str, background: str = "background", *, bold: bool = False) -> Style:
        """A theme colour on a theme colour."""
        return _style(self.colour(name), self.colour(background), bold)

    @cached_property
    def roles(self) -> Mapping[Role, str]:
        """The colour of each role."""
        return {role: self.colour(f"role-{role.label}") for role in Role}

    @cached_property
    def outcomes(self) -> Mapping[Outcome, str]:
        """The colour of each outcome."""
        return {outcome: self.colour(f"outcome-{outcome.label}") for outcome in Outcome}

    @staticmethod
    def bar_name(role: Role, outcome: Outcome) -> str:
        """The name of the colour of a span's bar: a bad outcome wins, but on what merely contains it."""
        loud = (outcome.bad or outcome is Outcome.CUT_OFF) and role not in (Role.SUITE, Role.WORKER)
        return f"outcome-{outcome.label}" if loud else f"role-{role.label}"


@lru_cache(maxsize=4096)
def _style(colour: str, background: str, bold: bool) -> Style:
    # One object a style: Rich keeps a style's escape codes with the object.
    return Style(color=colour, bgcolor=background, bold=bold)


@cache
def _rich_name(colour: str) -> str:
    # Rich does not know what Textual's themes of sixteen colours say: `ansi_blue`.
    return Color.parse(colour).rich_color.name
