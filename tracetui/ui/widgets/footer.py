"""The footer: the keys that matter here, and fewer of them where there is no room for all."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

LEAST = ("app.filter", "app.find", "app.runs", "app.pause")
"""Actions whose keys make room for others, those first that matter least."""

_AROUND = 3
"""Cells before a key, after it, and after its label."""


class KeyFooter(Footer):
    """Textual's, of which nothing is ever cut off in the middle."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)
        self._room = 0

    def compose(self) -> ComposeResult:
        """As many keys as fit."""
        self._room = self.app.size.width
        keys = [each for each in super().compose() if isinstance(each, FooterKey)]
        yield from fitting(keys, self._room)

    async def on_resize(self, event: events.Resize) -> None:
        """Others may fit now."""
        if self._room not in (0, event.size.width):
            await self.recompose()


def fitting(keys: Sequence[FooterKey], cells: int) -> list[FooterKey]:
    """Those of `keys` that `cells` have room for, in their order."""
    left = list(keys)
    for action in LEAST:
        if sum(len(key.key_display) + len(key.description) + _AROUND for key in left) <= cells:
            break
        left = [key for key in left if key.action != action]
    return left
