"""What of a run matters at a glance: failures, the slowest tests, costs, and remarks on its shape."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.costs import Cost, costs
from tracetui.analysis.distinct import among
from tracetui.analysis.failures import failures
from tracetui.analysis.findings import Findings
from tracetui.analysis.stillness import Stillness, stillness
from tracetui.model.role import Outcome

SLOWEST = 64
"""As many of the slowest tests are kept."""

_LEAST_TAIL_NS = units.S
_LEAST_TAIL = 0.05
_LEAST_START = 0.1
_UNTIMED = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Tail:
    """The long pole: `lane` (foreign text) ran alone for `alone_ns` at the end, most of that `row`.

    What a shard started later than others is not counted.
    """

    lane: str
    row: int
    alone_ns: int


@dataclass(frozen=True, slots=True)
class Slower:
    """`count` tests took more own time than in any earlier run; `row` exceeds its `before_ns` most."""

    count: int
    row: int
    excess_ns: int
    before_ns: int


@dataclass(frozen=True, eq=False)
class Overview:
    """Of one run. `failed` are rows, the newest last; `slowest` rows of tests by own time, the slowest first.

    `start_ns` is how long it took until the first test began; 0 where that is not worth a word.
    """

    failed: NDArray[np.intp]
    slowest: NDArray[np.intp]
    costs: tuple[Cost, ...]
    still: tuple[Stillness, ...]
    tail: Tail | None
    slower: Slower | None
    start_ns: int


def overview(findings: Findings) -> Overview:
    """The overview of the run that is looked at: O(n log n)."""
    snapshot, times, tests, work = findings.snapshot, findings.times, findings.tests, findings.lanes
    by_own = tests[np.argsort(-times.own[tests], kind="stable")]
    is_live = findings.summary.state == "live"
    return Overview(
        failed=failures(findings, findings.within),
        slowest=by_own[:SLOWEST],
        costs=costs(snapshot, findings.tree, times, work, findings.within),
        still=stillness(snapshot, times, tests, work, findings.now_ns if is_live else None),
        tail=None if is_live else _tail(findings),
        slower=_slower(findings),
        start_ns=_start(findings),
    )


def narrowed(findings: Findings, meant: NDArray[np.bool_]) -> Overview:
    """The overview with only such failures and slowest tests as are `meant` (by row): O(n log n)."""
    whole, tests = findings.overview, findings.tests[meant[findings.tests]]
    slowest = tests[np.argsort(-findings.times.own[tests], kind="stable")][:SLOWEST]
    return replace(whole, failed=whole.failed[meant[whole.failed]], slowest=slowest)


def _tail(findings: Findings) -> Tail | None:
    by_end = sorted(findings.lanes.timed, key=lambda lane: lane.end_ns)
    if len(by_end) < 2:
        return None
    *others, pole = by_end
    longer_ns = pole.took_ns - max(lane.took_ns for lane in others)
    alone_ns = min(pole.end_ns - others[-1].end_ns, longer_ns)
    if alone_ns < max(_LEAST_TAIL_NS, _LEAST_TAIL * findings.lanes.wall_ns):
        return None
    longest = pole.blocks.longest_at(Window(pole.end_ns - alone_ns, pole.end_ns))
    return Tail(pole.name, int(pole.rows[longest or 0]), alone_ns)


def _slower(findings: Findings) -> Slower | None:
    snapshot, past = findings.snapshot, findings.history
    tests = findings.tests[~among(snapshot.outcome[findings.tests], _UNTIMED)]
    places = past.places(snapshot.role[tests], snapshot.title_id[tests])
    known = places >= 0
    known[known] = past.own.max_ns[places[known]] > 0  # What took no time before was not run.
    tests, most = tests[known], past.own.max_ns[places[known]]
    excess = findings.times.own[tests] - most
    worst = np.flatnonzero(excess > np.maximum(most // 4, units.S // 10))
    if not len(worst):
        return None
    first = worst[int(excess[worst].argmax())]
    return Slower(len(worst), int(tests[first]), int(excess[first]), int(most[first]))


def _start(findings: Findings) -> int:
    if not len(findings.tests):
        return 0
    summary = findings.summary
    waited = int(findings.snapshot.start_ns[findings.tests].min()) - summary.start_ns
    length = summary.end_ns - summary.start_ns
    return waited if waited >= max(_LEAST_TAIL_NS, _LEAST_START * length) else 0
