"""What is said where there is nothing to show yet."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tracetui.ui.reading import Reading
from tracetui.ui.renderables.blank import blank_lines


class Blank(Widget):
    """Loading with size and rate, waiting with what to do, or nothing there."""

    DEFAULT_CSS = "Blank { height: 1fr; padding: 0 4; align: left middle; content-align: left middle; }"

    reading: reactive[Reading | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__()
        self._since: tuple[int, int] | None = None

    def render(self) -> Content:
        """The lines."""
        return Content("\n".join(blank_lines(self.reading, self._rate())))

    def _rate(self) -> float:
        """Bytes a second since the first reading."""
        if self.reading is None:
            return 0.0
        now, read = self.reading.now_ns(), self.reading.read_bytes
        self._since = self._since or (now, read)
        took = now - self._since[0]
        return (read - self._since[1]) * 1e9 / took if took > 200_000_000 else 0.0
