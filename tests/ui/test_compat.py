"""Canaries: what we need of Textual beyond its promises is as we take it to be.

Where one fails with a new version, mend `tracetui/ui/compat.py`; the driver's are in `test_suspend`.
"""

import asyncio
import inspect
from collections.abc import Iterator

import pytest
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.cache import FIFOCache
from textual.driver import Driver
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer

from tracetui.ui.compat import LazyStrips, TextualApp, key_name


def test_a_timer_leaves_out_what_is_late() -> None:
    """Unless it is told not to."""
    assert "if self._skip and next_timer < now:" in inspect.getsource(Timer)


@pytest.mark.parametrize(("character", "name"), [("a", "a"), ("/", "slash"), ("?", "question_mark")])
def test_characters_have_names_as_keys(character: str, name: str) -> None:
    """Those that a binding takes."""
    assert key_name(character) == name


def test_an_unhandled_exception_is_reported_in_one_place() -> None:
    """Which keeps the exception, and prints what was put aside once the terminal is restored."""
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert "self._exception = error" in inspect.getsource(App._handle_exception)
    assert "for renderable in self._exit_renderables" in inspect.getsource(App._print_error_renderables)
    report = inspect.getsource(App._fatal_error)
    assert "self._exit_renderables.append(" in report
    assert report.rstrip().endswith("self._close_messages_no_wait()")


def test_a_driver_says_whether_it_can_suspend() -> None:
    """And the app has it."""
    assert isinstance(Driver.can_suspend, property)
    assert "self._driver" in inspect.getsource(App.suspend)


def test_a_screen_is_painted_with_its_layout_and_once_more_where_all_is_to_be_painted() -> None:
    """The first is left out where the second follows: what `SteadyScreen` overrides is called so."""
    assert "self._refresh_layout(size)" in inspect.getsource(Screen._screen_resized)
    assert "self._compositor_refresh()" in inspect.getsource(Screen._refresh_layout)
    later = inspect.getsource(Screen._on_timer_update)
    layout, repaint = later.index("self._refresh_layout("), later.index("if self._repaint_required:")
    assert layout < repaint < later.index("self._compositor_refresh()")
    assert "self._repaint_required" in inspect.getsource(Screen._on_idle)


class _Ours(TextualApp):
    def report(self, error: BaseException | None) -> Text:  # noqa: ARG002
        return Text()


@pytest.fixture
def lazy() -> Iterator[None]:
    """As while an app of ours runs."""
    LazyStrips.begin()
    yield
    LazyStrips.end()


def _parts(strip: Strip) -> dict[str, object]:
    """What a strip has; of a cache only how much it holds."""
    parts = ((name, getattr(strip, name)) for name in Strip.__slots__)
    return {name: part._maxsize if isinstance(part, FIFOCache) else part for name, part in parts}


@pytest.mark.usefixtures("lazy")
def test_a_strip_that_makes_its_caches_late_has_the_parts_of_one_that_makes_them_at_once() -> None:
    """If Textual gives strips other parts, ours are left as Textual makes them, and this fails first."""
    segments = [Segment("one"), Segment("two")]
    late, whole = Strip(segments, 6), Strip.__new__(Strip)
    LazyStrips.EAGER(whole, segments, 6)
    assert Strip.__init__ is not LazyStrips.EAGER
    assert len(LazyStrips.CACHES) == 7
    assert _parts(late) == _parts(whole)


@pytest.mark.usefixtures("lazy")
def test_caches_of_strips_are_bounded_and_made_once() -> None:
    """The same piece is the same strip, and the oldest are forgotten."""
    strip = Strip([Segment("x" * 99)], 99)
    pieces = [strip.crop(0, end) for end in range(1, 99)]
    assert strip.crop(0, 98) is pieces[-1]
    assert strip.crop(0, 1) is not pieces[0]
    assert len(strip._crop_cache) == 16
    assert not hasattr(strip, "anything_else")


def test_strips_are_light_only_while_our_apps_run() -> None:
    """Others in the same process have Textual's, and what was made meanwhile still works."""

    async def made() -> tuple[Strip, object]:
        async with _Ours().run_test():
            async with _Ours().run_test():
                pass
            return Strip([Segment("four")]), Strip.__init__

    strip, meanwhile = asyncio.run(made())
    assert meanwhile is not LazyStrips.EAGER
    assert Strip.__init__ is LazyStrips.EAGER
    assert strip.crop(1, 3).text == "ou"
