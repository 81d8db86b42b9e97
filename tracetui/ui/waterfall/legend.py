"""The services of a recording that is no test run, each in the colour of its bars."""

from textual.content import Content

from tracetui.report.drawing.style import many
from tracetui.text import ELLIPSIS, sanitize, width
from tracetui.ui.painting.content_lines import ContentLines
from tracetui.ui.theme.themes import Paint
from tracetui.ui.waterfall.draw_frame import Frame

MARK = "■"


class Legend(ContentLines):
    """One line, if the screen is high enough; none with fewer than two services, or without colours."""

    DEFAULT_CSS = "Legend { height: 1; display: none; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()

    def show(self, frame: Frame) -> None:
        """Agree with the rows below, which drew `frame`."""
        names = frame.services.names if frame.services and not self.app.no_color else ()
        if names != self._names:
            self._names = names
            self.set_class(bool(names), "on")
            self.refresh()

    def content(self) -> Content:
        """The line."""
        return legend(self._names, self.size.width)


def legend(names: tuple[str, ...], cells: int) -> Content:
    """As many names (foreign text), in colours of the theme, as fit into `cells`."""
    parts = [Content.styled(f"   {many(len(names), 'service')}", "$quiet")]
    room = cells - len(parts[0].plain)
    for number, name in enumerate(map(sanitize, names)):
        takes = width(name) + 5
        if room - takes < (2 if number < len(names) - 1 else 0):
            parts.append(Content.styled(f" {ELLIPSIS}", "$quiet"))
            break
        room -= takes
        parts.append(Content.styled(f"   {MARK} {name}", f"${Paint.service_name(number)}"))
    return Content.assemble(*parts)
