"""The history of the test under the cursor, drawn away from the screen's thread."""

from typing import NamedTuple

from textual.strip import Strip

from tracetui.text import Safe
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.fleet.answers import OneTest
from tracetui.ui.fleet.draw_trend import trend_lines
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint

ASKED = Safe("reading its history …")


class Question(NamedTuple):
    """What is drawn, in how many cells and lines."""

    name: str
    one: OneTest | None
    why: Safe
    cells: int
    lines: int
    paint: Paint


class TrendPanel(KeptLines):
    """A name, trends and change points."""

    DEFAULT_CSS = "TrendPanel { height: 5; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestOnly[Question, list[Strip]](
            self, lambda asked: trend_lines(*asked), self._take, rest=0
        )
        self._shown: tuple[str, OneTest | None, Safe] = "", None, ASKED
        self._lines: list[Strip] = []

    def tell(self, name: str, one: OneTest | None, why: Safe = ASKED) -> None:
        """Show a test; if there is None, say why."""
        self._shown = name, one, why
        self._ask()

    def _ask(self) -> None:
        self._latest.ask(Question(*self._shown, *self.size, Paint(self.app.theme_variables)))

    def _take(self, lines: list[Strip]) -> None:
        self._lines = lines
        self.refresh_changed()

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._ask()

    def recoloured(self) -> None:
        """Draw in the new colours."""
        self._ask()

    def render_line(self, y: int) -> Strip:
        """One line."""
        if y < len(self._lines):
            return self._lines[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)
