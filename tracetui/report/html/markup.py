"""HTML from text: what is foreign is escaped here, and nothing reaches a page by another way."""

from collections.abc import Iterable
from html import escape

from tracetui.text import sanitize, sanitize_lines

MOST_CODE_POINTS = 300
"""Longer names are cut: a page has to open."""
_VOID = frozenset(("meta", "link", "input", "rect", "use", "path", "line", "circle", "polyline"))


class Markup(str):
    """HTML: tags of ours, and text that was escaped."""

    __slots__ = ()


Inside = Markup | str | None
Attribute = str | int | float | bool | None


def text(foreign: str, most: int = MOST_CODE_POINTS) -> Markup:
    """Foreign text as text: no tag, no control code, nothing that reorders what stands beside it."""
    return Markup(escape(sanitize(foreign, most)))


def lines(foreign: str, most: int) -> Markup:
    """The lines of a foreign text; of a long one the end, where an exception says what it is."""
    cut = len(foreign) > most
    shown = sanitize_lines(foreign[-most:] if cut else foreign, most)
    return Markup("\n".join(map(escape, ["…", *shown] if cut else shown)))


def tag(name: str, *inside: Inside, **attributes: Attribute) -> Markup:
    """An element: text in it and in its attributes is foreign, but for `Markup`.

    Underscores in the names of attributes are hyphens, one at the end is none; False and None leave one out.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID and not inside:
        return Markup(f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{joined(inside)}</{name}>")


def joined(parts: Iterable[Inside]) -> Markup:
    """One after the other."""
    return Markup("".join(part if isinstance(part, Markup) else text(part) for part in parts if part))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    told = value if isinstance(value, Markup) else text(str(value))
    return f' {name}="{told}"'


def fitting(parts: Iterable[Markup], room: int) -> tuple[Markup, int]:
    """The first parts that take at most `room` bytes together, and how many these are."""
    kept: list[Markup] = []
    for part in parts:
        room -= len(part.encode())
        if room < 0:
            break
        kept.append(part)
    return Markup("".join(kept)), len(kept)
