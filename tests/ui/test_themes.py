"""Themes: legible on every ground, and told apart by eyes that lack a kind of cone."""

from itertools import combinations, product

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.ui.showing import RESMOKE, showing
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.palettes import GROUNDS, PALETTES, WORDS, Palette
from tracetui.settings import Settings
from tracetui.settings.state import keep, recall
from tracetui.settings.values import SettingError
from tracetui.ui.theme.themes import SIXTEEN, THEMES, Paint, starting_theme

LEGIBLE, VISIBLE = 4.5, 1.5
APART = 0.07
OURS = [palette for palette in PALETTES if not palette.sixteen]
TERMINALS_OWN = dict(
    zip(
        ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
        ["#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"],
        strict=True,
    )
)
"""xterm's sixteen colours, the dim half."""

CVD = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""

Triple = tuple[float, ...]


def linear(colour: Color) -> Triple:
    """Linear RGB (IEC 61966-2-1)."""
    return tuple(x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in colour.normalized)


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.2's ratio of two colours, between 1 and 21."""
    light, dark = sorted(
        (sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb: Triple) -> Triple:
    """Linear RGB in Ottosson's OKLab, where equal distances look equally far."""
    cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return times(lab, tuple(max(x, 0) ** (1 / 3) for x in times(cones, rgb)))


def times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    """A matrix and a vector."""
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def distance(one: str, other: str, eyes: str) -> float:
    """How far two colours are for such eyes."""
    seen = [
        oklab(tuple(min(1.0, max(0.0, x)) for x in times(CVD[eyes], linear(Color.parse(colour)))))
        for colour in (one, other)
    ]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)


def closest(palette: Palette, eyes: str) -> float:
    """The least distance between two outcomes, and between two kinds of bars."""
    colours = palette.colours
    outcomes = [f"outcome-{name}" for name in ("passed", "failed", "cut_off", "skipped", "running")]
    bars = [f"role-{name}" for name in ("suite", "test", "hook", "archiver")] + outcomes[1:3]
    pairs = [*combinations(outcomes, 2), *combinations(bars, 2)]
    return min(distance(colours[one], colours[other], eyes) for one, other in pairs)


@pytest.mark.parametrize("palette", OURS, ids=lambda palette: palette.name)
def test_every_word_is_legible_on_every_ground(palette: Palette) -> None:
    """Every colour that words have stands out from every ground that words stand on, marked tabs too."""
    colours = {name: Color.parse(colour) for name, colour in palette.colours.items()}
    grounds = GROUNDS[:-1]
    for word, ground in product([name for name in colours if name not in GROUNDS], grounds):
        assert contrast(colours[word], colours[ground]) >= LEGIBLE, (word, ground)
    assert contrast(colours["scroll-thumb"], colours["surface"]) >= VISIBLE


def test_sixteen_colours_are_legible() -> None:
    """The theme of the terminal's own colours is legible with xterm's, and asks for nothing else."""
    (palette,) = [palette for palette in PALETTES if palette.sixteen]
    for name, colour in palette.colours.items():
        own = TERMINALS_OWN[colour.removeprefix("ansi_").removeprefix("bright_")]
        if name in WORDS or name.startswith(("role", "outcome")):
            bright = colour.startswith("ansi_bright_blue")  # xterm's is #5c5cff.
            assert contrast(Color.parse("#5c5cff" if bright else own), Color.parse("#000000")) >= 3.5, name


@pytest.mark.parametrize("eyes", CVD)
def test_two_themes_are_for_every_eye(eyes: str) -> None:
    """Blue and orange: outcomes and bars are far apart for eyes that other themes would not do for."""
    safe = {palette.name: closest(palette, eyes) for palette in OURS}
    assert min(safe["tracetui-blue-orange"], safe["tracetui-blue-orange-light"]) >= APART
    assert safe["tracetui-dark"] < APART


def test_one_shape() -> None:
    """Every theme says every colour that the others say, of every role and outcome."""
    for palette in PALETTES:
        assert palette.colours.keys() == PALETTES[0].colours.keys()
        paint = Paint(palette.colours)
        assert set(paint.roles) == set(Role)
        assert set(paint.outcomes) == set(Outcome)


def test_the_theme_at_first() -> None:
    """What is set wins, then what suits the terminal, then what was chosen last, if that still exists."""
    names = [*THEMES, *BUILTIN_THEMES]
    assert starting_theme(Settings(), names, "truecolor") == "tracetui-dark"
    keep(theme="nord")
    assert starting_theme(Settings(), names, "truecolor") == "nord"
    assert starting_theme(Settings(), list(THEMES), "truecolor") == "tracetui-dark"
    assert starting_theme(Settings(), names, "standard") == SIXTEEN
    assert starting_theme(Settings(theme="tracetui-warm"), names, "standard") == "tracetui-warm"
    with pytest.raises(SettingError, match="did you mean tracetui-warm"):
        starting_theme(Settings(theme="tracetui-worm"), names, "truecolor")


async def test_the_key_cycles() -> None:
    """t goes through our themes and comes round; the last one is kept for the next time."""
    async with showing(RESMOKE) as shown:
        seen = []
        for _ in THEMES:
            seen.append(shown.app.theme)
            await shown.press("t")
        assert tuple(seen) == tuple(THEMES)
        assert shown.app.theme == seen[0]
        await shown.press("t")
        await shown.until(lambda: recall().theme == seen[1])


async def test_themes_of_others() -> None:
    """A theme of Textual's own can be on; every screen still has its colours."""
    async with showing(RESMOKE) as shown:
        for theme in ("nord", "ansi-dark", "ansi-light"):
            shown.app.theme = theme
            for key in "234?":
                await shown.press("question_mark" if key == "?" else key)
            await shown.press("escape")
            assert "133 spans" in shown.lines[0]


async def test_our_theme_is_found_without_looking_through_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn asks for it thousands of times a second; others are found as ever."""
    async with showing(RESMOKE) as shown:
        app = shown.app
        assert app.get_theme("nord") is BUILTIN_THEMES["nord"]
        monkeypatch.setattr(type(app), "available_themes", {})
        assert app.get_theme(app.theme) is THEMES[app.theme]
