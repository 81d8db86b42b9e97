"""What writers say they lost, each loss once, in however many files a writer said it.

What a writer lost with files that were taken away is not lost to who had read them before that.
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
    """What one writer lost: as its files say that are there, and as one said that is gone."""

    label: str
    pid: int
    there: int = 0
    gone: int = 0
    removed: int = 0


def dropped(
    beats: Mapping[int, Heartbeat], labels: Sequence[str], over: Collection[int], held: Mapping[int, int]
) -> Iterator[tuple[int, Trouble]]:
    """For each writer, how many spans it lost, by the last heartbeat of each source.

    A writer counts apart in each of its files that are there. Those that are `over`, deleted or rewritten,
    said before what the writer says now in others: of them the highest count is the least there was. `held`
    tells how many spans were read from each source.
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
    """A process; of one that does not say which it is, the file."""
    return (beat.pid, beat.host, beat.boot_id) if beat.pid else label
