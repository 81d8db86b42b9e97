"""A line to type into; whatever is pasted or remembered, it holds only text that is safe to show."""

from textual.reactive import reactive
from textual.widgets import Input

from tracetui.text import sanitize


class Line(Input):
    """One line without a frame, as high as it is."""

    DEFAULT_CSS = """
    Line, Line:focus { border: none; padding: 0; height: 1; background: $surface; width: 1fr; }
    Line:focus { background: $panel; }
    """

    cursor_blink = reactive(default=False, init=False)

    def validate_value(self, value: str) -> str:
        """Nothing that could move a cursor or hide text."""
        return sanitize(value)
