"""The header line; a click on a part leads to where more is said."""

import time

from textual import events
from textual.content import Content
from textual.reactive import reactive

from tracetui import units
from tracetui.text import sanitize
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_header import header_content, header_parts
from tracetui.ui.frame.header_part import Part
from tracetui.ui.painting.content_lines import ContentLines

TICK_S = 1.0


class RunHeader(ContentLines):
    """Shows the run, its state and what is missing."""

    DEFAULT_CSS = "RunHeader { height: 1; background: $panel; }"

    reading: reactive[Reading | None] = reactive(None)
    newest: reactive[Reading | None] = reactive(None)

    def __init__(self, title: str, limit_ns: int | None = None) -> None:
        super().__init__()
        self._limit_ns = limit_ns
        self._title = sanitize(title)
        self._since_ns = 0
        self._revision = -1
        self._behind_from: float | None = None
        self._parts: list[Part] = []
        self._drawn_at = 0.0

    def on_mount(self) -> None:
        """Keep elapsed time and age growing, where no reading does."""
        self.set_interval(TICK_S, self._tick)

    def _tick(self) -> None:
        is_new = time.monotonic() - self._drawn_at < TICK_S / 2
        if self.screen.is_current and not is_new and self._now() != self._parts:
            self.refresh()

    def watch_reading(self, reading: Reading | None) -> None:
        """Note when the last change came; the screen is up to date."""
        self._behind_from = None
        if reading and reading.findings.snapshot.revision != self._revision:
            self._revision, self._since_ns = reading.findings.snapshot.revision, reading.now_ns()

    def _now(self) -> list[Part]:
        age_ns = self.reading.now_ns() - self._since_ns if self.reading else 0
        return header_parts(
            self.reading,
            self.newest,
            self._title,
            age_ns,
            self.size.width,
            self._behind_ns(),
            self._limit_ns,
        )

    def _behind_ns(self) -> int:
        """For how long there has been something newer than what the screen shows; 0 if there is not."""
        if self.reading is None or self.newest is not None or self.reading.is_newest():
            self._behind_from = None
            return 0
        self._behind_from = self._behind_from or time.monotonic()
        return int((time.monotonic() - self._behind_from) * units.S)

    def content(self) -> Content:
        """The line."""
        self._drawn_at = time.monotonic()
        self._parts = self._now()
        return header_content(self._parts)

    async def _on_click(self, event: events.Click) -> None:
        left = 0
        for part in self._parts:
            if part.leads_to and left <= event.x < left + len(part.text):
                await self.app.run_action(f"app.{part.leads_to}")
            left += len(part.text)
