"""What the app needs of Textual beyond its public interface, each use with its reason.

`tests/ui/test_compat.py` checks it against the installed version. What the terminal driver needs is in
`ui.app.driver` alone, which is loaded only on such a terminal.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.cache import FIFOCache
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer, TimerCallback


def key_name(character: str) -> str:
    """Textual's name of the key that types a character, as users may write it: there is no public way to
    ask.
    """
    return _character_to_key(character)


def late_rather_than_never(timer: Timer) -> Timer:
    """The same timer, which fires however late it is.

    Textual's skip what comes too late. If a timer fires only once, and the machine is busy for that long when
    it starts, it never fires: a resize waits for such a timer of 8 ms, and if that was skipped no later one
    was handled either.
    """
    timer._skip = False
    return timer


def _parts(strip: Strip) -> Iterator[tuple[str, object]]:
    return ((name, getattr(strip, name)) for name in Strip.__slots__)


class LazyStrips:
    """While apps of ours run, a strip makes each of its caches when it first needs it.

    Textual makes all seven with each strip, and most strips are drawn once and need few: that was a tenth of
    the processor time of a live run's screen. Caches stay as large as Textual has them. A version whose
    strips have other parts keeps its own way.
    """

    EAGER = Strip.__init__
    CACHES: ClassVar[Mapping[str, int]] = {
        name: cache._maxsize for name, cache in _parts(Strip([])) if isinstance(cache, FIFOCache)
    }
    """How much each cache of a strip holds."""
    OTHERS = frozenset(("_segments", "_cell_length", "_render_cache", "_link_ids", "_cell_count"))

    _apps = 0

    @classmethod
    def begin(cls) -> None:
        """Another app runs."""
        cls._apps += 1
        if set(Strip.__slots__) - cls.CACHES.keys() == cls.OTHERS:
            Strip.__getattr__ = _cache  # type: ignore[attr-defined]
            Strip.__init__ = _without_caches  # type: ignore[method-assign, assignment]

    @classmethod
    def end(cls) -> None:
        """An app has ended. Textual keeps some strips that were made meanwhile: they go on as they are."""
        cls._apps -= 1
        if not cls._apps:
            Strip.__init__ = cls.EAGER  # type: ignore[method-assign]


def _without_caches(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = None
    strip._link_ids = None
    strip._cell_count = None


def _cache(strip: Strip, name: str) -> FIFOCache[Any, Any]:
    """Python asks for what a strip does not have."""
    size = LazyStrips.CACHES.get(name)
    if size is None:
        raise AttributeError(f"a strip has no {name!r}", name=name, obj=strip)
    cache: FIFOCache[Any, Any] = FIFOCache(size)
    setattr(strip, name, cache)
    return cache


class SteadyScreen(Screen[None]):
    """A screen that is painted once where all of it is painted, as in a new size, or as another mode.

    Textual paints it whenever it has laid it out: in a new size before widgets know of theirs, again once
    they do and have laid it out anew, and once more because all of it was to be painted.
    """

    _is_laid_out = False

    def _screen_resized(self, size: Size) -> None:
        self.refresh()
        super()._screen_resized(size)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self._is_laid_out = True
        try:
            super()._refresh_layout(size, scroll)
        finally:
            self._is_laid_out = False

    def _compositor_refresh(self) -> None:
        if self._is_laid_out and self._repaint_required:
            self.check_idle()  # All is painted soon.
        else:
            super()._compositor_refresh()


class TextualApp(App[None]):
    """Textual's app, whose own one-shot timers are late rather than lost, whose strips are light, and whose
    crash reports are ours.
    """

    def on_load(self) -> None:
        """Before anything is drawn."""
        LazyStrips.begin()

    def on_unmount(self) -> None:
        """After everything was drawn."""
        LazyStrips.end()

    def set_timer(
        self,
        delay: float,
        callback: TimerCallback | None = None,
        *,
        name: str | None = None,
        pause: bool = False,
    ) -> Timer:
        """Calls `callback` once, `delay` seconds from now."""
        return late_rather_than_never(super().set_timer(delay, callback, name=name, pause=pause))

    @abstractmethod
    def report(self, error: BaseException | None) -> Text:
        """The text printed after the app has ended by an error."""

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables: attribute values, tokens, whatever was at hand.
        if not self._exit_renderables:  # Of several, Textual would print the first, and advice on the others.
            self._exit_renderables.append(self.report(self._exception))
        self._close_messages_no_wait()

    @property
    def can_suspend(self) -> bool:
        """Whether the app draws on a terminal that it can give back: there is no public way to ask."""
        return self._driver is not None and self._driver.can_suspend
