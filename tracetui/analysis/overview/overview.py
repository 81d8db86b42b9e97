"""What matters about a run at a glance: failures, the slowest tests, costs, and remarks on its shape."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.failures.failures import failures
from tracetui.analysis.overview.basis import Basis, Longer, basis, slowest, until_ns
from tracetui.analysis.runs.verdicts import broken_suites
from tracetui.analysis.stalls.stall import Stall, stillness
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.timeline.window import Window
from tracetui.model.numbers.distinct import distinct, without
from tracetui.model.role import Role

SLOWEST = 64
"""As many of the slowest tests are kept."""

_LEAST_TAIL_NS = units.S
_LEAST_TAIL = 0.05
_LEAST_START = 0.1


class Tail(Struct, frozen=True):
    """The end of a run: `lane` (foreign text) ran alone for `alone_ns`, most of that `row`.

    A shard's later start is not counted.
    """

    lane: str
    row: int
    alone_ns: int


class Slower(Struct, frozen=True):
    """`count` tests took more own time than in any earlier run; `row` exceeds its `before_ns` most."""

    count: int
    row: int
    excess_ns: int
    before_ns: int


class Overview(Struct, frozen=True, eq=False):
    """The overview of one run.

    `failed` are rows, the newest last; `slowest` rows of tests by own time, the slowest first; `broken` the
    suites that failed by more than their tests. `start_ns` is the time until the first test began; 0 if it is
    too short to mention.
    """

    failed: NDArray[np.intp]
    broken: NDArray[np.intp]
    slowest: NDArray[np.intp]
    still: tuple[Stall, ...]
    tail: Tail | None
    slower: Slower | None
    start_ns: int


def overview(facts: RunFacts, known: Basis | None = None) -> Overview:
    """The overview of the shown run; O(n) if its basis is unknown."""
    snapshot, times, work = facts.snapshot, facts.times, facts.lanes
    basics, now_ns = known or basis(facts), until_ns(facts)
    return Overview(
        failed=failures(facts, facts.within),
        broken=_broken(facts),
        slowest=basics.slowest[:SLOWEST].astype(np.intp),
        still=stillness(snapshot, times, facts.tests, work, now_ns, basics.happened),
        tail=None if now_ns else _tail(facts),
        slower=_slower(basics.longer),
        start_ns=_start(facts, basics.first_ns),
    )


def narrowed(whole: Overview, facts: RunFacts, meant: NDArray[np.bool_]) -> Overview:
    """The `whole` overview with only the failures and slowest tests that are `meant` (by row): O(n)."""
    tests = slowest(facts.times.own, facts.tests[meant[facts.tests]])[:SLOWEST]
    return replace(whole, failed=whole.failed[meant[whole.failed]], slowest=tests)


def _broken(facts: RunFacts) -> NDArray[np.intp]:
    snapshot, runs, within = facts.snapshot, facts.runs, facts.within
    role = snapshot.role[runs.failing]
    nested = without(distinct(runs.failing[role == Role.SUITE]), distinct(runs.suites))
    explained = np.concatenate((runs.failing[role == Role.TEST], nested))
    rows = np.sort(np.concatenate((nested, broken_suites(snapshot, facts.tree, runs.suites, explained))))
    return rows if within is None else rows[within[rows]]


def _tail(facts: RunFacts) -> Tail | None:
    by_end = sorted(facts.lanes.timed, key=lambda lane: lane.end_ns)
    if len(by_end) < 2:
        return None
    *others, pole = by_end
    longer_ns = pole.took_ns - max(lane.took_ns for lane in others)
    alone_ns = min(pole.end_ns - others[-1].end_ns, longer_ns)
    if alone_ns < max(_LEAST_TAIL_NS, _LEAST_TAIL * facts.lanes.wall_ns):
        return None
    longest = pole.blocks.longest_at(Window(pole.end_ns - alone_ns, pole.end_ns))
    return Tail(pole.name, int(pole.rows[longest or 0]), alone_ns)


def _slower(longer: Longer) -> Slower | None:
    if not len(longer.rows):
        return None
    worst = int(longer.excess_ns.argmax())
    columns = (int(column[worst]) for column in longer)
    return Slower(len(longer.rows), *columns)


def _start(facts: RunFacts, first_ns: int) -> int:
    if not len(facts.tests):
        return 0
    summary = facts.summary
    waited, length = first_ns - summary.start_ns, summary.end_ns - summary.start_ns
    return waited if waited >= max(_LEAST_TAIL_NS, _LEAST_START * length) else 0
