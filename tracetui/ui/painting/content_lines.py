"""Lines of `Content`, without borders and padding: painted when what they say has changed, and then kept."""

from abc import abstractmethod

from textual.content import Content
from textual.strip import Strip

from tracetui.ui.painting.draw_content import content_strips
from tracetui.ui.painting.kept_lines import KeptLines


class ContentLines(KeptLines):
    """Base class of widgets that say what their `content` is; selected text is painted as Textual does."""

    @abstractmethod
    def content(self) -> Content:
        """What they show."""

    def render(self) -> Content:
        """The same, for Textual: it asks for it where the pointer selects text."""
        return self.content()

    def painted(self, lines: list[int]) -> list[Strip]:
        """Some lines, as wide as the widget."""
        base, width = self.visual_style, self.size.width
        ground = base.background_style.rich_style
        if self.text_selection is not None:
            return [self.render_line(y).adjust_cell_length(width, ground) for y in lines]
        strips, blank = content_strips(self.content(), width, base), Strip.blank(width, ground)
        return [strips[y] if y < len(strips) else blank for y in lines]
