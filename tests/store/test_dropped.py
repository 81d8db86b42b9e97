"""What writers lost: what is kept up to date as they tell it is what all that they told adds up to."""

from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from tracetui.model.batch import Heartbeat
from tracetui.store.accounting.dropped import Dropped

PIDS = (7, 8)
LOGS = 6
"""The first files have heartbeats, of both processes in turn; the others their spans."""
LABELS = [
    *(f"live/{number}.logs.jsonl" for number in range(LOGS)),
    *(f"run-{PIDS[number % 2]}-{number:08x}.traces.jsonl" for number in range(LOGS)),
]

beats = st.tuples(st.just("beat"), st.integers(0, LOGS - 1), st.integers(0, 3), st.integers(0, 1))
overs = st.tuples(st.just("over"), st.integers(0, 2 * LOGS - 1), st.just(0), st.just(0))
reads = st.tuples(st.just("read"), st.integers(LOGS, 2 * LOGS - 1), st.integers(0, 3), st.just(0))


def _added_up(last: Mapping[int, Heartbeat], over: set[int], held: Mapping[int, int]) -> list[int]:
    """Of each process that lost anything, from the last word of each file and what was read of each."""
    lost = []
    for pid in PIDS:
        ours = {number: beat for number, beat in last.items() if beat.pid == pid}
        there = sum(beat.dropped_spans for number, beat in ours.items() if number not in over)
        gone = max((beat.dropped_spans for number, beat in ours.items() if number in over), default=0)
        removed = max((beat.removed_spans for beat in ours.values()), default=0)
        read = sum(held[number] for number in over if number >= LOGS and PIDS[number % 2] == pid)
        lost.append(max(there, gone) - min(removed, read))
    return sorted(count for count in lost if count > 0)


@given(st.lists(st.one_of(beats, overs, reads), max_size=30))
def test_it_is_what_the_last_words_of_all_files_add_up_to(
    events: Sequence[tuple[str, int, int, int]],
) -> None:
    """In whatever order they are told; counts in a file only grow."""
    dropped, last, over, held = Dropped(LABELS), dict[int, Heartbeat](), set[int](), Counter[int]()
    known: list[int] = []
    for what, number, count, is_removed in events:
        if what == "over":
            dropped.over(number)
            over.add(number)
        elif what == "read":
            dropped.holds(number, count)
            held[number] += count
        else:
            before = last.get(number, Heartbeat(0, PIDS[number % 2], "here", "boot", 0))
            last[number] = before._replace(
                dropped_spans=before.dropped_spans + count,
                removed_spans=before.removed_spans + count * is_removed,
            )
            dropped.beat(number, last[number])
        if dropped.is_new:
            known = sorted(count for count, _ in dropped.lost())
        assert known == _added_up(last, over, held)
