"""What a mode says while there is nothing to show."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_blank import blank_lines


class Blank(Widget):
    """Loading with size and rate, waiting with what to do, or nothing there."""

    DEFAULT_CSS = "Blank { height: 1fr; padding: 0 4; align: left middle; content-align: left middle; }"

    reading: reactive[Reading | None] = reactive(None)

    def render(self) -> Content:
        """The lines."""
        return Content("\n".join(blank_lines(self.reading)))
