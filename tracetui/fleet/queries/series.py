"""The durations of tests from run to run: the rows that are searched for change points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracetui import units
from tracetui.fleet.queries.speed import values
from tracetui.fleet.queries.window import RUN, Window, passing, within, work

if TYPE_CHECKING:
    import ibis

EXECUTION = (
    *("start_ns", "run", "attempt", "branch", "revision", "suite", "variant", "outcome", "own_ns"),
    "source",
)
DAY_NS = 86_400 * units.S


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


def executions(facts: "ibis.Table", window: Window, test: str, most: int) -> "ibis.Table":
    """Each time that a test ran, the newest first, at most so many."""
    found = work(facts, window, "test")
    found = found.filter(found.test == test)
    return found.order_by(found.start_ns.desc(), found.run, found.attempt, found.span).limit(most)[EXECUTION]


def sources_of(facts: "ibis.Table", _: Window, run: str, attempt: int, start_ns: int) -> "ibis.Table":
    """The files that a run came from; a day before and after `start_ns` is where it is looked for."""
    found = within(facts, Window(max(0, start_ns - DAY_NS), start_ns + DAY_NS))
    found = found.filter(found.run == run, found.attempt == attempt)
    return found.select("source").distinct().order_by("source")
