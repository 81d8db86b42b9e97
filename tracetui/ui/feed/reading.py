"""What the screens show: the findings of one revision, and how far reading is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from textual.message import Message

from tracetui.analysis.overview.overview import Overview
from tracetui.analysis.query.filters.lens import Lens
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.ui.feed.clock import WALL, Clock, Held

AHEAD_BITS = 5
"""The axis of a live run is a multiple of about a thirty-second of its length."""


@dataclass(frozen=True, eq=False, repr=False)
class Reading:
    """One revision on its way to the screen; Textual tells its workers apart by `repr`, so that is short.

    `busy` while there is more to read at once; `followed` is the directory that is watched for more, empty
    for recordings (foreign text). `clock` says how late it is for all that is shown, `rate` how many
    bytes a second were read so far. `lens` is the filter
    that is on: a tree shows what is `visible`, everything else counts what is `matched`; `narrowed` is what
    it leaves of the overview.
    """

    findings: Findings
    read_bytes: int
    total_bytes: int
    busy: bool
    followed: str = ""
    clock: Clock = WALL
    lens: Lens | None = None
    narrowed: Overview | None = None
    rate: float = 0.0
    is_newest: Callable[[], bool] = lambda: True
    """Whether nothing newer has been read yet; any thread may ask."""

    @property
    def renewals(self) -> int:
        """How often rows have left, and others got other numbers, or all got other times."""
        return self.findings.written.renewals

    def now_ns(self) -> int:
        """The time on the screen, in ns since the epoch."""
        return self.clock.now_ns()

    @property
    def grows(self) -> bool:
        """Whether what runs gets longer by itself."""
        return self.findings.summary.state == "live" and not self.clock.stands

    @property
    def overview(self) -> Overview:
        """What of the run matters at a glance, as far as it is meant."""
        return self.narrowed or self.findings.overview

    @property
    def meant(self) -> NDArray[np.bool_] | None:
        """By row, what the filter means in the run that is looked at; None where that is everything."""
        within, lens = self.findings.within, self.lens
        if lens is None or within is None:
            return within if lens is None else lens.matched
        return within & lens.matched

    @property
    def visible(self) -> NDArray[np.bool_] | None:
        """By row, what the filter leaves of the tree of the run that is looked at; None for everything."""
        within, lens = self.findings.within, self.lens
        if lens is None or within is None:
            return within if lens is None else lens.visible
        return within & lens.visible

    def axis(self) -> Window:
        """The time of all that is shown; while it is live a little more, lest all that is drawn moves."""
        home = self.home(self.now_ns())
        if self.findings.summary.state != "live":
            return home
        step = max(1, 1 << max(0, home.length.bit_length() - AHEAD_BITS))
        return Window(home.start_ns, home.start_ns + -(-home.length // step) * step)

    def home(self, now_ns: int) -> Window:
        """The time of all that is shown, up to `now_ns` while it is live."""
        summary = self.findings.summary
        end = max(summary.end_ns, now_ns) if summary.state == "live" else summary.end_ns
        return Window(summary.start_ns, max(end, summary.start_ns + 1))

    def chosen(self, choice: int) -> "Reading":
        """The same of another run, worked out: not for the screen's thread."""
        findings = self.findings.chosen(choice)
        findings.work_out()
        return replace(self, findings=findings)

    def held(self) -> "Reading":
        """The same with a clock that stands still."""
        return replace(self, clock=Held(self.now_ns()))


class OfReading(Message):
    """Base of messages about a reading. Textual's tasks keep the message in which they began, for as long as
    they last: it must not keep what takes megabytes."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = [reading]

    def take(self) -> Reading:
        """The reading, for the one who handles the message."""
        return self._reading.pop()


class Revised(OfReading):
    """There is another reading to be shown."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest one matters."""
        return isinstance(message, Revised)


class SpanHighlighted(Message):
    """The cursor stands on another row."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class SpanChosen(Message):
    """The reader wants to see a span in the waterfall."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class Door(NamedTuple):
    """Where something leads: a mode, and there a row; or a kind of ranking, and a name (foreign) in it.

    `choice` is a run to be shown there, None for the one that is shown; `base` one to hold it against.
    """

    mode: str
    row: int = -1
    by: str = ""
    name: str = ""
    choice: int | None = None
    base: int | None = None


class Go(Message):
    """The reader goes through a door."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
