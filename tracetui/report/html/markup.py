"""HTML from text: foreign text is escaped here, and reaches a page in no other way."""

from collections.abc import Iterable
from html import escape

from tracetui.text import sanitize, sanitize_lines

MOST_CODE_POINTS = 300
"""Longer names are cut: a page has to open."""
_VOID = frozenset(("meta", "link", "input", "rect", "use", "path", "line", "circle", "polyline"))


class Markup(str):
    """HTML: our tags and escaped text."""

    __slots__ = ()


Inside = Markup | str | None
Attribute = str | int | float | bool | None


def text(foreign: str, most: int = MOST_CODE_POINTS) -> Markup:
    """Foreign text as text: without tags, control codes and characters that reorder their surroundings."""
    return Markup(escape(sanitize(foreign, most)))


def lines(foreign: str, most: int) -> Markup:
    """The lines of a foreign text; of a long one the end, where an exception states its cause."""
    cut = len(foreign) > most
    shown = sanitize_lines(foreign[-most:] if cut else foreign, most)
    return Markup("\n".join(map(escape, ["…", *shown] if cut else shown)))


def tag(name: str, *inside: Inside, **attributes: Attribute) -> Markup:
    """An element: text in it and in its attributes is foreign, except `Markup`.

    Underscores in the names of attributes become hyphens, one at the end is dropped; False and None leave one
    out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID and not inside:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(inside)}</{name}>")


def joined(parts: Iterable[Inside]) -> Markup:
    """All parts, one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else text(part) for part in parts if part))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    written = value if isinstance(value, Markup) else text(str(value))
    return f' {name}="{written}"'


def fitting(parts: Iterable[Markup], room: int) -> tuple[Markup, int]:
    """The first parts that take at most `room` bytes together, and their number."""
    kept: list[Markup] = []
    for part in parts:
        room -= len(part.encode())
        if room < 0:
            break
        kept.append(part)
    return Markup("".join(kept)), len(kept)
