"""A stack trace for reading: the user's own frames in full, runs of library frames as one line.

If all are library frames nothing is folded: it may be a test of an installed package.
"""

from collections.abc import Iterator
from itertools import groupby

from textual.content import Content

from tracetui.analysis.failures.stack import Frame, Part, is_headless, is_python, parse_stack
from tracetui.report.drawing.style import many
from tracetui.text import sanitize, wrap
from tracetui.ui.failures.draw_code import code_content

INDENT = "  "


def stack_lines(text: str, cells: int, *, whole: bool = False) -> Iterator[Content]:
    """The lines of a stack trace, `cells` wide; `whole` opens what is folded."""
    parts = parse_stack(text)
    language = ".py" if any(is_python(part) for part in parts) else ".js"
    folds = not whole and any(isinstance(part, Frame) and not part.is_library for part in parts)
    for library, run in groupby(parts, key=lambda part: isinstance(part, Frame) and part.is_library):
        folded = list(run)
        if library and folds:
            yield Content.styled(f"{INDENT}… {many(len(folded), 'library frame')}", "$quiet")
            continue
        for part in folded:
            yield from _part(part, cells, language)


def _part(part: Part, cells: int, language: str) -> Iterator[Content]:
    if isinstance(part, Frame):
        yield from _frame(part).wrap(cells)
        for line in part.code:
            yield from _code(line, cells, language)
        return
    if part.strip(" |") and not is_headless(part):
        quiet = part.startswith(("Traceback", " ")) or part.rstrip().endswith(":")
        for piece in wrap(sanitize(part.replace("\t", "    ")), cells):
            yield Content.styled(piece, "$quiet" if quiet else "bold $outcome-failed")


def _frame(frame: Frame) -> Content:
    file, function = sanitize(frame.file), sanitize(frame.function)
    style = "$quiet" if frame.is_library else "bold"
    return Content.assemble(
        INDENT, (file, style), (f":{frame.line}", style), (f"  {function}" if function else "", "$accent")
    )


def _code(line: str, cells: int, language: str) -> Iterator[Content]:
    text = line.replace("\t", "    ").rstrip()
    if not text.strip(" ^~"):
        if len(INDENT + text) <= cells:  # Wrapped, it would point to nothing.
            yield Content.styled(INDENT + sanitize(text), "$outcome-failed")
        return
    for piece in wrap(sanitize(text), cells - len(INDENT)):
        yield Content.assemble(INDENT, code_content(piece, language))
