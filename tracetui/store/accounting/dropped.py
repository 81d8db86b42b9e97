"""What writers say they lost, each loss once, in however many of a writer's files it is written.

What a writer lost with removed files is not lost to those who had read them before.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from tracetui import units
from tracetui.model.batch import Heartbeat
from tracetui.store.health import Trouble

_OURS = re.compile(r"-(\d+)-[0-9a-f]{8}\.traces\.jsonl\Z")
"""How the names of our own files end: pid, random."""


class _Writer(Struct):
    """The losses of one writer: by present source according to its last heartbeat, and to files that are
    gone.
    """

    label: str
    pid: int
    there: dict[int, Heartbeat] = field(default_factory=dict)
    gone: int = 0
    removed: int = 0

    def over(self, beat: Heartbeat) -> None:
        """A file that is gone said so."""
        self.gone = max(self.gone, beat.dropped_spans)
        self.removed = max(self.removed, beat.removed_spans)

    def lost(self, read: int) -> int:
        """How many spans are lost to who has `read` so many from files that were removed."""
        there = sum(beat.dropped_spans for beat in self.there.values())
        removed = max([self.removed, *(beat.removed_spans for beat in self.there.values())])
        return max(there, self.gone) - min(removed, read)


class Dropped:
    """For each writer, how many spans it lost, by the last heartbeat of each source; `labels` may grow.

    A writer counts separately in each of its present files. Those that are over, deleted or rewritten, had
    earlier counts of the same: the highest of them is a lower bound. `is_new` is whether anything was told
    that may change this since it was asked for, which costs what writers with losses have in present files.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.is_new = False
        self._labels = labels
        self._over: set[int] = set()
        self._held: Counter[int] = Counter()
        self._read: Counter[int] = Counter()
        self._writers: dict[object, _Writer] = {}
        self._of: dict[int, _Writer] = {}

    def holds(self, number: int, spans: int) -> None:
        """So many more spans were read from a source."""
        self._held[number] += spans
        if number in self._over:
            self._was_read(number, spans)

    def beat(self, number: int, beat: Heartbeat) -> None:
        """The last heartbeat of a source."""
        before = self._of.pop(number, None)
        if before:
            before.there.pop(number, None)
            self.is_new = True
        if not beat.dropped_spans:
            return
        self.is_new = True
        label = self._labels[number]
        writer = self._writers.setdefault(_who(beat, label), _Writer(label, beat.pid))
        if number in self._over:
            writer.over(beat)
        else:
            self._of[number] = writer
            writer.there[number], writer.label = beat, label

    def over(self, number: int) -> None:
        """A source's file was deleted or rewritten."""
        if number in self._over:
            return
        self._over.add(number)
        self._was_read(number, self._held[number])
        writer = self._of.pop(number, None)
        if writer:
            writer.over(writer.there.pop(number))
            self.is_new = True

    def lost(self) -> Iterator[tuple[int, Trouble]]:
        """By writer, how many spans, and where that is written."""
        self.is_new = False
        for writer in self._writers.values():
            count = writer.lost(self._read[writer.pid])
            if count > 0:
                reason = f"{units.many(count, 'span')}, according to its last heartbeat"
                yield count, Trouble(writer.label, 0, reason)

    def _was_read(self, number: int, spans: int) -> None:
        """So many spans were read by now from a file that is gone; our own tell the pid by their names."""
        ours = _OURS.search(self._labels[number]) if spans else None
        if ours:
            self._read[int(ours[1])] += spans
            self.is_new = self.is_new or bool(self._writers)


def _who(beat: Heartbeat, label: str) -> object:
    """The process; if it does not identify itself, the file."""
    return (beat.pid, beat.host, beat.boot_id) if beat.pid else label
