"""The progress of long work: a line on standard error, at a terminal only, which is erased at the end.

It appears if work takes longer than `AFTER_S`, and only if standard error is a terminal that can erase a
line. It is a plain line of text: if the process is killed, the cursor stays as it was.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracetui import units
from tracetui.cli import options

AFTER_S = 0.5
EVERY_S = 0.1
"""Between two drawings of the line."""
BAR_CELLS = 24
_FIRST_RATE_S = 1.0
"""Before, nobody can say how long it will take."""
_FORGETS = "\r\x1b[K"

Amount = Callable[[int], str]
"""So much of what is worked on, as people say it."""


class Progress:
    """The progress line of the work named `label`; `shown` says whether anyone can see it."""

    def __init__(self, label: str, amount: Amount, *, shown: bool) -> None:
        self._label = label
        self._amount = amount
        self._shown = shown
        self._began = time.monotonic()
        self._due = self._began + AFTER_S
        self._is_drawn = False
        self._note = ""
        self.done = self.total = 0

    def at(self, done: int, total: int) -> None:
        """Set the amount that is done."""
        self.done, self.total = done, total
        if self._shown and (done or total) and time.monotonic() >= self._due:
            self._draw()

    def goes_on(self, done: int, total: int) -> bool:
        """The same, for work that asks whether it may continue."""
        self.at(done, total)
        return True

    def advance(self, count: int) -> None:
        """Add to the amount that is done."""
        self._note = ""
        self.at(self.done + count, self.total)

    def note(self, text: str) -> None:
        """Say why there is no progress; foreign text."""
        from tracetui.text import sanitize

        self._note = sanitize(text)
        if self._shown:
            self._draw()

    def clear(self) -> None:
        """Erase the line; what comes next may draw it again."""
        if self._is_drawn:
            _write(_FORGETS)
            self._is_drawn = False

    def _draw(self) -> None:
        now = time.monotonic()
        line = progress_line(self._label, self.done, self.total, now - self._began, self._amount)
        if self._note:
            line = f"{self._label}  {self._note}"
        self._due, self._is_drawn = now + EVERY_S, True
        _write(_FORGETS + _fitted(line, _cells()))


@contextmanager
def progress(label: str, amount: Amount, total: int = 0, *, shown: bool = True) -> Iterator[Progress]:
    """The progress of the work in its block; not `shown` if the same terminal is being printed to."""
    line = Progress(label, amount, shown=shown and _is_seen())
    line.at(0, total)
    try:
        yield line
    finally:
        line.clear()


def progress_line(label: str, done: int, total: int, seconds: float, amount: Amount) -> str:
    """The line: bar and share if the total is known, amount, speed, and the time left."""
    rate = done / max(seconds, 1e-9)
    parts = [label]
    if total > 0:
        from tracetui.report.drawing.bars import share_bar

        parts += [share_bar(done, total, BAR_CELLS), f"{100 * min(done, total) // total:3d}%"]
    parts.append(f"{amount(done)} of {amount(total)}" if total > 0 else amount(done))
    if seconds >= _FIRST_RATE_S and done:
        parts.append(f"{amount(round(rate))}/s")
        if total > done:
            parts.append(f"{units.seconds(round((total - done) / rate * units.S) + units.S - 1)} left")
    return "  ".join(parts)


def _fitted(line: str, cells: int) -> str:
    """The part that fits without touching the last cell, after which some terminals would begin a new
    line.
    """
    from tracetui.report.drawing.glyphs import in_ascii
    from tracetui.text import fit, sanitize

    text = fit(sanitize(line), max(1, cells - 1))
    return (in_ascii(text) if options.chosen().draws_ascii else text).rstrip()


def _cells() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _is_seen() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
