"""What the app needs of Textual that Textual does not promise, each use with its reason.

`tests/ui/test_compat.py` holds it against the version that is installed. What the driver of a terminal needs
stands in `ui.app.driver` alone, which is loaded only where there is such a terminal.
"""

from abc import abstractmethod

from rich.text import Text
from textual.app import App
from textual.keys import _character_to_key
from textual.timer import Timer, TimerCallback


def key_name(character: str) -> str:
    """Textual's name of the key that types a character, as users may write it: it is told nowhere else."""
    return _character_to_key(character)


def late_rather_than_never(timer: Timer) -> Timer:
    """The same timer, which fires however late it is.

    Textual's leave out what comes too late. Where one is to fire only once, and the machine does something
    else for that long while it begins, nothing is left: a resize is waited for by such a timer of 8 ms, and
    where that was left out no later one was taken either.
    """
    timer._skip = False
    return timer


class TextualApp(App[None]):
    """Textual's app, whose own timers that fire once are late, not lost, and whose crash reports are ours."""

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
        """What is printed after the app has ended by an error."""

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables: attribute values, tokens, whatever was at hand.
        if not self._exit_renderables:  # Of several, Textual would print the first, and advice on the others.
            self._exit_renderables.append(self.report(self._exception))
        self._close_messages_no_wait()

    @property
    def can_suspend(self) -> bool:
        """Whether a terminal is drawn on that can be given back: nothing public tells."""
        return self._driver is not None and self._driver.can_suspend
