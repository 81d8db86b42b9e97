"""The line of modes below the header."""

from collections.abc import Iterator

from textual import events
from textual.content import Content

from tracetui.ui.app.modes import MODES
from tracetui.ui.painting.content_lines import ContentLines

LEFT = 1
"""Cells before the first tab."""


class ModeTabs(ContentLines):
    """The modes, the current one marked; a click switches."""

    DEFAULT_CSS = "ModeTabs { height: 1; background: $surface; }"

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def content(self) -> Content:
        """The line."""
        parts = [
            (label, "bold $background on $accent" if name == self._current else "$quiet")
            for name, label in self._labels()
        ]
        return Content.assemble(" " * LEFT, *parts)

    def _labels(self) -> Iterator[tuple[str, str]]:
        return labels(self._current, self.size.width)

    async def _on_click(self, event: events.Click) -> None:
        left = LEFT
        for name, label in self._labels():
            if left <= event.x < left + len(label):
                await self.app.run_action(f"app.mode('{name}')")
            left += len(label)


def labels(current: str, cells: int) -> Iterator[tuple[str, str]]:
    """Names of modes and the texts of their tabs: if `cells` do not suffice, the last tabs are only their
    keys.
    """
    titles = {mode.name: f" {mode.key} {mode.title} " for mode in MODES}
    for mode in reversed(MODES):
        if LEFT + sum(map(len, titles.values())) <= cells:
            break
        if mode.name != current:
            titles[mode.name] = f" {mode.key} "
    yield from titles.items()
