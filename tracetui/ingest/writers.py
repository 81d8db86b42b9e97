"""Detects whether the writers of sources still run: by process, heartbeat, and age.

For files that grew while followed, the local clock says when. For all others only the writer's clock and the
file's time do, and the older of these counts: a copy is younger than its content.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol

from msgspec import Struct, field

from tracetui import units
from tracetui.model.batch import QUIET_NS, SILENCE_NS, Heartbeat, Writer
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.sources.writers import Began, began_ns, has_died, is_alive
from tracetui.store.table import SpanTable

_EARLY_NS, _LATE_NS = units.S, units.MINUTE
"""Nothing is told of before it was; it may be written late, as by exporters that batch."""
_FARTHEST_NS = 10 * units.DAY
"""Times that are farther from now are no clock of a writer, but wrong or a copy's."""

TOLD_AGAIN_NS = 5 * units.S
"""By then it is read what a writer tells again of a file that it has deleted."""
_LAGS = 32
"""So many of the last words of writers are compared with the clock here."""


class _Words(Struct):
    """The last sign of life of one writer and its last report; `there` are the files that may get more."""

    there: dict[int, None] = field(default_factory=dict)
    heard_ns: int = 0
    wrote_ns: int = 0
    last: Heartbeat | None = None

    def hear(self, heard_ns: int, wrote_ns: int, beat: Heartbeat) -> None:
        """Take in the last report in one of its files, when it arrived, and until when it was written by any
        clock.
        """
        self.heard_ns, self.wrote_ns = max(self.heard_ns, heard_ns), max(self.wrote_ns, wrote_ns)
        if self.last is None or beat.time_ns >= self.last.time_ns:
            self.last = beat


class Judged(Protocol):
    """What is followed of a source: its number, whether it is no trace, and whether no more comes of it."""

    number: int
    done: bool

    @property
    def is_none(self) -> bool:
        """Whether it is not a trace, as far as it was read."""


class Writers:
    """Judges the writers of `sources`, of which `table` holds what was read; both may grow.

    The cost depends on what is new, recent and undecided, not on how many files have come and gone.
    """

    def __init__(self, sources: Sequence[Unpacked], table: SpanTable) -> None:
        self._sources = sources
        self._table = table
        self._grew: dict[int, int] = {}
        self._unheard: set[int] = set()
        self._told: set[int] = set()
        self._recent: dict[int, Judged] = {}
        self._left: dict[int, Writer | None] = {}
        self._deleted: dict[int, int] = {}
        self._lags: deque[int] = deque(maxlen=_LAGS)
        self._words: dict[Writer, _Words] = defaultdict(_Words)
        self._boots: dict[tuple[str, int], str] = {}

    def told(self, number: int, grew_ns: int) -> None:
        """Note that more was read of a source; it has `grew_ns` since it was last read to its end, if at
        all.
        """
        self._told.add(number)
        if grew_ns:
            self._grew[number] = grew_ns
            self._unheard.add(number)

    def gone(self, now_ns: int) -> frozenset[int]:
        """The sources with unfinished spans whose writers are gone.

        They stay so until more is read of them, or of another file of their writer.
        """
        self._listen()

        @cache
        def lives(writer: Writer) -> bool:
            said = self._said_by(writer)
            return is_alive(*writer, said.heard_ns, said.wrote_ns, now_ns)

        unfinished, beats = self._table.unfinished_sources, self._table.heartbeats
        for number in unfinished - self._left.keys():
            if not self._lives(number, lives, now_ns):
                self._left[number] = beats[number].writer if number in beats else None
        return unfinished & self._left.keys()

    def _lives(self, number: int, lives: Callable[[Writer], bool], now_ns: int) -> bool:
        beat = self._table.heartbeats.get(number)
        if beat is None:
            return now_ns - self._heard(number, self._table.newest_ns(number)) <= SILENCE_NS
        return not beat.has_ended and lives(beat.writer)

    def growing(self, stirred: Iterable[Judged], now_ns: int) -> tuple[list[int], list[int]]:
        """The sources that seem to be being written, and those that are only quiet.

        `stirred` are those that may have changed since this was asked last. A quiet source has not changed
        for a while and still may: nothing shows that its writer is gone.
        """
        self._listen()

        began = cache(began_ns)
        self._recent |= {reader.number: reader for reader in stirred}
        ages = {number: now_ns - self._sources[number].modified_ns for number in self._recent}
        self._recent = {
            number: reader
            for number, reader in self._recent.items()
            if not reader.done and ages[number] <= QUIET_NS and not self._is_left(number, began)
        }
        likely = [n for n, reader in self._recent.items() if not reader.is_none and abs(ages[n]) <= QUIET_NS]
        return (
            [n for n in likely if abs(ages[n]) <= SILENCE_NS],
            [n for n in likely if abs(ages[n]) > SILENCE_NS],
        )

    def closed(self, now_ns: int) -> Mapping[int, int]:
        """The sources with unfinished spans whose writers' last report was that nothing was open, and its
        time in ns.

        A file is judged by itself: a process may write several at once. For one that was just deleted, maybe
        because it grew long, the last report of its process counts. Later its spans have ended, whenever they
        began: what is open is told again in another file.
        """
        self._listen()
        closed, deleted, self._deleted = dict[int, int](), self._deleted, {}
        for number in self._table.unfinished_sources:
            word = self._table.heartbeats.get(number)
            if word and self._sources[number].gone:
                since_ns = self._deleted[number] = deleted.get(number, now_ns)
                if now_ns - since_ns > TOLD_AGAIN_NS:
                    closed[number] = units.MAX_NS
                    continue
                word = self._said_by(word.writer).last
            if word and word.open_spans == 0:
                closed[number] = word.time_ns
        return closed

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

    def _is_left(self, number: int, began: Began) -> bool:
        """Whether a source is a copy, or its writers are known to be gone."""
        # What was written long before the file is a copy; what is empty tells nothing yet.
        modified, newest = self._sources[number].modified_ns, self._table.newest_ns(number)
        if number not in self._grew and newest and abs(modified - newest) > SILENCE_NS:
            return True
        processes = self._table.processes(number)
        return bool(processes) and all(
            has_died(pid, host, self._boots.get((host, pid), ""), max(modified, newest), began)
            for host, pid in processes
        )

    def _listen(self) -> None:
        beats, told, self._told = self._table.heartbeats, self._told, set()
        for number in sorted(self._table.new_beats()):
            beat = beats[number]
            self._words[beat.writer].there[number] = None
            self._boots[beat.host, beat.pid] = beat.boot_id
            told.add(number)
        speakers = {beats[number].writer for number in told if number in beats}
        for number in [n for n, writer in self._left.items() if n in told or writer in speakers]:
            del self._left[number]

    def _said_by(self, writer: Writer) -> _Words:
        """What all files of a writer say: it continues in a new file when one grows long."""
        words, beats = self._words[writer], self._table.heartbeats
        for number in tuple(words.there):
            is_its = beats[number].writer == writer
            if self._sources[number].gone and is_its:
                self._hear(words, number, beats[number])
            if self._sources[number].gone or not is_its:
                del words.there[number]
        said = _Words(heard_ns=words.heard_ns, wrote_ns=words.wrote_ns, last=words.last)
        for number in words.there:
            self._hear(said, number, beats[number])
        return said

    def _hear(self, words: _Words, number: int, beat: Heartbeat) -> None:
        wrote_ns = max(self._sources[number].modified_ns, beat.time_ns)
        words.hear(self._heard(number, beat.time_ns), wrote_ns, beat)

    def _heard(self, number: int, told_ns: int) -> int:
        return self._grew.get(number) or min(self._sources[number].modified_ns, told_ns)
