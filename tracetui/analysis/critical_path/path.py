"""The critical path of a run: from its last end back to its first start, what had to end before the next
could start.

It starts on the lane that had work last, and follows backwards what each instant of it is billed to (see
`ledger.billing`): so a segment is a leaf, and the next starts where it ends. It changes lanes in two cases.
In a stall that an archiver or hook of another lane caused, the run waited for that. And if a lane had nothing
to do for at least `LEAST_WAIT_NS`, except before its worker's start, it waited for whatever ended last before
its work went on. The idea is that of the critical path of a trace (CRISP, Zhang and others, ATC 2022), with
lanes in place of parents: workers run beside each other below one span, and a test waits for the one before
it on its worker.

Lanes whose clock is off take no part. The length of a segment is never what would be saved without it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tracetui import units
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.billing import NOBODY
from tracetui.analysis.ledger.lane_bill import LaneBill
from tracetui.analysis.ledger.ledger import Ledger
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window

LEAST_WAIT_NS = 50 * units.MS
"""Between two tests a worker hands in one and is given the next, which takes less: it waits for no lane."""


class Segment(Struct, frozen=True):
    """A stretch of the path, in ns since the epoch, on a `lane` (by its number).

    `row` is the span that ran then, for a derived hook its wrapper; -1 if nothing ran and the lane waited.
    `named` is the row whose title names it: for phases and archivers their test.
    """

    row: int
    named: int
    lane: int
    account: Account
    start_ns: int
    end_ns: int

    @property
    def length_ns(self) -> int:
        """How long it took."""
        return self.end_ns - self.start_ns


class Path(NamedTuple):
    """The segments of a run from its first start to its last end, without gap or overlap."""

    segments: tuple[Segment, ...]
    lanes: tuple[str, ...]

    @property
    def total_ns(self) -> int:
        """Their total length: that of the run."""
        return sum(segment.length_ns for segment in self.segments)

    @property
    def longest(self) -> list[Segment]:
        """The longest first; of equal ones the earlier first."""
        return sorted(self.segments, key=lambda segment: (-segment.length_ns, segment.start_ns))


def critical_path(findings: Findings, account: Ledger) -> Path:
    """The critical path of a run, given its ledger: O(n log n)."""
    summary = findings.summary
    run = Window(summary.start_ns, summary.end_ns)
    tracks = [_Track(place, bill) for place, bill in enumerate(account.bills) if not bill.lane.offset_ns]
    names = tuple(bill.lane.name for bill in account.bills)
    if not tracks or run.end_ns <= run.start_ns:
        return Path((), names)
    backwards = _joined(_Walk(tracks, findings.overview.still, run).segments())
    return Path(tuple(reversed(list(backwards))), names)


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """The segments, from the last to the first, with neighbours of one span joined."""
    last: Segment | None = None
    for segment in segments:
        if last is not None and (last.row, last.lane, last.account) == (
            segment.row,
            segment.lane,
            segment.account,
        ):
            last = replace(last, start_ns=segment.start_ns)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


class _Track:
    """A lane as lists, for fast lookups."""

    def __init__(self, place: int, bill: LaneBill) -> None:
        self.place = place
        self.lane = bill.lane
        self.starts: list[int] = bill.segments.start.tolist()
        self.ends: list[int] = bill.segments.end.tolist()
        self.owners: list[int] = bill.segments.owner.tolist()
        self.accounts: list[int] = bill.account.tolist()
        self.rows: list[int] = bill.what.row.tolist()
        self.named: list[int] = bill.what.named.tolist()
        self.work_ends: list[int] = sorted(set(bill.lane.blocks.end.tolist()))

    def before(self, moment: int) -> Segment:
        """What ran just before a moment, cut at that moment; waiting, before everything known of the lane."""
        at = bisect_left(self.starts, moment) - 1
        if at < 0:
            return Segment(-1, -1, self.place, Account.ABSENT, moment - 1, moment)
        owner, account = self.owners[at], Account(self.accounts[at])
        rows = (-1, -1) if owner == NOBODY else (self.rows[owner], self.named[owner])
        return Segment(*rows, self.place, account, self.starts[at], moment)

    def idle_since(self, moment: int) -> int:
        """Since when the lane has been idle, if it is idle just before a moment."""
        at = bisect_left(self.starts, moment) - 1
        while at > 0 and self.owners[at - 1] == NOBODY:
            at -= 1
        return self.starts[max(at, 0)]

    def last_end(self, moment: int) -> int:
        """When work on it last ended, up to a moment; 0 if never."""
        at = bisect_right(self.work_ends, moment)
        return self.work_ends[at - 1] if at else 0


class _Walk:
    """The walk back through a run."""

    def __init__(self, tracks: list[_Track], stalls: tuple[Stall, ...], run: Window) -> None:
        self._tracks = tracks
        self._run = run
        by_name = {track.lane.name: track for track in tracks}
        self._causes = sorted(
            (stall.start_ns, stall.end_ns, by_name[stall.lane])
            for stall in stalls
            if stall.row >= 0 and stall.lane in by_name
        )

    def segments(self) -> Iterator[Segment]:
        """The segments, from the last to the first."""
        moment = self._run.end_ns
        track = max(self._tracks, key=lambda candidate: candidate.last_end(moment))
        while moment > self._run.start_ns:
            track = self._cause(track, moment)
            segment, following = self._step(track, moment)
            start = max(
                segment.start_ns, self._run.start_ns, self._stall_end(track, segment.start_ns, moment)
            )
            if start < moment:
                yield replace(segment, start_ns=start)
            track, moment = (following if start == segment.start_ns else track), start

    def _step(self, track: _Track, moment: int) -> tuple[Segment, _Track]:
        """The segment before a moment, and the lane on which the path goes on before it."""
        segment = track.before(moment)
        if segment.row >= 0 or segment.account is Account.WORKER_START:
            return segment, track
        since = max(track.idle_since(moment), self._run.start_ns)
        if moment - since < LEAST_WAIT_NS:
            return segment, track
        other = max(self._tracks, key=lambda candidate: (candidate.last_end(moment), candidate is track))
        ended = other.last_end(moment)
        if other is track or ended <= since or ended < segment.start_ns:
            return segment, track
        return replace(segment, start_ns=ended), other

    def _cause(self, track: _Track, moment: int) -> _Track:
        """The lane that a run waited for just before a moment: in a stall the one that caused it."""
        for start, end, cause in self._causes:
            if start < moment <= end:
                return cause
        return track

    def _stall_end(self, track: _Track, start: int, moment: int) -> int:
        """The end of a stall that another lane caused, within a segment; else the segment's start."""
        ends = [end for _, end, cause in self._causes if start < end < moment and cause is not track]
        return max(ends, default=start)
