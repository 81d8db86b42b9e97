"""A recording as it was at any moment: what had not begun is absent, what had not ended is running."""

from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.times import measure
from tracetui.model.columns import STORED
from tracetui.model.role import Outcome, StatusCode
from tracetui.store.snapshot import Snapshot


class Recording(Struct, frozen=True, eq=False, dict=True):
    """A snapshot with its rows in order of start, so that the rows of a moment are those of a later one too.

    `end_ns` is when each row ended, or last showed a sign of life. `begin_ns` and `finish_ns` bound the
    replay. Times are corrected, roles as they were written; `written_ns` has the times as they were written,
    start and end, and `clocks` what is known of these.
    """

    snapshot: Snapshot
    end_ns: NDArray[np.int64]
    begin_ns: int
    finish_ns: int
    written_ns: tuple[NDArray[np.int64], NDArray[np.int64]]
    clocks: Clocks | None

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.sort(self.end_ns)

    def seen(self, now_ns: int) -> tuple[int, int]:
        """How many spans have begun and how many have ended: while that is the same, so is everything
        else.
        """
        begun = np.searchsorted(self.snapshot.start_ns, now_ns, "right")
        return int(begun), int(np.searchsorted(self._ends, now_ns, "right"))


def recording(findings: Findings) -> Recording:
    """A recording of the `findings`, to be played from the start of the shown run to its end."""
    snapshot, written = replace(findings.snapshot, role=findings.written.role), findings.written
    order = np.argsort(snapshot.start_ns, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    columns = {name: getattr(snapshot, name)[order] for name in STORED}
    parent = columns["parent_row"]
    columns["parent_row"] = np.where(parent >= 0, place[parent], np.int32(-1)) if len(order) else parent
    summary = findings.summary
    begin, finish = summary.start_ns, max(summary.end_ns, summary.start_ns)
    times = written.start_ns[order], written.end_ns[order]
    clocks = findings.clocks and _ordered(findings.clocks, order, place)
    return Recording(replace(snapshot, **columns), findings.times.end[order], begin, finish, times, clocks)


def understood(recorded: Recording, now_ns: int) -> Findings:
    """The findings of a moment; what the whole recording says of clocks is known from the start."""
    findings = study(at(recorded, now_ns), now_ns)
    if recorded.clocks is None:
        return findings
    begun = len(findings.snapshot)
    clocks = _first(recorded.clocks, begun)
    start, end = (times[:begun] for times in recorded.written_ns)
    written = replace(findings.written, start_ns=start, end_ns=np.where(findings.snapshot.end_ns, end, 0))
    times = measure(findings.snapshot, findings.tree, now_ns, clocks)
    return replace(findings, written=written, clocks=clocks, times=times)


def _ordered(clocks: Clocks, order: NDArray[np.intp], place: NDArray[np.int32]) -> Clocks:
    """The same for rows in another order."""
    rows = {name: getattr(clocks, name)[order] for name in _BY_ROW}
    skews = tuple(skew._replace(row=int(place[skew.row])) for skew in clocks.skews)
    return replace(clocks, **rows, skews=skews)


def _first(clocks: Clocks, count: int) -> Clocks:
    """The same for the first `count` rows."""
    rows = {name: getattr(clocks, name)[:count] for name in _BY_ROW}
    return replace(clocks, **rows, skews=tuple(skew for skew in clocks.skews if skew.row < count))


_BY_ROW = ("wrong", "start", "own_start_ns", "took_ns", "relative", "offset_ns")


def at(recorded: Recording, now_ns: int) -> Snapshot:
    """The snapshot of a moment: O(n). A span that ends at `now_ns` has ended; one that never did has not."""
    begun, ended = recorded.seen(now_ns)
    whole = recorded.snapshot
    columns = {name: getattr(whole, name)[:begun] for name in STORED}
    runs = recorded.end_ns[:begun] > now_ns
    parent = columns["parent_row"]
    columns |= {
        "parent_row": np.where(parent < begun, parent, np.int32(-1)),
        "end_ns": np.where(runs, 0, columns["end_ns"]),
        "outcome": np.where(runs, np.uint8(Outcome.RUNNING), columns["outcome"]),
        "status": np.where(runs, np.uint8(StatusCode.UNSET), columns["status"]),
        "billed_ns": np.where(runs, 0, columns["billed_ns"]),
        "cpu": np.where(runs, np.float32(0), columns["cpu"]),
    }
    return replace(whole, revision=begun + ended, **columns)
