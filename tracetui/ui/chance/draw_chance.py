"""What may be chance in a failure: that its test is flaky, and what ran beside it when it failed."""

from collections.abc import Iterator

from textual.content import Content

from tracetui import units
from tracetui.analysis.beside.beside import Suspicion
from tracetui.analysis.flaky.flaky import Flaky, reruns_to_show
from tracetui.report.deciding.beside import cases_words, row_words
from tracetui.report.drawing.style import many
from tracetui.text import sanitize, wrap
from tracetui.ui.failures.draw_section import heading

BESIDE = "Beside it"
MOST_BESIDE = 5


def chance_lines(flaky: Flaky | None, suspicion: Suspicion | None, cells: int) -> Iterator[Content]:
    """A section for each, if there is evidence."""
    if flaky:
        yield from _flaky(flaky, cells)
    if suspicion and suspicion.rows:
        yield heading(BESIDE, f"  {cases_words(suspicion)}")
        yield from beside_lines(suspicion, cells)


def _flaky(test: Flaky, cells: int) -> Iterator[Content]:
    low, high = (f"{100 * bound:.1f}" for bound in test.interval)
    failed = f"{units.count(test.failed)} of {many(test.runs, 'attempt')}"
    yield heading("Flaky", f"  failed {failed} at code that works: {low} .. {high}% (Wilson, 95 %)")
    reruns = many(reruns_to_show(test.failed / test.runs), "run")
    said = (
        f"{reruns} show it with 95 %; failed attempts and reruns took {units.duration(test.cost_ns)} so far"
    )
    yield from (Content(f"  {piece}") for piece in wrap(sanitize(said), cells - 2))


def beside_lines(suspicion: Suspicion, cells: int) -> Iterator[Content]:
    """What ran beside it: the most telling, and how many more."""
    for row in suspicion.rows[:MOST_BESIDE]:
        for number, piece in enumerate(wrap(sanitize(row_words(row, suspicion)), cells - 4)):
            yield Content(f"{'    ' if number else '  '}{piece}")
    if len(suspicion.rows) > MOST_BESIDE:
        yield Content.styled(f"  … {len(suspicion.rows) - MOST_BESIDE} more", "$quiet")
