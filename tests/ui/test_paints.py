"""What is painted: what says something else, and in another size all of it, once."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions

from tests.ui.conftest import Clock
from tests.ui.growing import Growing, some, watching
from tracetui.ui.frame.footer import KeyFooter
from tracetui.ui.frame.header import RunHeader
from tracetui.ui.frame.tabs import ModeTabs
from tracetui.ui.painting import auto_height_text
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.painting.draw_content import content_strips
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.painting.kept_paint import KeptPaint
from tracetui.ui.ranking.rows import RankTitles

BASE = Style.parse("white on black")


@pytest.fixture
def growing(tmp_path: Path, clock: Clock) -> Growing:
    """Three tests of one worker have ended; the clock stands still."""
    directory = Growing(tmp_path / "spans")
    directory.write(*some(0, range(3)))
    return directory


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each kind of widget painted anything."""
    seen: Counter[str] = Counter()
    filtered, paint = KeptLines._filtered, KeptPaint.paint

    def lines(self: KeptLines, strips: list[Strip]) -> list[Strip]:
        seen[type(self).__name__] += 1
        return filtered(self, strips)

    def whole(self: KeptPaint, crop: Region) -> list[Strip]:
        seen[type(self).__name__] += 1
        return paint(self, crop)

    monkeypatch.setattr(KeptLines, "_filtered", lines)
    monkeypatch.setattr(KeptPaint, "paint", whole)
    return seen


@pytest.mark.parametrize("mode", "1234")
async def test_a_reading_paints_nothing_that_stays(
    growing: Growing, painted: Counter[str], mode: str
) -> None:
    """Neither tabs nor footer, background nor border; the header counts one more test."""
    async with watching(growing) as shown:
        await shown.press(mode)
        await shown.until(lambda: "3 tests" in shown.text)
        growing.write(*some(0, [3]))
        await shown.until(lambda: "4 tests" in shown.text)  # Places in which something changes are known.
        await shown.settle()
        painted.clear()
        growing.write(*some(0, [4]))
        await shown.until(lambda: "5 tests" in shown.text)
        await shown.settle()
        assert painted[RunHeader.__name__]
        assert not painted[ModeTabs.__name__]
        assert not painted[KeyFooter.__name__]
        assert not painted[RankTitles.__name__]
        assert not any(painted[name] for name in ("KeptContainer", "RunScreen", "LanesScreen", "Facts"))


async def test_another_size_is_painted_once(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before widgets have taken their places, and not again after."""
    whole: list[Compositor] = []
    update = Compositor.render_update

    def noted(self: Compositor, *args: Any, **named: Any) -> object:
        if self.size.region in self._dirty_regions:
            whole.append(self)
        return update(self, *args, **named)

    async with watching(growing) as shown:
        await shown.until(lambda: "3 tests" in shown.text)
        await shown.settle()
        monkeypatch.setattr(Compositor, "render_update", noted)
        for size in ((140, 40), (80, 24), (100, 30)):
            whole.clear()
            await shown.pilot.resize_terminal(*size)
            await shown.until(lambda: "3 tests" in shown.text)
            await shown.settle()
            assert len(whole) == 1


def test_a_text_is_drawn_as_textual_draws_it() -> None:
    """The same characters in the same colours, wrapped where they do not fit, up to the last cell."""
    content = Content.assemble(("one ", "bold"), ("two three\n", "red"), "日本語 four")
    wrapped = content.render_strips(6, None, BASE, RenderOptions(_parsed, {}))
    drawn = content_strips(content, 6, BASE)
    assert {line.cell_length for line in drawn} == {6}
    assert [_looks(line)[: len(_looks(like))] for line, like in zip(drawn, wrapped, strict=True)] == [
        _looks(line) for line in wrapped
    ]


def _parsed(style: str | Style) -> Style:
    return Style.parse(style) if isinstance(style, str) else style


def _looks(line: Strip) -> list[tuple[str, object, object]]:
    return [(bit.text, bit.style.color, bit.style.bold) for bit in line if bit.style]


async def test_text_that_is_drawn_so_can_be_selected(growing: Growing) -> None:
    """With the pointer, as in any text of Textual's; what is selected looks otherwise, until it is not."""
    async with watching(growing) as shown:
        await shown.press("6")
        await shown.until(lambda: "3 tests" in shown.text)
        await shown.settle()
        for widget in (shown.app.screen.query_one(RunHeader), shown.app.screen.query_one("#summary", Told)):
            before = shown.strips
            await shown.pilot.mouse_down(widget, offset=(3, 0))
            await shown.pilot.hover(widget, offset=(9, 0))
            await shown.pilot.mouse_up(widget, offset=(9, 0))
            selected = shown.app.screen.get_selected_text()
            assert selected
            assert selected == shown.rows(widget)[0][3:10]
            await shown.pilot.pause()
            assert shown.strips != before
            shown.app.screen.clear_selection()
            await shown.settle()
            assert shown.strips == before


async def test_of_a_text_those_lines_are_drawn_that_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it only in another colour; and nothing of one that stays."""
    drawn: list[str] = []

    def noted(content: Content, width: int, base: Style) -> list[Strip]:
        drawn.append(content.plain)
        return content_strips(content, width, base)

    app, told = App[None](), Told()
    async with app.run_test() as pilot:
        await app.mount(told)
        told.put([Content("one"), Content("two")])
        await pilot.pause()
        monkeypatch.setattr(auto_height_text, "content_strips", noted)
        told.put(Content.assemble("one\n", ("two", "bold")))
        told.put(Content.assemble("one\n", ("two", "bold")))
        await pilot.pause()
        assert drawn == ["two"]
        assert next(bit.style.bold for bit in told.render_lines(told.size.region)[1] if bit.style)
        assert told.size.height == 2
        told.put([Content("one"), Content("two"), Content("three")])
        await pilot.pause()
        assert told.size.height == 3
