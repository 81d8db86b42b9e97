"""Covers a screen that is too small to show anything well; keys still work below it."""

from textual.content import Content
from textual.widget import Widget

from tracetui.ui.frame.draw_blank import too_small


class TooSmall(Widget):
    """Hidden while there is room."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; layer: above; width: 100%; height: 100%; background: $background;
        content-align: center middle; text-align: center;
    }
    TooSmall.on { display: block; }
    """

    def fit(self) -> None:
        """Show or hide for the screen's present size."""
        self.set_class(too_small(*self.screen.size) is not None, "on")

    def render(self) -> Content:
        """How large it would have to be."""
        return Content(too_small(*self.screen.size) or "")
