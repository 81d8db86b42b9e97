"""The reader's own keys: they work, help and palette tell them, and mistakes end in one line."""

import re
from pathlib import Path

import pytest

from tests.ui.showing import RESMOKE, showing
from tracetui.settings import Settings, load
from tracetui.settings.values import SettingError
from tracetui.ui.app.commands import system_commands
from tracetui.ui.dialogs.help_screen import WORDS, HelpScreen, help_content
from tracetui.ui.keys.keymap import keymap
from tracetui.ui.keys.keys import HELP


def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Settings:
    """Settings from a file."""
    path = tmp_path / "config.toml"
    path.write_text(f"[keymap]\n{text}")
    monkeypatch.setenv("TRACETUI_CONFIG", str(path))
    return load()


def test_every_action_has_an_id_of_its_own() -> None:
    """No two actions have the same id, so that each can have keys of its own."""
    actions: dict[str, str] = {}
    for _, keys in HELP:
        for key in keys:
            if key.keys:
                assert re.fullmatch(r"[a-z_]+\.[a-z_]+", key.id)
                assert actions.setdefault(key.id, key.action) == key.action


async def test_own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An own key does what it is set for, the table's does no more; footer, help and palette tell it."""
    settings = configured(
        tmp_path, monkeypatch, "mode.lanes = ['f3', 'L']\napp.help = '!'\n'app.next_theme' = 'ctrl+t'"
    )
    async with showing(RESMOKE, settings=settings) as shown:
        await shown.press("3")
        assert shown.app.current_mode == "waterfall"
        await shown.press("f3")
        assert shown.app.current_mode == "lanes"
        await shown.press("2", "L")
        assert shown.app.current_mode == "lanes"
        theme = shown.app.theme
        await shown.press("t")
        assert shown.app.theme == theme
        await shown.press("ctrl+t")
        assert shown.app.theme != theme
        assert "! Help" in shown.lines[-1]
        commands = {each.title: each.help for each in system_commands(shown.app, shown.app.screen)}
        assert commands["Next theme"] == "key ^t"
        await shown.press("exclamation_mark")
        assert isinstance(shown.app.screen, HelpScreen)
    assert "  f3 L          Lanes" in help_content("lanes", keymap(settings)).plain


def test_keys_can_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two actions may have each other's keys."""
    settings = configured(tmp_path, monkeypatch, "app.quit = 't'\napp.next_theme = 'q'")
    assert keymap(settings) == {"app.quit": "t", "app.next_theme": "q"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("app.quiet = 'x'", "keymap.app.quiet: unknown action (did you mean app.quit?)"),
        ("app.quit = 'entr'", "keymap.app.quit: unknown key entr (did you mean enter?)"),
        ("app.quit = 'hyperspace+x'", "keymap.app.quit: unknown key hyperspace+x"),
        ("app.quit = 'ctrl+'", "keymap.app.quit: unknown key ctrl+"),
        ("app.quit = 't'", "keymap.app.quit: the key t is taken by app.next_theme"),
        (
            "waterfall.toggle_fold = '?'",
            "keymap.waterfall.toggle_fold: the key question_mark is taken by app.help",
        ),
        ("next-theme = 'x'", "keymap.next-theme: renamed; write app.next_theme"),
        (
            "next-failed-test = 'x'",
            "keymap.next-failed-test: renamed; write lanes.next_failed or waterfall.next_failed",
        ),
    ],
)
def test_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str) -> None:
    """An action or a key that there is not, or a key that does two things: the file, the key, and why."""
    settings = configured(tmp_path, monkeypatch, text)
    with pytest.raises(SettingError) as caught:
        keymap(settings)
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}: {told}")


def test_every_key_of_the_table_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever keys the table has, the reader can write them: setting all anew to what they are is right."""
    rows = {key.id: key.keys for _, keys in HELP for key in keys if key.keys}
    text = "\n".join(f"{name} = {keys.split(',')}" for name, keys in rows.items())
    assert keymap(configured(tmp_path, monkeypatch, text)) == rows


def test_words_fit() -> None:
    """Help tells what the words on the screens mean, each on one line of the pane, in ten at most."""
    assert len(WORDS) <= 10
    told = help_content("run", {}).plain.splitlines()
    for word, meaning in WORDS:
        row = next(row for row in told if row.startswith(f"  {word} ") and row.endswith(meaning))
        assert len(row) <= 65
