"""The heading of a section in a long text."""

from textual.content import Content

from tracetui.text import sanitize


def heading(text: str, rest: str = "") -> Content:
    """A heading with an empty line before it."""
    return Content.assemble(("\n" + sanitize(text), "bold $accent"), (sanitize(rest), "$quiet"))
