"""Widgets that Textual paints, borders and all, and that keep what was painted until they are refreshed.

With each frame Textual asks every widget in sight for its lines, whatever it is that has changed, and takes
longer to look up a line that it has than a list takes to paint one.
"""

from typing import Self

from textual.containers import Container
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

MOST = 16
"""So many stretches are kept: frames ask for few, as they begin and end where something changes."""


class KeptPaint(Widget):
    """Base class of these widgets, behind the one of Textual's whose style sheet they have."""

    _kept: dict[tuple[Region, Size], list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, painted if they are not kept."""
        if self._kept is None:
            self._kept = {}
        place = crop, self.outer_size
        if place not in self._kept:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[place] = self.paint(crop)
        return self._kept[place]

    def paint(self, crop: Region) -> list[Strip]:
        """The lines of a region, painted."""
        return super().render_lines(crop)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Repaint some of it, or all."""
        self._kept = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Repaint with the new styles."""
        self._kept = None
        super().notify_style_update()


class KeptContainer(Container, KeptPaint):
    """A container: what is seen of it is its background, and a border."""
