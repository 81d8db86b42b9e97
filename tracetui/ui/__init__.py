"""The Textual app; nothing below this floor knows Textual. Importing this package loads none of it yet."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.ingest import Ingest
    from tracetui.settings import Settings
    from tracetui.ui.feed.feed import Find
    from tracetui.ui.feed.fitting_mode import SpanIds

COLLECTED = 2_000, 20, 20
"""How often cycles are looked for (see `gc.set_threshold`): what Python does by default took a tenth of the
app's processor time, up to a tenth of a second at once. Little is in cycles but widgets that were removed."""
SWITCH_S = 0.001
"""How long threads that read may keep the interpreter from a key press: Python's own 5 ms add up."""


def run_app(
    ingest: "Ingest",
    title: str,
    settings: "Settings",
    follow: Path | None = None,
    *,
    replay: bool = False,
    find: "Find | None" = None,
    at: "SpanIds | None" = None,
) -> int:
    """Show what `ingest` reads, on the terminal, until the user quits; returns the exit code.

    `follow` is the directory to watch for more. `title` (foreign text) says what is shown; `replay` plays it
    at once; `find` finds the runs before the shown one; `at` is the span to go to.

    Raises `SettingError` for a setting that no screen knows.
    """
    from tracetui.ui.app.app import TracetuiApp
    from tracetui.ui.feed.threads import Threads

    sys.setswitchinterval(SWITCH_S)
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    app = TracetuiApp(ingest, title, follow, settings, find=find, at=at)
    app.player.at_once = replay
    app.threads = Threads()
    app.run()
    return app.return_code or 0
