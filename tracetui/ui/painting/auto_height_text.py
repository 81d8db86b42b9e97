"""A text that sets its own height, and relayouts the screen only when that has changed."""

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from tracetui.ui.painting.draw_content import content_strips
from tracetui.ui.painting.kept_paint import KeptPaint


class Told(Static, KeptPaint):
    """Textual's `Static` would relayout the screen for every new text; foreign text is never markup.

    Its lines are drawn as lists draw theirs, except while text in it is selected.
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(markup=False, id=id)
        self._told = Content("")
        self._takes = 0, 0
        self._strips: list[Strip] | None = None

    def put(self, content: Content) -> None:
        """Replace the text."""
        if content.is_same(self._told):
            return
        self._told = content
        self.update(content, layout=False)
        width = self.size.width
        takes = width, self.visual.get_height(self.styles.get_rules(), width) if width else 0
        if takes != self._takes or not width:
            self._takes = takes
            self.refresh(layout=True)

    def paint(self, crop: Region) -> list[Strip]:
        """The lines of a region, with borders and padding."""
        if self.text_selection is None:
            self._strips = content_strips(self._told, self.size.width, self.visual_style)
        try:
            return super().paint(crop)
        finally:
            self._strips = None

    def render_line(self, y: int) -> Strip:
        """A line without them; as Textual draws it where the pointer selects text."""
        if self._strips is None:
            return super().render_line(y)
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.visual_style.rich_style)
