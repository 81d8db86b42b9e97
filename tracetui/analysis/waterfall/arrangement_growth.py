"""Arranges one revision after the other, each building on the last result.

The result is exactly that of `arrangement.arrange`, at the cost of what was added, and copies; it is made
anew if the user wants another view, or an order other than by time, if groups form or fall apart, or if rows
were evicted.
"""

import numpy as np

from tracetui.analysis.counting.titles import Titles
from tracetui.analysis.history import slow
from tracetui.analysis.history.slow import Slow
from tracetui.analysis.jobs.services import services
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline import concurrency as skyline
from tracetui.analysis.timeline.concurrency import Concurrency, Intervals
from tracetui.analysis.tree.sibling_order import Order
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.tree_growth import Gaps, rearranged
from tracetui.analysis.waterfall import marks
from tracetui.analysis.waterfall import sibling_groups_growth as groups_growth
from tracetui.analysis.waterfall.arrangement import Arrangement, View, arrange, is_bad
from tracetui.analysis.waterfall.arrangement_change import Changed, Marked, change
from tracetui.analysis.waterfall.placed import Placed
from tracetui.analysis.waterfall.sibling_groups import Grouper, Grouping, Groups
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.numbers.revisions import Revisions
from tracetui.model.role import WORK, Role


class Arranging:
    """Called with one revision's findings after the other's, it arranges each; groups keep their nodes."""

    def __init__(self) -> None:
        self._grouper = Grouper()
        self._last: Arrangement | None = None
        self._settled = False
        self._slow: Slow | None = None
        self._titles = Titles()
        self._revisions = Revisions()

    def __call__(self, findings: Findings, view: View, *, settled: bool) -> Arrangement:
        """See `arrange`."""
        grown = self._grown(findings, view, settled=settled)
        if grown is None:
            self._slow = slow.slow_tests(findings, _all_seen(findings, view))
            grown = arrange(
                findings, view, self._grouper, settled=settled, slow=self._slow, titles=self._titles
            )
        self._last, self._settled = grown, settled
        return grown

    def let_go(self) -> None:
        """Keep only the nodes of groups, and what was shown one by one."""
        self._last = self._slow = None
        self._revisions = Revisions()

    def _grown(self, findings: Findings, view: View, *, settled: bool) -> Arrangement | None:
        last = self._last
        if last is None or self._slow is None or not _is_same(last.view, view):
            return None
        if view.order is not Order.TIME:  # What is new in one place may move all that is above it.
            return None
        if view.grouping is Grouping.AUTO and not (settled and self._settled):
            return None
        changed = change(last, findings, view)
        if changed is None:
            return None
        self._slow = _slow(self._slow, changed)
        return _arranged(changed, self._slow.rows, self._grouper, self._titles, self._revisions)


def _is_same(one: View, other: View) -> bool:
    """Whether the views differ at most in single folds, and in what is left out."""
    same = (one.grouping, one.depth, one.order, tuple(one.children)) == (
        other.grouping,
        other.depth,
        other.order,
        tuple(other.children),
    )
    return same and (one.kept is None) == (other.kept is None)


def _slow(before: Slow, changed: Changed) -> Slow:
    last, now = changed.last.findings, changed.now
    grown = None
    if last.history is now.history:
        old = changed.old
        were = old[(last.snapshot.role[old] == Role.TEST) & changed.were_seen(old)]
        are = changed.rows[(now.snapshot.role[changed.rows] == Role.TEST) & changed.are_seen(changed.rows)]
        grown = slow.grown(before, last, were, now, are)
    return grown or slow.slow_tests(now, _all_seen(now, changed.view))


def _all_seen(findings: Findings, view: View) -> Marked:
    return np.ones(len(findings.snapshot), np.bool_) if view.kept is None else view.kept


def _arranged(
    changed: Changed, slow_rows: Rows, grouper: Grouper, titles: Titles, revisions: Revisions
) -> Arrangement | None:
    last, now = changed.last, changed.now
    regrouped = distinct(np.concatenate((changed.rows, np.setxor1d(last.slow.rows, slow_rows))))
    groups = groups_growth.grown(
        grouper, last.groups, now, regrouped, changed.is_alone(slow_rows), changed.view.grouping
    )
    if groups is None:
        return None
    old = regrouped[regrouped < changed.first]
    joined = old[last.groups.of[old] != groups.of[old]]
    gaps = Gaps(last.tree, distinct(np.concatenate((changed.moved, joined))))
    tree = now.tree if groups.slots == 1 else _tree(changed, groups, regrouped, gaps, revisions)
    if tree is None:
        return None
    placed = Placed(changed, gaps, tree)
    failed = placed.marks(last.failed, is_bad(now.snapshot, placed.rows))
    return Arrangement(
        findings=now,
        view=changed.view,
        groups=groups,
        outline=placed.outline(),
        skyline=_skyline(changed, failed.rows),
        failed=failed,
        slow=marks.marks(tree, slow_rows),
        work=placed.marks(last.work, among(now.snapshot.role[placed.rows], WORK)),
        services=services(now.written),
        names=titles.shared(now.snapshot),
    )


def _tree(changed: Changed, groups: Groups, regrouped: Rows, gaps: Gaps, revisions: Revisions) -> Tree | None:
    """The tree with groups, if only what is `regrouped` can have another parent."""
    last, now, first = changed.last.findings, changed.now, changed.first
    before = changed.last.tree
    parent = np.empty(len(now.snapshot) + groups.slots, np.int32)
    parent[:first], parent[len(now.snapshot) :] = before.parent[:first], before.parent[first:]
    of = groups.of[regrouped]
    parent[regrouped] = np.where(of < 0, of, now.tree.parent[regrouped])
    return rearranged(before, gaps, last.written, now.written, parent, revisions)


def _skyline(changed: Changed, failed: Rows) -> Concurrency:
    last, now, rows = changed.last, changed.now, changed.rows
    gone = changed.old[skyline.is_work(last.findings.snapshot, changed.old) & changed.were_seen(changed.old)]
    come = rows[skyline.is_work(now.snapshot, rows) & changed.are_seen(rows)]
    steps = last.skyline.steps and skyline.grown(
        last.skyline.steps, _intervals(last.findings, gone), _intervals(now, come)
    )
    if steps is None:
        return skyline.skyline(now.snapshot, now.times, _all_seen(now, changed.view))
    return Concurrency(steps, np.sort(now.times.end[failed]))


def _intervals(findings: Findings, rows: Rows) -> Intervals:
    return Intervals(findings.snapshot.start_ns[rows], findings.times.end[rows])
