"""The header line, and the line of modes below it."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tracetui.text import sanitize
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.header import header_content

MODES = (("waterfall", " 1 Waterfall "), ("slowest", " 2 Slowest "), ("lanes", " 3 Lanes "))


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


class ModeTabs(Widget):
    """The modes, the one that is on marked; a click switches."""

    DEFAULT_CSS = "ModeTabs { height: 1; background: $surface; }"

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> Content:
        """The line."""
        parts = [
            (label, "bold $background on $accent" if mode == self._current else "$quiet")
            for mode, label in MODES
        ]
        return Content.assemble(" ", *parts)

    async def _on_click(self, event: events.Click) -> None:
        left = 1
        for mode, label in MODES:
            if left <= event.x < left + len(label):
                await self.app.run_action(f"app.mode('{mode}')")
            left += len(label)
