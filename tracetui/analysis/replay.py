"""A recording as it was at any moment: what had not begun is absent, what had not ended runs."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.findings import Findings
from tracetui.model.role import Outcome, StatusCode
from tracetui.store.snapshot import Snapshot

COLUMNS = (
    "start_ns",
    "end_ns",
    "key",
    "parent_key",
    "trace_index",
    "parent_row",
    "name_id",
    "title_id",
    "worker_id",
    "origin_id",
    "offset",
    "length",
    "role",
    "status",
    "outcome",
    "own",
    "billed_ns",
)
"""What a snapshot has one of per row."""


@dataclass(frozen=True, eq=False)
class Recording:
    """A snapshot with its rows in order of start, so that the rows of a moment are those of a later one too.

    `end_ns` says, by row, when each ended, or gave its last sign of life. `begin_ns` and `finish_ns` bound
    what there is to see.
    """

    snapshot: Snapshot
    end_ns: NDArray[np.int64]
    begin_ns: int
    finish_ns: int

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.sort(self.end_ns)

    def seen(self, now_ns: int) -> tuple[int, int]:
        """How many spans have begun and how many have ended: while that is the same, so is all else."""
        begun = np.searchsorted(self.snapshot.start_ns, now_ns, "right")
        return int(begun), int(np.searchsorted(self._ends, now_ns, "right"))


def recording(findings: Findings) -> Recording:
    """What `findings` know, to be played from the start of the run that is looked at to its end."""
    snapshot = findings.snapshot
    order = np.argsort(snapshot.start_ns, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    columns = {name: getattr(snapshot, name)[order] for name in COLUMNS}
    parent = columns["parent_row"]
    columns["parent_row"] = np.where(parent >= 0, place[parent], np.int32(-1)) if len(order) else parent
    summary = findings.summary
    begin, finish = summary.start_ns, max(summary.end_ns, summary.start_ns)
    return Recording(replace(snapshot, **columns), findings.times.end[order], begin, finish)


def at(recorded: Recording, now_ns: int) -> Snapshot:
    """The snapshot of a moment: O(n). A span that ends at `now_ns` has ended; one that never did."""
    begun, ended = recorded.seen(now_ns)
    whole = recorded.snapshot
    columns = {name: getattr(whole, name)[:begun] for name in COLUMNS}
    runs = recorded.end_ns[:begun] > now_ns
    parent = columns["parent_row"]
    columns |= {
        "parent_row": np.where(parent < begun, parent, np.int32(-1)),
        "end_ns": np.where(runs, 0, columns["end_ns"]),
        "outcome": np.where(runs, np.uint8(Outcome.RUNNING), columns["outcome"]),
        "status": np.where(runs, np.uint8(StatusCode.UNSET), columns["status"]),
        "billed_ns": np.where(runs, 0, columns["billed_ns"]),
    }
    return replace(whole, revision=begun + ended, **columns)
