"""What is shown beside a failure on a wide screen: code around the failed line, and captured output."""

from collections.abc import Iterator

from textual.content import Content

from tracetui.analysis.failures.failure_facts import FailureFacts
from tracetui.analysis.failures.place import Place
from tracetui.text import fit, sanitize, width, wrap
from tracetui.ui.failures.draw_code import code_content
from tracetui.ui.failures.draw_failure import output_lines
from tracetui.ui.failures.draw_section import heading
from tracetui.ui.failures.source_code import SourceCode
from tracetui.ui.theme.glyphs import UNICODE

NO_PLACE = "no source file recorded"


def beside_content(facts: FailureFacts, source: SourceCode, cells: int) -> Content:
    """All of it, `cells` wide."""
    return Content("\n").join(_lines(facts, source, max(20, cells)))


def _lines(facts: FailureFacts, source: SourceCode, cells: int) -> Iterator[Content]:
    if facts.place is None:
        yield Content.styled(NO_PLACE, "$quiet")
    else:
        yield Content.styled(sanitize(f"{facts.place.file}:{facts.place.line}"), "bold $accent")
        yield from _code(source, facts.place, cells)
    if source.variables:
        yield heading("Local variables")
        yield from (
            Content(f"  {piece}") for line in source.variables for piece in wrap(sanitize(line), cells - 2)
        )
    if not facts.output:
        yield heading("Captured output", "  none")
    for event in facts.output:
        yield from output_lines(event, cells)


def _code(source: SourceCode, place: Place, cells: int) -> Iterator[Content]:
    """Numbered lines; the failed one is marked."""
    if source.trouble:
        yield from Content.styled(sanitize(source.trouble), "$warning").wrap(cells)
    digits = len(str(source.first + len(source.lines) - 1))
    for number, line in enumerate(source.lines, source.first):
        is_it = number == place.line
        text = sanitize(line.expandtabs(4))
        text = fit(text, min(width(text), cells - digits - 5))
        mark = (f"{UNICODE.after} " if is_it else "  ", "bold $outcome-failed")
        number_part = (f"{number:>{digits}}  ", "bold $outcome-failed" if is_it else "$quiet")
        code = code_content(text, place.file)
        yield Content.assemble(mark, number_part, code.stylize("bold") if is_it else code)
