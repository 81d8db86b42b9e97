"""How a running test or hook that hangs is marked in rows: its mark, its colour, its words."""

from tracetui.analysis.alarms.hung import Hung
from tracetui.report.drawing.alarms import hung_words

MARK = "■"


def hung_colour(alarm: Hung) -> str:
    """What earlier runs prove to hang is as loud as a failure; what is only unusual in this run is not."""
    return "outcome-failed" if alarm.is_known else "warning"


def hung_mark(alarm: Hung, cells: int) -> str:
    """The mark with as many words as so many cells hold: `■ hung: 30x its p95`, `■ hung`, `■`."""
    words = hung_words(alarm)
    return next((text for text in (f"{MARK} {words}", f"{MARK} hung") if len(text) <= cells), MARK)
