"""The durations of tests from run to run: the rows that are searched for change points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracetui.fleet.queries.speed import values
from tracetui.fleet.queries.window import RUN, Window, passing, work

if TYPE_CHECKING:
    import ibis


def longest(facts: "ibis.Table", window: Window, most: int, part: str = "") -> "ibis.Table":
    """At most `most` tests whose names contain `part`, those that took most time first."""
    found = work(facts, window, "test")
    if part:
        found = found.filter(found.test.lower().contains(part.lower()))
    sums = found.group_by("test").agg(total_ns=found.own_ns.sum())
    return sums.order_by(sums.total_ns.desc(), sums.test).limit(most)


def history(
    facts: "ibis.Table", window: Window, tests: Sequence[str], changed: Sequence[str] = ()
) -> "ibis.Table":
    """One value per test, suite, job and run of some tests, and the speed of each run by all its tests but
    those that have `changed`.
    """
    each = values(passing(facts, window), changed)
    return each.filter(each.test.isin(list(tests))).drop("beyond")


def runs_of(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The runs of a window: the facts about each, and the outcomes of its tests."""
    found = work(facts, window, "test")
    keys = ("suite", "variant", "task", *RUN)
    return found.group_by(*keys).agg(
        start_ns=found.start_ns.min(),
        end_ns=(found.start_ns + found.total_ns).max(),
        revision=found.revision.max(),
        branch=found.branch.max(),
        tests=found.count(),
    )
