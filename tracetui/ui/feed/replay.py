"""The thread that plays a recording: hands over what had happened by the time of a clock, as a feed would."""

import threading
import time
from collections.abc import Callable

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.replay import Recording, understood
from tracetui.ui.feed.clock import ReplayClock
from tracetui.ui.feed.feed import LEAST_PAUSE_S
from tracetui.ui.feed.reading import Reading


class Replay:
    """Plays the recording in `whole`; calls `publish` from its own thread, at most ten times a second.

    Each reading has the time of its own moment. Nothing is studied again while nothing starts or ends, and
    nothing is published while the clock stands. Rows are those of `Recording`: a later moment has those of an
    earlier one, and more. Whoever sets `over` calls `turn` after it.
    """

    def __init__(
        self,
        recorded: Recording,
        whole: Reading,
        publish: Callable[[Reading], None],
        over: threading.Event,
    ) -> None:
        self.clock = ReplayClock(recorded.begin_ns, recorded.finish_ns)
        self._recorded = recorded
        self._whole = whole
        self._publish = publish
        self._over = over
        self._turned = threading.Event()
        self._seen = (-1, -1)
        self._findings: Findings | None = None

    def turn(self) -> None:
        """Show the clock's present moment at once, even if nothing has started or ended."""
        self._turned.set()

    def run(self) -> None:
        """Plays until it is over."""
        while True:
            begin = time.monotonic()
            self._turned.clear()
            if self._over.is_set():  # Looked at after clearing: no turn that comes with it is lost.
                return
            stands = self.clock.stands
            self._hand_over(self.clock.now_ns())
            took = time.monotonic() - begin
            # A clock that stands still changes nothing until somebody sets it.
            self._turned.wait(None if stands else max(LEAST_PAUSE_S, 2 * took))

    def _hand_over(self, now_ns: int) -> None:
        seen = self._recorded.seen(now_ns)
        if self._findings is None or seen != self._seen:
            self._seen = seen
            self._findings = understood(self._recorded, now_ns)
            self._findings.work_out()
        read = self._whole.total_bytes
        self._publish(Reading(self._findings, read, read, busy=False, clock=self.clock.at(now_ns)))
