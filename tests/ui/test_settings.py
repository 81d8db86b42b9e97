"""What is set is how the screens begin."""

import pytest

from tests.ui.showing import RESMOKE, showing
from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.settings.values import SettingError
from tracetui.ui.app.app import TracetuiApp
from tracetui.ui.timeline.axis import Axis


async def test_columns_and_axis() -> None:
    """The waterfall has the columns that are set, and the axis tells the time of day where that is set."""
    settings = Settings(columns=("self", "lane"), axis="wall")
    async with showing(RESMOKE, settings=settings) as shown:
        assert shown.waterfall.shown_columns == ["self", "lane"]
        (axis,) = shown.rows(shown.app.screen.query_one(Axis))
        assert "12:27:" in axis
        await shown.press("w")
        (axis,) = shown.rows(shown.app.screen.query_one(Axis))
        assert "╵5s" in axis


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(columns=("owm",)), "columns: unknown name owm (did you mean own?)"),
        (Settings(theme="nordd"), "theme: unknown name nordd (did you mean nord?)"),
        (Settings(keymap={"app.quit": "t"}), "keymap.app.quit: the key t is taken by app.next_theme"),
    ],
    ids=["columns", "theme", "keymap"],
)
def test_what_no_screen_knows(settings: Settings, told: str) -> None:
    """A name that no screen knows is refused before there is a screen."""
    with pytest.raises(SettingError) as caught:
        TracetuiApp(Ingest([]), "", None, settings)
    assert str(caught.value).endswith(told)
