"""A picture of one screen in each theme, and as plain terminals show it."""

import pytest

from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, showing
from tracetui.settings import Settings
from tracetui.ui.theme.themes import THEMES


@pytest.mark.parametrize("theme", list(THEMES)[1:])
async def test_theme(picture: Picture, theme: str) -> None:
    """The waterfall around its first failed test, in a theme; the first one is in every other picture."""
    async with showing(RESMOKE, size=(120, 30), settings=Settings(theme=theme)) as shown:
        await shown.press("right_square_bracket")
        await picture(shown)


async def test_ascii(picture: Picture) -> None:
    """The same with ASCII characters alone."""
    async with showing(RESMOKE, size=(120, 30), settings=Settings(ascii=True)) as shown:
        await shown.press("right_square_bracket")
        await picture(shown)


async def test_no_colour(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same without colours: bars by their shapes, the row by its mark."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with showing(RESMOKE, size=(120, 30)) as shown:
        await shown.press("right_square_bracket")
        await picture(shown)
