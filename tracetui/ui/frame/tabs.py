"""The line of modes below the header."""

from textual import events
from textual.content import Content
from textual.widget import Widget

from tracetui.ui.app.modes import MODES

_LABELS = tuple((mode.name, f" {mode.key} {mode.title} ") for mode in MODES)


class ModeTabs(Widget):
    """The modes, the one that is on marked; a click switches."""

    DEFAULT_CSS = "ModeTabs { height: 1; background: $surface; }"

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> Content:
        """The line."""
        parts = [
            (label, "bold $background on $accent" if name == self._current else "$quiet")
            for name, label in _LABELS
        ]
        return Content.assemble(" ", *parts)

    async def _on_click(self, event: events.Click) -> None:
        left = 1
        for name, label in _LABELS:
            if left <= event.x < left + len(label):
                await self.app.run_action(f"app.mode('{name}')")
            left += len(label)
