"""The texts beside and below the filter line."""

from collections.abc import Sequence

import numpy as np
from textual.content import Content

from tracetui import units
from tracetui.analysis.query.filters.completion import Completion
from tracetui.analysis.query.filters.errors import FilterError
from tracetui.report.drawing.style import many
from tracetui.text import fit, sanitize
from tracetui.ui.feed.reading import Reading

LEFT = 8
"""Cells before what is typed."""

COMPLETION_WIDTH = 46


def counts_content(reading: Reading) -> Content:
    """How much of the shown run matches, and how much is hidden."""
    if reading.lens is None:
        return Content("")
    within, lens = reading.findings.within, reading.lens
    among = np.ones(len(lens.matched), np.bool_) if within is None else within
    meant = int(np.count_nonzero(lens.matched & among))
    return Content.assemble(
        (many(meant, "span"), "" if meant else "bold $warning"),
        (f"  {units.count(lens.hidden(among))} hidden", "bold"),
        ("   f edits", "$quiet"),
    )


def hints_content(
    completions: Sequence[Completion], chosen: int, error: FilterError | None, cells: int
) -> Content:
    """Completions, the chosen one marked, and below them an error at its place."""
    lines = [
        _completion(completion, place == chosen, cells) for place, completion in enumerate(completions[:8])
    ]
    if error:
        hint = f"; {error.hint}" if error.hint and not completions else ""
        problem = fit(sanitize(f"╰ {error.reason}{hint}"), cells - LEFT - 1).rstrip()
        indent = min(LEFT + error.begin, max(LEFT, cells - len(problem) - 1))
        lines.append(Content.styled(" " * indent + problem, "$warning"))
    elif not lines:
        lines.append(Content.styled(" " * LEFT + "enter: keep   esc: cancel   ctrl+f: save it", "$quiet"))
    return Content("\n").join(lines)


def _completion(completion: Completion, chosen: bool, cells: int) -> Content:
    text = fit(sanitize(completion.text.rstrip()), max(8, min(COMPLETION_WIDTH, cells - LEFT - 2)))
    return Content.assemble(
        " " * (LEFT - 2),
        ("▸ " if chosen else "  ", "bold $accent"),
        (text, "bold" if chosen else ""),
        (f"  {completion.told}" if completion.told else "", "$quiet"),
        ("   tab" if chosen else "", "$accent"),
    )
