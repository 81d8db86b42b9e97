"""All runs: the tests of a store, their trends and runs, and the recordings that these came from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.settings import Settings
    from tracetui.ui.fleet.answers import FleetAnswers, Recording

SIGNALLED = 128
"""Exit codes from here on are those of signals, which end this app too."""


def run_fleet(answers: "FleetAnswers", settings: "Settings", show: "Callable[[Recording], int | str]") -> int:
    """Run the app over a store until the user quits; returns the exit code.

    `show` opens a recording in the usual app; when that has ended, this one continues where it was. It
    returns an exit code, or why the recording cannot be read.

    Raises `SettingError` for a setting that no screen knows.
    """
    from tracetui.ui.feed.threads import Threads
    from tracetui.ui.fleet.answers import NOWHERE
    from tracetui.ui.fleet.app import FleetApp

    place = NOWHERE
    while True:
        app = FleetApp(answers, settings, place)
        app.threads = Threads()
        app.run()
        if app.opened is None:
            return app.return_code or 0
        shown = show(app.opened)
        if isinstance(shown, int) and shown >= SIGNALLED:
            return shown
        place = app.place._replace(news=shown if isinstance(shown, str) else "")
