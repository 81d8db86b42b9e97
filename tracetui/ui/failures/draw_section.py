"""The head of a section in a long text."""

from textual.content import Content

from tracetui.text import sanitize


def heading(text: str, rest: str = "") -> Content:
    """A line above which one is left free."""
    return Content.assemble(("\n" + sanitize(text), "bold $accent"), (sanitize(rest), "$quiet"))
