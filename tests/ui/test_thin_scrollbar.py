"""Scrollbars without colours: a thin line, which can be dragged."""

from pathlib import Path

import pytest
from rich.segment import Segments
from textual.scrollbar import ScrollBar, ScrollBarRender

from tests.ui.conftest import Picture
from tests.ui.failing import write_failing_run
from tests.ui.showing import showing
from tracetui.ui.failures.failure_pane import FailurePane
from tracetui.ui.theme.thin_scrollbar import ThinScrollBar


def cells(bar: Segments) -> str:
    """What stands in each line of a bar."""
    return "".join(segment.text for segment in bar.segments)


@pytest.mark.parametrize("position", range(0, 91, 9))
def test_the_thumb_is_thin(position: int) -> None:
    """One stretch of lines, as long as the part in sight, at the top first and at the end last."""
    bar = ThinScrollBar.render_bar(size=20, virtual_size=100, window_size=10, position=position)
    drawn = cells(bar)
    assert len(drawn) == 20
    assert drawn.strip() == "┃" * 2
    assert not any(segment.style and segment.style.reverse for segment in bar.segments)
    assert drawn.startswith("┃") == (position == 0)
    assert drawn.endswith("┃") == (position == 90)
    grab = [segment.style.meta for segment in bar.segments if "┃" in segment.text and segment.style]
    assert grab == [{"@mouse.down": "grab"}] * 2


def test_nothing_to_scroll() -> None:
    """Where all is in sight there is no thumb."""
    assert not cells(ThinScrollBar.render_bar(size=20, virtual_size=20, window_size=20)).strip()


async def test_without_colours(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture: a failure that is longer than its pane; with colours it is Textual's scrollbar again."""
    path = write_failing_run(tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv("NO_COLOR", "1")
        async with showing(path, size=(120, 30), mode="failures") as shown:
            await shown.press("down")
            assert any("┃" in row for row in shown.rows(shown.app.screen.query_one(FailurePane)))
            await picture(shown)
    async with showing(path, size=(120, 30), mode="failures"):
        assert ScrollBar.renderer is ScrollBarRender
