"""What writers say they lost, each loss once, in however many of a writer's files it is written.

What a writer lost with removed files is not lost to those who had read them before.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracetui import units
from tracetui.model.batch import Heartbeat
from tracetui.store.health import Trouble


@dataclass(slots=True)
class _Writer:
    """The losses of one writer: according to its present files, and to one that is gone."""

    label: str
    pid: int
    there: int = 0
    gone: int = 0
    removed: int = 0


def dropped(
    beats: Mapping[int, Heartbeat], labels: Sequence[str], over: Collection[int], held: Mapping[int, int]
) -> Iterator[tuple[int, Trouble]]:
    """For each writer, how many spans it lost, by the last heartbeat of each source.

    A writer counts separately in each of its present files. Those that are `over`, deleted or rewritten, had
    earlier counts of the same: the highest of them is a lower bound. `held` has how many spans were read from
    each source.
    """
    writers: dict[object, _Writer] = {}
    for number, beat in beats.items():
        if beat.dropped_spans:
            writer = writers.setdefault(_who(beat, labels[number]), _Writer(labels[number], beat.pid))
            writer.removed = max(writer.removed, beat.removed_spans)
            if number in over:
                writer.gone = max(writer.gone, beat.dropped_spans)
            else:
                writer.there += beat.dropped_spans
                writer.label = labels[number]
    read = _read_in_time(labels, over, held)
    for writer in writers.values():
        count = max(writer.there, writer.gone) - min(writer.removed, read[writer.pid])
        if count > 0:
            yield (
                count,
                Trouble(writer.label, 0, f"{units.many(count, 'span')}, according to its last heartbeat"),
            )


_OURS = re.compile(r"-(\d+)-[0-9a-f]{8}\.traces\.jsonl\Z")
"""How the names of our own files end: pid, random."""


def _read_in_time(labels: Sequence[str], over: Collection[int], held: Mapping[int, int]) -> Counter[int]:
    """By pid, how many spans were read from files that are `over`."""
    read: Counter[int] = Counter()
    for number in over:
        ours = _OURS.search(labels[number])
        if ours:
            read[int(ours[1])] += held.get(number, 0)
    return read


def _who(beat: Heartbeat, label: str) -> object:
    """The process; if it does not identify itself, the file."""
    return (beat.pid, beat.host, beat.boot_id) if beat.pid else label
