"""The footer: the keys that matter here, fewer if there is no room for all.

One widget that draws a line. Textual's own footer has a widget per key, replaces them all on every change,
and keeps the removed ones as watchers of itself (textual #6666).
"""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.binding import ActiveBinding
from textual.screen import Screen
from textual.strip import Strip

from tracetui.ui.lists.draw_panel import Bit, painted
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint

LEAST = ("app.filter", "app.find", "app.runs", "app.pause")
"""Actions whose keys make room for others, those first that matter least."""


class FooterKey(NamedTuple):
    """A key as the footer shows it; and its tooltip."""

    key: str
    display: str
    label: str
    action: str
    tooltip: str = ""
    enabled: bool = True

    @property
    def bits(self) -> tuple[Bit, Bit]:
        """The key and its label."""
        quiet = "" if self.enabled else "quiet"
        return Bit(f" {self.display} ", quiet or "accent", bold=True), Bit(
            f"{self.label} ", quiet or "foreground"
        )

    @property
    def cells(self) -> int:
        """Its width."""
        return sum(len(bit.text) for bit in self.bits)


class KeyFooter(KeptLines):
    """Shows keys of the screen's bindings; a click on one presses it."""

    DEFAULT_CSS = "KeyFooter { dock: bottom; height: 1; background: $surface; }"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[FooterKey] = []

    def on_mount(self) -> None:
        """Follow the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._look_up()

    def _follow(self, screen: Screen[object]) -> None:
        if screen is self.screen and self.app.app_focus:
            self.call_after_refresh(self._look_up)

    def _look_up(self) -> None:
        if not self.is_attached:
            return
        keys: dict[str, FooterKey] = {}
        for bound in self.screen.active_bindings.values():
            if bound.binding.show:
                keys.setdefault(bound.binding.action, self._key(bound))
        if list(keys.values()) != self._keys:
            self._keys = list(keys.values())
            self.refresh()

    def _key(self, bound: ActiveBinding) -> FooterKey:
        binding = bound.binding
        display, tooltip = self.app.get_key_display(binding), bound.tooltip or binding.description
        return FooterKey(binding.key, display, binding.description, binding.action, tooltip, bound.enabled)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        shown = fitting(self._keys, self.size.width) if not y else []
        bits = [bit for key in shown for bit in key.bits]
        return painted(bits, self.size.width, Paint(self.app.theme_variables), "surface")

    def _at(self, x: int) -> FooterKey | None:
        for key in fitting(self._keys, self.size.width):
            if 0 <= x < key.cells:
                return key
            x -= key.cells
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Set the tooltip of the key under the pointer."""
        key = self._at(event.x)
        self.tooltip = key.tooltip if key else None

    async def on_click(self, event: events.Click) -> None:
        """Presses the key."""
        key = self._at(event.x)
        if key and key.enabled:
            self.app.simulate_key(key.key)


def fitting(keys: Sequence[FooterKey], cells: int) -> list[FooterKey]:
    """The `keys` that fit into `cells`, in their order."""
    left = list(keys)
    for action in LEAST:
        if sum(key.cells for key in left) <= cells:
            break
        left = [key for key in left if key.action != action]
    return left
