"""What is to happen once happens, however busy the machine is.

Textual's timers leave out what comes too late. Where one is to fire only once, and the machine does something
else for that long while it begins, nothing is left: a resize is waited for by such a timer of 8 ms, and where
that was left out no later one was taken either.
"""

from textual.app import App
from textual.timer import Timer, TimerCallback


def late_rather_than_never(timer: Timer) -> Timer:
    """The same timer, which fires however late it is."""
    timer._skip = False
    return timer


class Punctual(App[None]):
    """An app whose own timers that fire once are late rather than never."""

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
