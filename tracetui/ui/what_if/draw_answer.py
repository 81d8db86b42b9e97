"""The prediction, in words and as bars."""

from collections.abc import Iterator

from textual.content import Content

from tracetui import units
from tracetui.report.deciding.what_if import Choice, WhatIf, dist_words, range_words, saved_words
from tracetui.report.drawing.bars import share_bar
from tracetui.report.drawing.style import many
from tracetui.text import fit, sanitize
from tracetui.ui.what_if.question import Answer

TIME_CELLS = 9
COUNT_CELLS = 13


def answer_content(answer: Answer, cells: int) -> Content:
    """Recorded, predicted, and how sure that is: four lines."""
    forecast = answer.told
    if forecast is None:
        why = sanitize(answer.reading.findings.no_timeline)
        return Content(why or "no test has run yet: there is nothing to predict from")
    how = f"{many(forecast.recorded_workers, 'worker')}, {dist_words(forecast.recorded_dist)}"
    so = f"{many(forecast.workers, 'worker')}, {dist_words(forecast.dist)}"
    time = units.duration(forecast.predicted_ns).rjust(TIME_CELLS)
    colour = "bold $success" if forecast.saved_ns * 100 > forecast.replayed_ns else "bold"
    lines = [
        Content.assemble(
            ("recorded  ", "$quiet"),
            units.duration(forecast.recorded_ns).rjust(TIME_CELLS),
            (f"  {how}", "$quiet"),
        ),
        Content.assemble(
            ("predicted ", "$quiet"),
            (time, colour),
            f"  {range_words(forecast.low_ns, forecast.high_ns)}",
            (f"  {so}", "$quiet"),
        ),
        Content.assemble(" " * 10, (saved_words(forecast), colour)),
        _certainty(forecast, cells),
    ]
    return Content("\n").join(lines)


def _certainty(forecast: WhatIf, cells: int) -> Content:
    if forecast.outside:
        return Content.assemble(
            (fit(sanitize(f"! beyond this recording: {forecast.outside}"), cells), "$warning")
        )
    how = (
        f"median and nine of ten of {forecast.draws} simulated runs, {forecast.model_error:.0%} for the model"
    )
    return Content.assemble((fit(sanitize(how), cells), "$quiet"))


def chart_content(answer: Answer, cells: int, lines: int) -> Content:
    """A bar for each number of workers, as long as the run takes; at most `lines` lines."""
    if not answer.chart:
        return Content.assemble(("simulating …" if answer.told else "", "$quiet"))
    return Content("\n").join(_bars(answer, cells, lines))


def _is_recorded(choice: Choice, forecast: WhatIf) -> bool:
    """Whether it is the recorded configuration."""
    recorded = (forecast.recorded_workers, forecast.recorded_dist)
    return not forecast.changes and (choice.workers, choice.dist) == recorded


def _bars(answer: Answer, cells: int, lines: int) -> Iterator[Content]:
    longest = max(choice.high_ns for choice in answer.chart)
    room = max(4, cells - COUNT_CELLS - TIME_CELLS - 14)
    forecast = answer.told
    yield Content.assemble(("wall time by workers, first test's start to last one's end", "$quiet"))
    for choice in answer.chart[: lines - 1]:
        is_here = choice.workers == answer.knobs.workers
        was = forecast is not None and _is_recorded(choice, forecast)
        doubt = "?" if choice.outside else " "
        yield Content.assemble(
            (many(choice.workers, "worker").rjust(COUNT_CELLS - 2) + "  ", "bold" if is_here else "$quiet"),
            (share_bar(choice.predicted_ns, longest, room), "$accent" if is_here else "$quiet"),
            (units.duration(choice.predicted_ns).rjust(TIME_CELLS) + doubt, "bold" if is_here else ""),
            (" as recorded" if was else "", "$quiet"),
        )
