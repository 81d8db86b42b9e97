"""The header line."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tracetui.text import sanitize
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.header import header_content


class RunHeader(Widget):
    """Says what is shown, how it goes and what is missing."""

    DEFAULT_CSS = "RunHeader { height: 1; background: $panel; }"

    reading: reactive[Reading | None] = reactive(None)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = sanitize(title)
        self._since_ns = 0
        self._revision = -1

    def on_mount(self) -> None:
        """Elapsed time and age go on by themselves."""
        self.set_interval(0.5, self._tick)

    def _tick(self) -> None:
        if self.reading is None or self.reading.followed:
            self.refresh()

    def watch_reading(self, reading: Reading | None) -> None:
        """Remembers when the last change came."""
        if reading and reading.findings.snapshot.revision != self._revision:
            self._revision, self._since_ns = reading.findings.snapshot.revision, reading.now_ns()

    def render(self) -> Content:
        """The line."""
        age_ns = self.reading.now_ns() - self._since_ns if self.reading else 0
        return header_content(self.reading, self._title, age_ns, self.size.width)
