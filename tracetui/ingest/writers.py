"""Detects whether the writers of sources still run: by process, heartbeat, and age.

For files that grew while followed, the local clock says when. For all others only the writer's clock and the
file's time do, and the older of these counts: a copy is younger than its content.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from tracetui import units
from tracetui.model.batch import Heartbeat, Writer, last_beats
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.sources.writers import QUIET_NS, SILENCE_NS, has_died, is_alive
from tracetui.store.table import SpanTable

_EARLY_NS, _LATE_NS = units.S, units.MINUTE
"""Nothing is told of before it was; it may be written late, as by exporters that batch."""
_FARTHEST_NS = 10 * units.DAY
"""Times that are farther from now are no clock of a writer, but wrong or a copy's."""

_LAGS = 32
"""So many of the last words of writers are compared with the clock here."""


class Writers:
    """Judges the writers of `sources`, of which `table` holds what was read; both may grow."""

    def __init__(self, sources: Sequence[Unpacked], table: SpanTable) -> None:
        self._sources = sources
        self._table = table
        self._grew: dict[int, int] = {}
        self._unheard: set[int] = set()
        self._lags: deque[int] = deque(maxlen=_LAGS)

    def grew(self, number: int, now_ns: int) -> None:
        """Note that a source has grown since it was last read to its end."""
        self._grew[number] = now_ns
        self._unheard.add(number)

    def gone(self, now_ns: int) -> list[int]:
        """The sources with unfinished spans whose writers are gone."""
        heard = self._heard_of(self._table.heartbeats)

        @cache
        def lives(writer: Writer) -> bool:
            return is_alive(*writer, heard[writer], now_ns)

        return [number for number in self._table.unfinished_sources if not self._lives(number, lives, now_ns)]

    def _lives(self, number: int, lives: Callable[[Writer], bool], now_ns: int) -> bool:
        beat = self._table.heartbeats.get(number)
        if beat is None:
            return now_ns - self._heard(number, self._table.newest_ns(number)) <= SILENCE_NS
        return not beat.has_ended and lives(beat.writer)

    def growing(self, numbers: Sequence[int], now_ns: int) -> tuple[list[int], list[int]]:
        """Those of the sources `numbers` that seem to be being written, and those that are only quiet.

        A quiet source has not changed for a while and still may: nothing shows that its writer is gone.
        """
        boots = {(beat.host, beat.pid): beat.boot_id for beat in self._table.heartbeats.values()}
        ages = {number: abs(now_ns - self._sources[number].modified_ns) for number in numbers}
        likely = [n for n in numbers if ages[n] <= QUIET_NS and not self._is_left(n, boots)]
        return [n for n in likely if ages[n] <= SILENCE_NS], [n for n in likely if ages[n] > SILENCE_NS]

    def closed(self) -> Mapping[int, int]:
        """The sources whose writers' last report was that nothing was open, and its time in ns.

        A file is judged by itself: a process may write several at once. For one that was deleted because it
        grew long, the last report of its process counts.
        """
        beats = self._table.heartbeats
        last = last_beats(beats)
        words = {
            source: last[beat.writer] if self._sources[source].gone else beat
            for source, beat in beats.items()
        }
        return {source: word.time_ns for source, word in words.items() if word.open_spans == 0}

    def ahead_ns(self) -> int:
        """How far the local clock is ahead of the writers' (negative: behind); 0 if they agree.

        What was just read was written just now: the latest time in the last records decides, as others may
        have been late.
        """
        for number in self._unheard:
            beat = self._table.heartbeats.get(number)
            newest = max(self._table.newest_ns(number), beat.time_ns if beat else 0)
            if newest and abs(self._grew[number] - newest) <= _FARTHEST_NS:
                self._lags.append(self._grew[number] - newest)
        self._unheard.clear()
        ahead = min(self._lags, default=0)
        return 0 if -_EARLY_NS <= ahead <= _LATE_NS else ahead

    def _is_left(self, number: int, boots: Mapping[tuple[str, int], str]) -> bool:
        """Whether a source is a copy, or its writers are known to be gone; `boots` are by host and pid."""
        # What was written long before the file is a copy; what is empty tells nothing yet.
        modified, newest = self._sources[number].modified_ns, self._table.newest_ns(number)
        if number not in self._grew and newest and abs(modified - newest) > SILENCE_NS:
            return True
        processes = self._table.processes(number)
        return bool(processes) and all(
            has_died(pid, host, boots.get((host, pid), "")) for host, pid in processes
        )

    def _heard_of(self, beats: Mapping[int, Heartbeat]) -> Mapping[Writer, int]:
        """The last sign of life of each writer: it continues in a new file when one grows long."""
        heard: dict[Writer, int] = {}
        for number, beat in beats.items():
            heard[beat.writer] = max(heard.get(beat.writer, 0), self._heard(number, beat.time_ns))
        return heard

    def _heard(self, number: int, told_ns: int) -> int:
        return self._grew.get(number) or min(self._sources[number].modified_ns, told_ns)
