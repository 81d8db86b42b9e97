"""The lanes of a study made from those of the one before: what has come is put where it belongs.

Exactly the lanes that `lanes.lanes` makes; anew where a home or a lane is new, where something has changed of
what was settled long ago (see `lane_growth`), or where nothing names the worker of what has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracetui.analysis.bars import Window
from tracetui.analysis.distinct import distinct, without
from tracetui.analysis.division import Division, divide
from tracetui.analysis.division_growth import Keys, Placed, changed, placed
from tracetui.analysis.existence import Existence
from tracetui.analysis.findings import Findings
from tracetui.analysis.lane_growth import End, Settled, grown, settle, workers_of
from tracetui.analysis.lane_names import lane_names
from tracetui.analysis.lanes import Lane, Lanes, by_share, ordered
from tracetui.analysis.outermost import Seen
from tracetui.analysis.step import Step
from tracetui.analysis.tree import Rows


@dataclass(frozen=True, eq=False)
class _Known:
    """What was found of one revision: the lanes in the order of the division, and what of each is settled."""

    seen: Seen
    division: Division
    keys: Keys
    lanes: tuple[Lane, ...]
    settled: tuple[Settled, ...]


class LanesGrowth:
    """Called with one revision's findings after the other's, it finds the lanes of each."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    def __call__(self, step: Step | None, findings: Findings) -> Lanes | None:
        """The lanes; None, to be found as ever, where clocks are off."""
        known, self._known = self._known, None
        if findings.clocks is not None:
            return None
        seen = Seen(findings.snapshot, findings.tree, findings.times, findings.within)
        self._known = (_grown(step, known, seen) if step and known and known.lanes else None) or _anew(seen)
        return ordered(self._known.lanes)


def _anew(seen: Seen) -> _Known:
    division = divide(seen.snapshot, seen.tree, seen.times, seen.within)
    lanes = by_share(seen.snapshot, seen.tree, seen.times, division)
    settled = tuple(settle(lane, seen) for lane in lanes)
    return _Known(seen, division, Keys(seen, division), tuple(lanes), settled)


def _grown(step: Step, known: _Known, seen: Seen) -> _Known | None:
    ends = _ends(step, known, seen)
    if ends is None:
        return None
    lanes, settled = list(known.lanes), list(known.settled)
    for number, end in ends.items():
        lanes[number] = grown(lanes[number], settled[number], end, seen)
        settled[number] = replace(settled[number], inner=end.inner)
        if settled[number].is_worn(len(lanes[number].rows)):
            settled[number] = settle(lanes[number], seen)
    division = _division(known.division, lanes, seen)
    found = _in_time(lanes, settled, division, seen)
    return _Known(seen, division, known.keys, found, tuple(settled))


def _ends(step: Step, known: _Known, seen: Seen) -> dict[int, End] | None:
    """What of each lane on which something has changed is not settled; None where more has."""
    rows = changed(step, known.seen, seen)
    if rows is None or known.seen.snapshot.workers != seen.snapshot.workers:
        return None
    was, now = placed(known.keys, known.seen, rows.old), placed(known.keys, seen, rows.all)
    if was is None or now is None or not _fits(known, was, now, seen):
        return None
    found = {}
    for number in distinct(np.concatenate((was.lane, now.lane))).tolist():
        lane, settled = known.lanes[number], known.settled[number]
        end = End(
            _by_start(_replaced(lane.rows[settled.blocks :], rows.all, now.blocks(number)), seen),
            np.sort(_replaced(settled.inner, rows.all, now.inner(number))),
        )
        if not settled.blocks and not len(end.rows):
            return None
        found[number] = end
    return found


def _fits(known: _Known, was: Placed, now: Placed, seen: Seen) -> bool:
    """Whether nothing has changed of what is settled, and the first block of each home is as it was."""
    since = np.array([settled.since_ns for settled in known.settled])
    if (was.moment < since[was.lane]).any() or (now.moment < since[now.lane]).any():
        return False
    home = np.array([share.home for share in known.division.shares], np.int64)
    first = known.division.first
    left = without(was.rows[was.is_block], now.rows[now.is_block])
    start = known.seen.snapshot.start_ns[first]
    earlier = now.is_block & (now.moment <= start[home[now.lane]]) & (now.rows != first[home[now.lane]])
    moved = seen.snapshot.start_ns[first] != start
    return not (earlier.any() or moved.any() or len(without(first, left)) < len(first))


def _replaced(rows: Rows, gone: Rows, come: Rows) -> Rows:
    return np.concatenate((without(rows, gone), come))


def _by_start(rows: Rows, seen: Seen) -> Rows:
    return rows[np.lexsort((seen.tree.position[rows], seen.snapshot.start_ns[rows]))]


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
    """The lanes with their names and from when to when there was a worker, which others tell."""
    wall = Window(min(lane.start_ns for lane in lanes), max(lane.end_ns for lane in lanes))
    existence = Existence(seen.snapshot, seen.times, division, wall)
    found = []
    each = zip(lane_names(seen.snapshot, division), division.shares, lanes, settled, strict=True)
    for name, share, lane, known in each:
        workers = workers_of(lane, known, seen)
        exists = existence.of(share, workers, lane.start_ns, lane.end_ns)
        found.append(
            replace(
                lane,
                name=name,
                exists=exists,
                crashed=existence.died(workers),
                since_ns=existence.since(share.homes),
                blocks=replace(lane.blocks, wall=exists),
            )
        )
    return tuple(found)
