"""What the app needs of Textual beyond its public interface, each use with its reason.

`tests/ui/test_compat.py` checks it against the installed version. What the terminal driver needs is in
`ui.app.driver` alone, which is loaded only on such a terminal.
"""

from abc import abstractmethod

from rich.text import Text
from textual.app import App
from textual.keys import _character_to_key
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


class TextualApp(App[None]):
    """Textual's app, whose own one-shot timers are late rather than lost, and whose crash reports are
    ours.
    """

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
