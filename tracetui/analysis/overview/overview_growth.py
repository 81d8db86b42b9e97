"""Updates the input of an overview from study to study."""

import numpy as np

from tracetui import units
from tracetui.analysis.overview.basis import Basis, Longer, Tests, longer, until_ns
from tracetui.analysis.overview.basis import slowest as slowest_of
from tracetui.analysis.overview.overview import SLOWEST
from tracetui.analysis.stalls.stall import Happened, happened
from tracetui.analysis.study.change import Change
from tracetui.analysis.study.findings import Findings
from tracetui.model.numbers.distinct import distinct, without


def grown(before: Basis, change: Change) -> Basis:
    """The basis of `change.now`, given that `before` is that of `change.last`."""
    return Basis(
        slowest=_slowest(before.slowest, change),
        happened=_happened(before.happened, change),
        longer=_longer(before.longer, change),
        first_ns=_first(before.first_ns, change),
    )


def _slowest(before: Tests, change: Change) -> Tests:
    """The slowest tests: what did not change and is not among them took less than the last of them."""
    was, own, changed = change.last.times.own, change.now.times.own, change.are_tests
    left = before[~np.isin(before, change.were_tests)]
    if len(before) < len(change.last.tests):
        if len(left) < SLOWEST:
            return slowest_of_all(change.now)
        last = before[-1]
        changed = changed[(own[changed] > was[last]) | ((own[changed] == was[last]) & (changed < last))]
    return slowest_of(own, np.sort(np.concatenate((left, changed))))


def _happened(before: Happened | None, change: Change) -> Happened | None:
    now = change.now
    extended = before and _more_happened(before, change)
    return extended or happened(now.snapshot, now.times, now.tests, until_ns(now))


def _more_happened(before: Happened, change: Change) -> Happened | None:
    """The events; None if an earlier one turned out not to be one."""
    last, now, old = change.last, change.now, change.were_tests
    until = until_ns(now) or units.MAX_NS
    if before.ended_ns >= until or len(without(old, distinct(change.are_tests))):
        return None
    start, end = now.snapshot.start_ns, now.times.end
    had_ended = old[~np.isin(old, before.unended)]
    if (start[old] != last.snapshot.start_ns[old]).any():
        return None
    if (end[had_ended] != last.times.end[had_ended]).any():
        return None
    new = without(distinct(change.are_tests), distinct(old))
    under_way = np.concatenate((before.unended, new))
    ahead = end[under_way] >= until
    ends = end[under_way[~ahead]]
    moments = np.sort(np.concatenate((start[new], ends)))
    ended_ns = max(before.ended_ns, int(ends.max(initial=0)))
    return Happened(before.quiet.among(moments.tolist()), np.sort(under_way[ahead]), ended_ns)


def _longer(before: Longer, change: Change) -> Longer:
    now = change.now
    if now.history is not change.last.history:
        return longer_of_all(now)
    left = ~np.isin(before.rows, change.were_tests)
    more = longer(now, change.are_tests)
    rows = np.concatenate((before.rows[left], more.rows))
    order = np.argsort(rows)
    both = (np.concatenate((was[left], new))[order] for was, new in zip(before[1:], more[1:], strict=True))
    return Longer(rows[order], *both)


def _first(before_ns: int, change: Change) -> int:
    was, is_ = (
        change.last.snapshot.start_ns[change.were_tests],
        change.now.snapshot.start_ns[change.are_tests],
    )
    earliest = int(is_.min(initial=units.MAX_NS))
    if not len(change.last.tests):
        return earliest if len(is_) else 0
    if int(was.min(initial=units.MAX_NS)) > before_ns or earliest <= before_ns:
        return min(before_ns, earliest)
    tests = change.now.tests
    return int(change.now.snapshot.start_ns[tests].min()) if len(tests) else 0


def slowest_of_all(now: Findings) -> Tests:
    """The slowest tests from all rows: too many of those that were slow turned out not to be."""
    return slowest_of(now.times.own, now.tests)


def longer_of_all(now: Findings) -> Longer:
    """Tests that took longer than ever, from all rows: the history has changed."""
    return longer(now, now.tests)
