"""An input line; whatever is pasted or remembered, it holds only text that is safe to show."""

from textual.reactive import reactive
from textual.widgets import Input

from tracetui.text import sanitize


class Line(Input):
    """An input without a frame, one row high."""

    DEFAULT_CSS = """
    Line, Line:focus { border: none; padding: 0; height: 1; background: $surface; width: 1fr; }
    Line:focus { background: $panel; }
    """

    cursor_blink = reactive(default=False, init=False)

    def validate_value(self, value: str) -> str:
        """Remove everything that could move a cursor or hide text."""
        return sanitize(value)
