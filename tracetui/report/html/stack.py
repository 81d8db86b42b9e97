"""Exceptions as HTML: what was raised where, with the user's own frames in full and library frames folded."""

from collections.abc import Iterator
from itertools import groupby

from tracetui import units
from tracetui.analysis.failures.exceptions import Thrown
from tracetui.analysis.failures.failure_facts import is_variable
from tracetui.analysis.failures.stack import Frame, Part, is_headless, parse_stack, without_message
from tracetui.report.html.markup import Markup, joined, lines, tag, text

MOST_MESSAGE, MOST_STACK, MOST_LINE = 8_000, 24_000, 400


def exception(thrown: Thrown, *, is_first: bool) -> Markup:
    """Its type, its message, its frames."""
    head = tag(
        "h4",
        tag("span", thrown.kind or "Error", class_="outcome-failed"),
        tag("span", f" {'first' if is_first else 'then'} in {thrown.where}", class_="quiet"),
    )
    message = thrown.message.strip()
    said = tag("pre", lines(message, MOST_MESSAGE), class_="message") if message else None
    stack = without_message(thrown.stack, thrown.message)
    shown = tag("ol", *_frames(stack[-MOST_STACK:]), class_="stack") if stack.strip() else None
    return joined((head, said, shown))


def _frames(stack: str) -> Iterator[Markup]:
    """All frames; library frames in a row are folded, unless there are no others."""
    parts = parse_stack(stack)
    folds = any(isinstance(part, Frame) and not part.is_library for part in parts)
    for is_library, run in groupby(parts, key=lambda part: isinstance(part, Frame) and part.is_library):
        some = [_part(part) for part in run]
        if is_library and folds:
            title = tag("summary", units.many(len(some), "library frame"))
            yield tag("li", tag("details", title, tag("ol", *some)), class_="quiet")
        else:
            yield from some


def _part(part: Part) -> Markup:
    if not isinstance(part, Frame):
        said = part.strip(" |")
        is_needed = said and not is_headless(part)
        return tag("li", text(said, MOST_LINE), class_="quiet line") if is_needed else Markup("")
    where = tag("span", f"{part.file}:{part.line}", class_="where")
    function = tag("span", f" {part.function}", class_="accent") if part.function else None
    code = tag("pre", _code(part.code)) if part.code else None
    return tag("li", where, function, code, class_="library" if part.is_library else "own")


def _code(code: tuple[str, ...]) -> Markup:
    """The source lines of a frame, then its local variables, without their common indent."""
    bare = [line.replace("\t", "    ").rstrip() for line in code]
    margin = min((len(line) - len(line.lstrip()) for line in bare if line.strip()), default=0)
    first, *others = (line[margin:] for line in bare)
    return Markup("\n".join((text(first, MOST_LINE), *map(_below, others))))


def _below(line: str) -> Markup:
    kind = "variable" if is_variable(line.lstrip(" |+-")) else "quiet" if not line.strip(" ^~") else ""
    return tag("span", text(line, MOST_LINE), class_=kind) if kind else text(line, MOST_LINE)
