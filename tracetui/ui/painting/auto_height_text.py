"""A text that sets its own height, and relayouts the screen only when that has changed."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style

from tracetui.ui.painting.draw_content import content_strips
from tracetui.ui.painting.kept_paint import KeptPaint


class Told(KeptPaint):
    """Textual's `Static` would relayout the screen for every new text; foreign text is never markup.

    Lines are drawn as lists draw theirs, except while text in it is selected, and only those that are others
    than before.
    """

    DEFAULT_CSS = "Told { height: auto; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id, markup=False)
        self._lines: Sequence[Content] = (Content(""),)
        self._drawn: list[tuple[Content, list[Strip]]] = []
        self._drawn_on: tuple[int, Style, str] | None = None
        self._strips: list[Strip] | None = None

    def put(self, text: Content | Sequence[Content]) -> None:
        """Replace the text, or its lines."""
        lines = text.split("\n", allow_blank=True) if isinstance(text, Content) else text or [Content("")]
        if len(lines) == len(self._lines) and all(map(Content.is_same, lines, self._lines)):
            return
        before = self._draw()
        self._lines = lines
        now = self._draw()
        if not self.size.width or len(before) != len(now):
            self.refresh(layout=True)
        elif changed := [y for y, (old, new) in enumerate(zip(before, now, strict=True)) if old is not new]:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def render(self) -> Content:
        """The text, for Textual: it asks for it for its height, and where the pointer selects some of it."""
        return Content("\n").join(self._lines)

    def paint(self, crop: Region) -> list[Strip]:
        """The lines of a region, with borders and padding."""
        if self.text_selection is None:
            self._strips = self._draw()
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

    def _draw(self) -> list[Strip]:
        """All lines; of those that stay as they are, what was drawn before."""
        on = width, base, _ = self.size.width, self.visual_style, self.app.theme
        known = self._drawn if on == self._drawn_on else []
        self._drawn_on, self._drawn = (
            on,
            [
                known[place]
                if place < len(known) and line.is_same(known[place][0])
                else (line, content_strips(line, width, base))
                for place, line in enumerate(self._lines)
            ],
        )
        return [strip for _, strips in self._drawn for strip in strips]
