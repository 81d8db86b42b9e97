"""Updates the lanes of the last study: what was added is put where it belongs.

The result is exactly that of `lanes.lanes`; it is made anew if a home or a lane is new, if something settled
long ago has changed (see `lane_growth`), if nothing names the worker of what was added, or if the clock of a
process turns out to be off by something else.
"""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from tracetui.analysis.assignment.block_lanes import Division, divide
from tracetui.analysis.assignment.block_lanes_growth import Keys
from tracetui.analysis.assignment.packing_growth import pools
from tracetui.analysis.jobs.processes import Processes
from tracetui.analysis.lanes.existence import Existence
from tracetui.analysis.lanes.lane_ends import Known, ends
from tracetui.analysis.lanes.lane_growth import Settled, grown, settle, workers_of
from tracetui.analysis.lanes.lane_names import lane_names
from tracetui.analysis.lanes.lanes import Lane, Lanes, by_share, offset_of, ordered, wall_of
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.study.step import Step
from tracetui.analysis.time.clocks import Clocks, only_shifted, shifted_alike
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.outermost import Seen
from tracetui.model.numbers.revisions import Revisions


class LanesGrowth:
    """Called with one revision's findings after the other's, it finds the lanes of each."""

    def __init__(self) -> None:
        self._known: Known | None = None
        self._revisions = Revisions()

    def __call__(self, step: Step | None, findings: Findings) -> Lanes | None:
        """The lanes; None, to be computed as usual, if times are impossible or runs tell processes apart."""
        known, self._known = self._known, None
        clocks = findings.clocks
        if not only_shifted(clocks) or findings.run_of_process is not None:
            return None
        processes = known.seen.processes if step and known else Processes()
        seen = Seen(findings.snapshot, findings.tree, findings.times, findings.within, processes)
        found = None
        if step and known and known.lanes and shifted_alike(step.last.clocks, clocks):
            found = _grown(step, known, seen, clocks, self._revisions)
        self._revisions.tidy()
        self._known = found or _anew(seen, clocks)
        return ordered(self._known.lanes)


def _anew(seen: Seen, clocks: Clocks | None) -> Known:
    division = divide(seen.snapshot, seen.tree, seen.times, seen.within)
    lanes = by_share(seen.snapshot, seen.tree, seen.times, division, clocks=clocks)
    settled = tuple(settle(lane, seen) for lane in lanes)
    return Known(seen, division, Keys(seen, division), pools(seen, division, lanes), tuple(lanes), settled)


def _grown(step: Step, known: Known, seen: Seen, clocks: Clocks | None, revisions: Revisions) -> Known | None:
    lane_ends = ends(step, known, seen)
    if lane_ends is None:
        return None
    lanes, settled = list(known.lanes), list(known.settled)
    for number, end in lane_ends.items():
        lanes[number] = grown(lanes[number], settled[number], end, seen, revisions)
        settled[number] = replace(settled[number], inner=end.inner)
        if settled[number].is_worn(len(lanes[number].rows)):
            settled[number] = settle(lanes[number], seen)
    division = _division(known.division, lanes, seen)
    lanes = [replace(lane, offset_ns=offset_of(clocks, lane.rows)) for lane in lanes] if clocks else lanes
    placed = _in_time(lanes, settled, division, seen)
    return Known(seen, division, known.keys, known.pools, placed, tuple(settled))


def _division(before: Division, lanes: Sequence[Lane], seen: Seen) -> Division:
    shares = zip(before.shares, lanes, strict=True)
    rows = np.where(before.suite >= 0, before.suite, before.first)
    return replace(
        before,
        shares=tuple(share._replace(rows=lane.rows) for share, lane in shares),
        process=seen.process[seen.snapshot.origin_id[rows]],
    )


def _in_time(
    lanes: Sequence[Lane], settled: Sequence[Settled], division: Division, seen: Seen
) -> tuple[Lane, ...]:
    """The lanes with their names and the existence of their workers, which depend on other lanes."""
    existence = Existence(seen.snapshot, seen.times, division, wall_of(lanes))
    lanes_in_time = []
    parts = zip(lane_names(seen.snapshot, division), division.shares, lanes, settled, strict=True)
    for name, share, lane, known in parts:
        took = Window(lane.start_ns, lane.end_ns)
        worker = existence.of(share, workers_of(lane, known, seen), took, lane.offset_ns)
        blocks = replace(lane.blocks, wall=worker.exists)
        lanes_in_time.append(replace(lane, name=name, blocks=blocks, **worker._asdict()))
    return tuple(lanes_in_time)
