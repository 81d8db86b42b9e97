"""Modes, help, palette, themes, and the way out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widgets import Input

from tests.builders import write_small_run
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.app.commands import system_commands
from tracetui.ui.app.modes import MODES
from tracetui.ui.dialogs.help_screen import HelpScreen, help_content
from tracetui.ui.frame.tabs import ModeTabs
from tracetui.ui.keys import keys
from tracetui.ui.keys.key import Key
from tracetui.ui.keys.mode_keys import LIST

KEYED = [mode for mode in MODES if dict(keys.HELP)[mode.title]]


def table(mode: str) -> list[Key]:
    """The keys that help tells of for a mode."""
    return [*keys.EVERYWHERE, keys.REPLAY[0], *LIST, *dict(keys.HELP)[mode]]


shares = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shown]:
    """The small run."""
    async with showing(write_small_run(tmp_path_factory.mktemp("small") / "spans")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def shown(opened: Shown) -> AsyncIterator[Shown]:
    """It, as it was opened."""
    size, theme = opened.app.size, opened.app.theme
    yield await opened.anew("waterfall")
    opened.app.theme = theme
    if opened.app.size != size:
        await opened.pilot.resize_terminal(*size)


@shares
async def test_modes_by_key(shown: Shown) -> None:
    """Each mode of the table comes with its key, and its tab is marked."""
    for mode in (*MODES, *reversed(MODES)):
        await shown.press(mode.key)
        assert shown.app.current_mode == mode.name
        assert f" {mode.key} {mode.title} " in shown.lines[1]


def test_modes_are_numbered() -> None:
    """No two modes have one key or one name, and they stand in the order of their keys."""
    assert [mode.key for mode in MODES] == sorted({mode.key for mode in MODES})
    assert len({mode.name for mode in MODES}) == len(MODES)


@shares
async def test_modes_by_click(shown: Shown) -> None:
    """A click on a tab switches modes; one beside the tabs does not."""
    for mode in (*MODES, MODES[1]):
        place = shown.lines[1].index(mode.title)
        await shown.click(shown.app.screen.query_one(ModeTabs), place, 0)
        assert shown.app.current_mode == mode.name
    await shown.click(shown.app.screen.query_one(ModeTabs), 110, 0)
    assert shown.app.current_mode == MODES[1].name


@shares
async def test_tabs_and_footer_fit(shown: Shown) -> None:
    """Where titles do not fit, the last modes have their keys; the one that is on has its title.

    On 80 columns help and the way out are in sight.
    """
    for mode in MODES:
        await shown.press(mode.key)
        for cells in (40, 90, 120, 80):
            await shown.pilot.resize_terminal(cells, 24)
            await shown.settle()
            line = shown.lines[1]
            assert len(line) == cells
            assert f" {mode.key} {mode.title} " in line
            assert all(f" {other.key} " in line for other in MODES)
        assert "? Help  q Quit" in shown.lines[-1]


@shares
async def test_modes_keep_their_place(shown: Shown) -> None:
    """Cursor, folds and window are as they were when the reader comes back."""
    await shown.press("down", "o", "down", "plus")
    waterfall = shown.waterfall
    before = (waterfall.cursor, waterfall.count, waterfall.window)
    await shown.press("4", "2")
    assert (waterfall.cursor, waterfall.count, waterfall.window) == before


@shares
async def test_keys_are_bound(shown: Shown) -> None:
    """Every key that help tells of does in its mode what help says."""
    for mode in KEYED:
        await shown.app.action_mode(mode.name)
        await shown.settle()
        bound = {key: active.binding.action for key, active in shown.app.screen.active_bindings.items()}
        for key in table(mode.title):
            for name in key.keys.split(","):
                assert bound[name] == key.action, (mode.name, name)


@shares
async def test_help_is_the_table(shown: Shown) -> None:
    """Help shows every key of the table with what it does, and closes again."""
    await shown.press("question_mark")
    await shown.pilot.resize_terminal(120, 260)
    await shown.settle()
    helped = " ".join(help_content("waterfall", {}).plain.split())
    for title, group in keys.HELP:
        assert title in shown.text
        for key in group:
            assert key.sentence in helped
    await shown.press("escape")
    assert not isinstance(shown.app.screen, HelpScreen)


@shares
async def test_help_closes(shown: Shown) -> None:
    """Any of its keys leads from help back to where the reader was, and no further."""
    await shown.press("4")
    for key in ("question_mark", "q", "enter", "escape"):
        await shown.press("question_mark")
        assert isinstance(shown.app.screen, HelpScreen)
        await shown.press(key)
        assert shown.app.current_mode == "slowest"
        assert not isinstance(shown.app.screen, HelpScreen)
        assert shown.app.is_running


@shares
async def test_help_once(shown: Shown) -> None:
    """Keys of the modes do nothing below help."""
    await shown.press("question_mark", "4", "t", "down")
    assert isinstance(shown.app.screen, HelpScreen)
    await shown.press("escape")
    assert shown.app.current_mode == "waterfall"
    assert shown.waterfall.cursor == 0


@shares
async def test_palette_has_every_action(shown: Shown) -> None:
    """The palette has every action of the table of keys once, as help tells it."""
    told = [command.title for command in system_commands(shown.app, shown.app.screen)]
    assert sorted(told) == sorted(key.sentence for key in table("Waterfall"))


@shares
async def test_palette_does_not_blink(shown: Shown) -> None:
    """Its cursor stands still, as all on the screen does where nothing changes."""
    await shown.press("ctrl+p")
    assert not shown.app.screen.query_one(Input).cursor_blink


@shares
async def test_palette_runs(shown: Shown) -> None:
    """What is chosen in the palette is done."""
    await shown.press("ctrl+p", *"next failed")
    await shown.until(lambda: "Next failed test" in shown.text)
    await shown.press("down", "enter")
    await shown.until(lambda: len(shown.app.screen_stack) == 1)
    await shown.settle()
    assert shown.under_cursor == "tests/test_depot.py::test_closes"


@shares
async def test_themes(shown: Shown) -> None:
    """t goes from dark to light, on every screen."""
    dark = background(shown)
    await shown.press("t")
    light = background(shown)
    await shown.press("4")
    assert background(shown) == light != dark


@shares
async def test_foreign_theme(shown: Shown) -> None:
    """Textual's own themes can be used too."""
    for theme in ("textual-light", "ansi-dark"):
        if theme in shown.app.available_themes:
            shown.app.theme = theme
            await shown.press("4", "2", "down")
    assert shown.waterfall.cursor


@pytest.mark.parametrize("mode", ["1", "2", "9"])
async def test_quit(tmp_path: Path, mode: str) -> None:
    """q, which is bound in every mode, ends the app well."""
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        await shown.press(mode)
        await shown.pilot.press("q")
        assert shown.app.return_code == 0


@pytest.mark.parametrize("size", [(60, 12), (20, 5), (3, 2)], ids="{0[0]}x{0[1]}".format)
async def test_small_screens(tmp_path: Path, size: tuple[int, int]) -> None:
    """However small the screen is, every mode comes up and keys work."""
    async with showing(write_small_run(tmp_path / "spans"), size=size) as shown:
        await shown.press("down", "enter", "escape", "d", "4", "down", "question_mark", "escape", "2")
        assert shown.waterfall.cursor == 1


def background(shown: Shown) -> object:
    """The colour behind the rows."""
    return shown.app.screen.styles.background


@shares
async def test_without_a_terminal_nobody_is_stopped(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is drawn on a terminal, ctrl+z stops neither the app nor who started it."""
    stopped: list[int] = []
    monkeypatch.setattr("os.killpg", lambda *_: stopped.append(1))
    await shown.press("ctrl+z")
    assert not stopped


async def test_help_is_searched() -> None:
    """Typing narrows help, q too once something is typed; on wide screens it stands in two columns."""
    async with showing(RESMOKE, size=(200, 50)) as shown:
        await shown.press("question_mark")
        first, second = shown.app.screen.query("#columns Static")
        assert second.region.x >= first.region.right
        await shown.press(*"seq")
        assert not shown.text.count("Zoom to the span")
        await shown.press("backspace", *"arch")
        assert "Search names and attributes" in shown.text
        assert "Zoom to the span" not in shown.text
        await shown.press("escape")
        assert not isinstance(shown.app.screen, HelpScreen)
