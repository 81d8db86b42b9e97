"""Terminals that can do less: no colours, sixteen, ASCII alone, none at all."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

import tracetui as package
from tests.cli.running import on_a_terminal, tracetui
from tests.ui.hostile import CORPUS
from tests.ui.showing import RESMOKE, showing
from tests.ui.terminal import is_up, terminal
from tracetui.report.drawing.glyphs import GLYPHS, in_ascii
from tracetui.report.drawing.palettes import GROUNDS, PALETTES, Palette
from tracetui.settings import Settings
from tracetui.settings.values import speaks_unicode
from tracetui.text import sanitize, width
from tracetui.ui.app.modes import MODES
from tracetui.ui.theme.filters import colourless, nearest

DRAWING = ("ui", "report", "analysis", "cli", "units.py")
OF_OTHERS = "日�"
"""Stand for foreign text where our own text speaks of it."""


@given(st.text() | st.sampled_from([*CORPUS, "naïve", "日本語", "a👩‍👩‍👧b", "é"]))
def test_ascii_has_the_same_cells(foreign: str) -> None:
    """Whatever the text, in ASCII it is ASCII, and takes as many cells."""
    drawn = in_ascii(sanitize(foreign))
    assert drawn.isascii()
    assert width(drawn) == width(sanitize(foreign))


def test_letters_keep_their_base() -> None:
    """Where a letter has a base in ASCII, that stands for it; elsewhere a question mark per cell does."""
    assert in_ascii(sanitize("naïve ▶ 日本")) == "naive > ????"


def test_every_shape_of_ours_has_a_stand_in() -> None:
    """No shape that we draw with becomes a question mark (if this fails: report/glyphs.py wants a pair)."""
    missing = set[str]()
    root = Path(package.__file__).parent
    for path in root.rglob("*.py"):
        if path.relative_to(root).parts[0] in DRAWING:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    missing |= {
                        each for each in node.value if ord(each) > 127 and in_ascii(sanitize(each)) == "?"
                    }
    assert not missing - set(OF_OTHERS)
    assert all(width(sanitize(shape)) == len(plain) == 1 for shape, plain in GLYPHS.items())


async def test_screens_in_ascii() -> None:
    """Every screen, the help and the palette are drawn with ASCII alone."""
    async with showing(RESMOKE, settings=Settings(ascii=True)) as shown:
        for keys in (*(mode.key for mode in MODES), "question_mark", "escape", "ctrl+p"):
            await shown.press(keys)
            assert shown.text.isascii()


async def test_keys_in_ascii() -> None:
    """In ASCII no two keys of the footer look alike."""
    async with showing(RESMOKE, settings=Settings(ascii=True)) as shown:
        assert "enter Detail" in shown.lines[-1]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LC_ALL": "C"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "POSIX"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": "de_DE.UTF-8"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": ""}, True),
    ],
)
def test_the_locale_decides(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: bool
) -> None:
    """Where nothing is set, the locale says whether there is more than ASCII."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert speaks_unicode() is expected
    assert Settings().draws_ascii is not expected
    assert Settings(ascii=True).draws_ascii


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--ascii",), {}),
        ((), {"TRACETUI_ASCII": "1"}),
        ((), {"LC_ALL": "C"}),
        ((), {"PYTHONIOENCODING": "latin-1"}),
    ],
)
def test_pages_in_ascii(arguments: tuple[str, ...], variables: dict[str, str]) -> None:
    """Pages are drawn with ASCII alone where that is asked for, or where the locale has no more."""
    ran = tracetui("waterfall", RESMOKE, *arguments, stdin=b"", cwd=None, **variables)
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    assert b"##" in ran.stdout


def test_no_colours(tmp_path: Path) -> None:
    """With NO_COLOR not one colour comes to the terminal; bold and inverse do."""
    with terminal("-m", "tracetui", "open", RESMOKE, NO_COLOR="1") as tty:
        tty.until(is_up)
        tty.type("j")
        tty.until(lambda seen: seen.count(b"\x1b[1m") > 2)
        tty.type("q")
        assert tty.end() == 0
    assert not {b"38", b"48"} & set(parameters(tty.seen))
    assert b"7" in parameters(tty.seen)


def test_sixteen_colours() -> None:
    """On a terminal of sixteen colours, those are all that comes."""
    with terminal("-m", "tracetui", "open", RESMOKE, TERM="xterm", COLORTERM="") as tty:
        tty.until(lambda seen: is_up(seen) and b"jstests" in seen)
        tty.type("q")
        assert tty.end() == 0
    assert not {b"38", b"48"} & set(parameters(tty.seen))
    assert {b"92", b"97"} <= set(parameters(tty.seen))


def parameters(seen: bytes) -> list[bytes]:
    """The parameters of every sequence that sets colours or styles."""
    chunks = [chunk.partition(b"m")[0] for chunk in seen.split(b"\x1b[")[1:]]
    return [part for chunk in chunks if chunk.replace(b";", b"").isdigit() for part in chunk.split(b";")]


def test_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that knows no sequences gets the pages, and not one sequence."""
    code, seen = on_a_terminal("open", RESMOKE, TERM="dumb")
    assert code == 0
    assert b"own" in seen
    assert b"\x1b" not in seen


CURSORS = {
    "DetailRows": ("enter", "down"),
    "CommandList": ("ctrl+p", "down"),
    "Chosen": ("c", "down"),
    "OptionList": ("ctrl+f",),
    "RunList": ("r",),
    "FailureRows": ("5",),
    "HealthRows": ("6",),
    "Slowest": ("4",),
    "LaneRows": ("3",),
    "Waterfall": ("2",),
    "NowPanel": ("1",),
}


async def test_cursors_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any colour, the line under the cursor has a mark of its own, or is inverse."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with showing(RESMOKE, settings=Settings(filters={"slow": "dur>1s"})) as shown:
        for name, keys in CURSORS.items():
            await shown.anew("waterfall")
            await shown.press(*keys)
            await shown.still()
            region = shown.app.screen.query_one(name).region
            lines = [strip.crop(region.x, region.right) for strip in shown.strips[region.y : region.bottom]]
            marked = [line for line in lines if line.text[:1] == "▌"]
            inverse = [line for line in lines if any(part.style and part.style.reverse for part in line)]
            assert 0 < len(marked or inverse) < max(2, len(lines)), f"{name}:\n{shown.text}"


@pytest.mark.parametrize("palette", [each for each in PALETTES if not each.sixteen], ids=lambda it: it.name)
def test_greys_stay_greys(palette: Palette) -> None:
    """Of 240 colours, a ground without much colour is one of the greys (or white, or black)."""
    for name in GROUNDS:
        red, green, blue = colour = Color.parse(palette.colours[name]).rgb
        found = nearest(colour)
        if max(colour) - min(colour) <= 30:
            assert found >= 232 or found in (16, 59, 102, 145, 188, 231), (name, red, green, blue, found)
    assert nearest((255, 0, 0)) == 196
    assert nearest((0x22, 0x2C, 0x3A)) == 236


def test_256_colours_without_truecolor(small: Path) -> None:
    """Without COLORTERM the ground is grey all over: no cube colour that is dark blue."""
    with terminal("-m", "tracetui", "open", small, COLORTERM="", TERM="xterm-256color") as tty:
        tty.until(is_up)
        tty.type("2")
        tty.still()
        tty.type("q")
        assert tty.end() == 0
    grounds = {int(found) for found in re.findall(rb"48;5;(\d+)", tty.seen)}
    assert grounds & set(range(232, 256))
    assert not grounds & {17, 18, 19, 23, 24}


@pytest.mark.parametrize(
    ("style", "is_inverse"),
    [
        ("red", False),
        ("white on default", False),
        ("white on black", False),
        ("black on white", True),
        ("black on color(14)", True),
        ("reverse white", True),
    ],
)
def test_loud_grounds_of_sixteen_colours(style: str, is_inverse: bool) -> None:
    """The terminal's own colours are loud or not by what they usually look like."""
    ((_, drawn, _),) = colourless("ansi_black").apply([Segment("x", Style.parse(style))], Color(0, 0, 0))
    assert drawn is not None
    assert drawn.color is drawn.bgcolor is None
    assert bool(drawn.reverse) is is_inverse
