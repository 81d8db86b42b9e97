"""Settings at the command line: a mistake ends a command at once, in one line, before there is a screen."""

from pathlib import Path

from tests.cli.running import EVERGREEN, on_a_terminal, tracetui
from tracetui.cli.options import THEMES
from tracetui.report.drawing.palettes import PALETTES


def test_a_mistake_in_the_users_file(tmp_path: Path) -> None:
    """Whatever is asked for, the file and the key are named, and the code is that of wrong use."""
    config = tmp_path / "config.toml"
    config.write_text('thme = "x"')
    ran = tracetui("open", EVERGREEN, TRACETUI_CONFIG=str(config))
    assert (ran.returncode, ran.stdout) == (2, b"")
    told = f"tracetui: {config}: thme: unknown setting (did you mean theme?)\n"
    assert ran.stderr.decode() == told


def test_themes_that_help_names() -> None:
    """The themes in the help, kept apart so that it loads nothing, are ours."""
    assert tuple(palette.name for palette in PALETTES) == THEMES


def test_a_theme_that_there_is_not() -> None:
    """A theme that no screen knows is refused before there is a screen."""
    code, seen = on_a_terminal("open", EVERGREEN, "--theme", "tracetui-drak")
    assert code == 2
    assert seen.decode() == "tracetui: --theme: unknown name tracetui-drak (did you mean tracetui-dark?)\r\n"
