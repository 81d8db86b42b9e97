"""Themes: one of Textual's for each palette, and the styles of roles and outcomes in any theme.

Every colour is also a shape or a word, so that nothing depends on colour alone.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import force_setattr
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.palettes import PALETTES, Palette, bar_name
from tracetui.settings import Settings
from tracetui.settings.state import recall


def _theme(palette: Palette) -> Theme:
    colours = palette.colours
    return Theme(
        palette.name,
        primary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warning"],
        error=colours["error"],
        success=colours["success"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        dark=palette.dark,
        ansi=palette.sixteen,
        # Where Textual draws by itself, the sixteen need names that only its own such themes have.
        variables={**(BUILTIN_THEMES["ansi-dark"].variables if palette.sixteen else {}), **colours},
    )


THEMES = {palette.name: _theme(palette) for palette in PALETTES}
DARK, LIGHT = THEMES["tracetui-dark"], THEMES["tracetui-light"]
SIXTEEN = next(palette.name for palette in PALETTES if palette.sixteen)


def starting_theme(settings: Settings, available: Collection[str], colours: str | None) -> str:
    """The theme in the settings, else one that suits a terminal with these `colours`.

    `colours` is Rich's name for them. Without a setting, it is the theme chosen last. Raises `SettingError`
    for an unknown one.
    """
    if settings.theme is not None:
        settings.require_known("theme", settings.theme, available)
        return settings.theme
    if colours == "standard":
        return SIXTEEN
    kept = recall().theme
    return kept if kept is not None and kept in available else DARK.name


SERVICES = ("role-suite", "role-hook", "role-test", "role-archiver", "outcome-running")
"""Colours of services, which are apart for every eye: where there are services, no span has such a role."""


class _RichNames(Mapping[str, str]):
    """The variables of a theme, with Rich's names of colours."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> str:
        return _rich_name(self._variables[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


@cache
def _rich_name(colour: str) -> str:
    return Color.parse(colour).rich_color.name


class Paint(Struct, frozen=True, dict=True):
    """The styles of one theme, from its variables."""

    variables: Mapping[str, str]

    def __post_init__(self) -> None:
        """Translate the names in 16-colour themes, `ansi_blue`, which Rich does not know."""
        force_setattr(self, "variables", _RichNames(self.variables))

    def colour(self, name: str) -> str:
        """A theme colour by Rich's name."""
        return self.variables[name]

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
    def service_name(number: int) -> str:
        """The name of the colour of a service; there are a few, which repeat."""
        return SERVICES[number % len(SERVICES)]

    bar_name = staticmethod(bar_name)


@lru_cache(maxsize=4096)
def _style(colour: str, background: str, bold: bool) -> Style:
    # One object a style: Rich keeps a style's escape codes with the object.
    return Style(color=colour, bgcolor=background, bold=bold)
