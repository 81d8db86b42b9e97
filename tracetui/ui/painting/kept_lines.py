"""A widget that caches its painted lines until they are refreshed.

Textual asks for all lines of a widget whenever something above and something below it has changed, and its
own way from a line to the screen takes several times as long as painting it.
"""

from typing import Self

from textual.filter import ANSIToTruecolor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class KeptLines(Widget):
    """Base class of widgets that are painted often: without borders and padding, each line as wide as the
    widget.
    """

    def __init__(self, classes: str | None = None) -> None:
        self._kept: dict[int, Strip] = {}
        self._kept_width = 0
        super().__init__(classes=classes)

    def painted(self, lines: list[int]) -> list[Strip]:
        """Some lines, as wide as the widget."""
        return [self.render_line(y) for y in lines]

    def recoloured(self) -> None:
        """The theme has changed."""
        self.refresh()

    def on_mount(self) -> None:
        """Follow changes of the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.recoloured())

    def on_unmount(self) -> None:
        """Stop following the app's theme, which would keep the widget alive."""
        self.app.theme_changed_signal.unsubscribe(self)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region; only those that are not cached are painted."""
        width = self.size.width
        if width != self._kept_width:
            self._kept, self._kept_width = {}, width
        missing = [y for y in range(crop.y, crop.bottom) if y not in self._kept]
        if missing:
            self._kept.update(zip(missing, self._filtered(self.painted(missing)), strict=True))
        lines = [self._kept[y] for y in range(crop.y, crop.bottom)]
        whole = crop.x == 0 and crop.right == width
        return lines if whole else [line.crop(*crop.column_span) for line in lines]

    def _filtered(self, lines: list[Strip]) -> list[Strip]:
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():  # Textual's own cache, which we go around, would do this.
            if not isinstance(line_filter, ANSIToTruecolor):  # Themes have such colours only where they stay.
                lines = [line.apply_filter(line_filter, background) for line in lines]
        return lines

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Repaint some lines, or all."""
        for region in regions:
            for y in range(region.y, region.bottom):
                self._kept.pop(y, None)
        if not regions:
            self._kept.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def refresh_changed(self) -> None:
        """Repaint now, and send only changed lines to the terminal."""
        if self.size.width != self._kept_width or not self.screen.is_current:
            self.refresh()
            return
        lines = [y for y in self._kept if y < self.size.height]  # All others wait to be painted anyway.
        painted = dict(zip(lines, self._filtered(self.painted(lines)), strict=True))
        changed = [y for y in lines if painted[y] != self._kept[y]]
        if changed:
            self._kept.update((y, painted[y]) for y in changed)
            super().refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def notify_style_update(self) -> None:
        """Repaint with the new styles."""
        self._kept.clear()
        super().notify_style_update()
