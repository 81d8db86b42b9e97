"""The accuracy of forecasts, in words and as a part of documents."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.forecasts.checks import Accuracy
from tracetui.report.drawing.style import QUIET, WARNING, Line, words

FEW = 3
"""Fewer checks than these say little."""
GOOD = 0.10
"""Forecasts that are off by more than this are no ground to decide on."""


def line(accuracy: Accuracy) -> Iterator[Line]:
    """How far off the last forecasts were; nothing if there were none."""
    if accuracy.error is None:
        if accuracy.waiting:
            yield [words("no forecast has met its run yet: the next run like it will check this one", QUIET)]
        return
    style = WARNING if accuracy.error > GOOD else QUIET
    yield [words(sentence(accuracy), style)]


def sentence(accuracy: Accuracy) -> str:
    """The same as a sentence; empty if nothing was checked."""
    if accuracy.error is None:
        return ""
    last = "last forecast" if accuracy.n == 1 else f"last {accuracy.n} forecasts"
    few = " (few: it may be chance)" if accuracy.n < FEW else ""
    off = units.share(accuracy.error)
    median = "" if accuracy.n == 1 else " (median)"
    return f"my {last} erred by {off}{median}, {accuracy.within} of {accuracy.n} came within their range{few}"


def short(accuracy: Accuracy) -> str:
    """The same in a few words."""
    if accuracy.error is None:
        return ""
    return f"last {units.many(accuracy.n, 'forecast')} erred by {units.share(accuracy.error)}"


def document(accuracy: Accuracy) -> dict[str, object]:
    """The same for JSON: `error` is a fraction, null if nothing was checked."""
    return accuracy._asdict()
