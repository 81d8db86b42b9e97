"""Which reading the screens show: the newest of the chosen run; while paused, the one from then."""

from tracetui.analysis.runs.runs import NEWEST
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.reading import Reading


class ShownRun:
    """The user's choice of run and of moment."""

    def __init__(self) -> None:
        self.choice = NEWEST
        self.newest: Reading | None = None
        self._held: Reading | None = None

    @property
    def shown(self) -> Reading | None:
        """What is on the screens."""
        return self._held or self.newest

    @property
    def is_held(self) -> bool:
        """Whether the view is paused."""
        return self._held is not None

    def take(self, reading: Reading) -> Safe | None:
        """Take a newer reading; returns a message if another run has begun."""
        before, self.newest = self.newest, reading
        if before is None or not reading.followed or before.busy or not len(before.findings.runs):
            return None
        was, runs = before.findings.runs, reading.findings.runs
        if len(runs) <= len(was) or runs.key[0] == was.key[0]:
            return None
        name, is_newest = sanitize(runs.name(0)), runs.newest == 0 and self.choice == NEWEST
        where = "now shown" if is_newest and not self._held else "press r to see it"
        return Safe(f"A new run has started: {name}; {where}")

    def choose(self, choice: int) -> None:
        """Choose another run, and resume the view."""
        self.choice, self._held = choice, None

    def pause(self) -> None:
        """Pause or resume the view."""
        self._held = self.newest.held() if self.newest and not self._held else None
