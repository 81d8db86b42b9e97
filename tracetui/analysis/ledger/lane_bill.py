"""The bill of one lane: each span's part of the lane's time, and how much of it was computed."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.ledger.accounts import Account, Intervals, OnLane
from tracetui.analysis.ledger.billing import NOBODY, Billing, Segments, bill
from tracetui.analysis.ledger.presence import Presence, accounts_of_nothing, cut, stalls_of
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.time.coverage import Coverage
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.window import Window
from tracetui.model.columns import Bytes
from tracetui.model.numbers.processor_time import UNKNOWN, cpu_ns
from tracetui.store.snapshot import Snapshot


class LaneBill(Struct, frozen=True, eq=False):
    """A lane's time in `segments`, each on one `account`, of which `stalled_ns` were in stalls of other
    lanes.

    By entry of `what`: `ns` is its time, `lost_ns` the part of that in stalls, `computing_ns` its processor
    time, `UNKNOWN` if not recorded; never more than `ns`.
    """

    lane: Lane
    there: Presence
    what: OnLane
    segments: Segments
    account: Bytes
    stalled_ns: Nanoseconds
    ns: Nanoseconds
    lost_ns: Nanoseconds
    computing_ns: Nanoseconds


def lane_bill(
    snapshot: Snapshot,
    lane: Lane,
    there: Presence,
    window: Window,
    what: OnLane,
    when: Intervals,
    stalls: Sequence[Stall],
) -> LaneBill:
    """Where the time of a lane went, given `what` is on it and `when`."""
    billing, stalled = bill(*when, window), stalls_of(lane, stalls)
    edges = np.concatenate([stalled.begin, stalled.begin + stalled.length]).tolist()
    segments = cut(billing.segments, [*there, *edges])
    account = accounts_of_nothing(segments.start, there, stalled)
    is_owned = segments.owner != NOBODY
    owner = segments.owner[is_owned]
    account[is_owned] = what.account[owner]
    lost = _lost(segments, stalled)
    ns = _summed(owner, (segments.end - segments.start)[is_owned], len(what.row))
    lost_ns = _summed(owner, lost[is_owned], len(what.row)) if len(stalled.begin) else _all(0, len(what.row))
    computing = _computing(snapshot, what, billing, ns)
    return LaneBill(lane, there, what, segments, account, lost, ns, lost_ns, computing)


def _lost(segments: Segments, stalled: Coverage) -> Nanoseconds:
    if not len(stalled.begin):
        return _all(0, len(segments.start))
    return stalled.until(segments.end) - stalled.until(segments.start)


def _all(value: int, count: int) -> Nanoseconds:
    """The same for all takes no memory: most runs have no stalls, and many tell no processor time."""
    return np.broadcast_to(np.int64(value), count)


def _summed(place: NDArray[np.int32], values: Nanoseconds, count: int) -> Nanoseconds:
    total = np.zeros(count, np.int64)
    np.add.at(total, place, values)
    return total


def _computing(snapshot: Snapshot, what: OnLane, billing: Billing, ns: Nanoseconds) -> Nanoseconds:
    """Each one's processor time without what interrupted it: on several cores that may exceed its time."""
    if not snapshot.cpu[what.row].any():
        return _all(UNKNOWN, len(ns))
    cpu = np.where(what.account == Account.DERIVED, UNKNOWN, cpu_ns(snapshot.cpu[what.row]))
    inner = np.flatnonzero((billing.above != NOBODY) & (cpu != UNKNOWN))
    within = _summed(billing.above[inner], cpu[inner], len(cpu))
    return np.where(cpu == UNKNOWN, UNKNOWN, np.clip(cpu - within, 0, ns))
