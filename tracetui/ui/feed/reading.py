"""What the screens show: the findings of one revision, and the progress of reading."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from textual.message import Message

from tracetui.analysis.overview.overview import Overview
from tracetui.analysis.query.filters.lens import Lens
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.ui.feed.clock import WALL, Clock, Held, Moment

AHEAD_BITS = 5
"""The axis of a live run is a multiple of about a thirty-second of its length."""


class Reading(Struct, frozen=True, eq=False):
    """One revision on its way to the screen. Its `repr` is short, because Textual identifies workers by it.

    `busy` while there is more to read at once; `followed` is the watched directory, empty for recordings
    (foreign text). `clock` is the time for everything shown, `rate` how many bytes a second were read so far.
    `lens` is the active filter: a tree shows what is `visible`, everything else counts what is `matched`;
    `narrowed` is what it leaves of the overview.
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

    def __repr__(self) -> str:
        """Which one it is, and nothing of what is in it."""
        return object.__repr__(self)

    @property
    def renewals(self) -> int:
        """How often rows were renumbered by eviction, or all times changed."""
        return self.findings.written.renewals

    def now_ns(self) -> int:
        """The time on the screen, in ns since the epoch."""
        return self.clock.now_ns()

    @property
    def grows(self) -> bool:
        """Whether running spans grow by themselves."""
        return self.findings.summary.state == "live" and not self.clock.stands

    @property
    def overview(self) -> Overview:
        """The overview of the run, filtered."""
        return self.narrowed or self.findings.overview

    @property
    def meant(self) -> NDArray[np.bool_] | None:
        """By row, whether it matches the filter in the shown run; None for everything."""
        within, lens = self.findings.within, self.lens
        if lens is None or within is None:
            return within if lens is None else lens.matched
        return within & lens.matched

    @property
    def visible(self) -> NDArray[np.bool_] | None:
        """By row, whether the filter leaves it in the tree of the shown run; None for everything."""
        within, lens = self.findings.within, self.lens
        if lens is None or within is None:
            return within if lens is None else lens.visible
        return within & lens.visible

    def axis(self) -> Window:
        """The time of everything shown; while it is live padded, to avoid constant redrawing."""
        home = self.home(self.now_ns())
        if self.findings.summary.state != "live":
            return home
        step = max(1, 1 << max(0, home.length.bit_length() - AHEAD_BITS))
        return Window(home.start_ns, home.start_ns + -(-home.length // step) * step)

    def home(self, now_ns: int) -> Window:
        """The time of everything shown, up to `now_ns` while it is live."""
        summary = self.findings.summary
        end = max(summary.end_ns, now_ns) if summary.state == "live" else summary.end_ns
        return Window(summary.start_ns, max(end, summary.start_ns + 1))

    def chosen(self, choice: int) -> "Reading":
        """The same for another run, computed: not in the screen's thread."""
        findings = self.findings.chosen(choice)
        findings.work_out()
        return replace(self, findings=findings)

    def at_once(self) -> "Reading":
        """The same at the present moment, which stays: for all that is drawn together."""
        return replace(self, clock=Moment(self.clock))

    def held(self) -> "Reading":
        """The same with a clock that stands still."""
        return replace(self, clock=Held(self.now_ns()))


class OfReading(Message):
    """Base class of messages about a reading.

    Textual's tasks keep the message in which they began as long as they last: it must not keep megabytes.
    """

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = [reading]

    def take(self) -> Reading:
        """The reading, for the message's handler."""
        return self._reading.pop()


class Revised(OfReading):
    """There is another reading to be shown."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest one matters."""
        return isinstance(message, Revised)


class SpanHighlighted(Message):
    """The cursor moved to another row."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class SpanChosen(Message):
    """The user wants to see a span in the waterfall."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class Door(NamedTuple):
    """The target of a jump: a mode, and there a row; or a kind of ranking, and a name (foreign) in it.

    `choice` is a run to show there, None for the shown one; `base` one to compare it with.
    """

    mode: str
    row: int = -1
    by: str = ""
    name: str = ""
    choice: int | None = None
    base: int | None = None


class Go(Message):
    """The user jumps to a door's target."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
