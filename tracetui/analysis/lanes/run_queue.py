"""How long tests waited for a processor, by what their processes recorded."""

from collections import Counter
from collections.abc import Sequence

from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


def run_queue_rates(
    snapshot: Snapshot, parent: Rows, lanes: Sequence[Rows], computed_ns: Sequence[int]
) -> list[float]:
    """By lane, given its tests' rows and their processor time: how long they waited for each ns computed.

    Each worker says how long its process waited while its tests ran; whoever computes longer is put back
    into the queue more often. 0 if unknown: what a process says of itself says nothing of several lanes.
    """
    is_process = (snapshot.role == Role.WORKER) | (snapshot.role == Role.SUITE)
    processes = [{*nearest(is_process, parent, rows).tolist()} - {-1} for rows in lanes]
    times = Counter(row for rows in processes for row in rows)
    waited = [
        sum(snapshot.resource(row).run_queue_ns for row in rows if times[row] == 1) for rows in processes
    ]
    return [wait / computed if computed else 0.0 for wait, computed in zip(waited, computed_ns, strict=True)]


def waited_for_processor(waiting_ns: int, computing_ns: int, rate: float) -> int:
    """The part of its waiting in which a test waited for a processor, in ns."""
    return min(waiting_ns, round(rate * computing_ns))
