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
    *("source", "trace", "span"),
)
DAY_NS = 86_400 * units.S


def longest(facts: "ibis.Table", window: Window, most: int, part: str = "") -> "ibis.Table":
    """At most `most` tests whose names contain `part`, those that took most time first."""
    tests = work(facts, window, "test")
    if part:
        tests = tests.filter(tests.test.lower().contains(part.lower()))
    sums = tests.group_by("test").agg(total_ns=tests.own_ns.sum())
    return sums.order_by(sums.total_ns.desc(), sums.test).limit(most)


def history(
    facts: "ibis.Table", window: Window, tests: Sequence[str], changed: Sequence[str] = ()
) -> "ibis.Table":
    """One value per test, suite, job and run of some tests, and the speed of each run by all its tests but
    those that have `changed`.
    """
    durations = values(passing(facts, window), changed)
    return durations.filter(durations.test.isin(list(tests))).drop("beyond")


def runs_of(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The runs of a window: the facts about each, and the outcomes of its tests."""
    tests = work(facts, window, "test")
    keys = ("suite", "variant", "task", *RUN)
    return tests.group_by(*keys).agg(
        start_ns=tests.start_ns.min(),
        end_ns=(tests.start_ns + tests.total_ns).max(),
        revision=tests.revision.max(),
        branch=tests.branch.max(),
        tests=tests.count(),
    )


def executions(facts: "ibis.Table", window: Window, test: str, most: int) -> "ibis.Table":
    """Each time that a test ran, the newest first, at most so many."""
    ran = work(facts, window, "test")
    ran = ran.filter(ran.test == test)
    return ran.order_by(ran.start_ns.desc(), ran.run, ran.attempt, ran.span).limit(most)[EXECUTION]


def sources_of(facts: "ibis.Table", _: Window, run: str, attempt: int, start_ns: int) -> "ibis.Table":
    """The files that a run came from, looked for up to a day before and after `start_ns`."""
    held = within(facts, Window(max(0, start_ns - DAY_NS), start_ns + DAY_NS))
    held = held.filter(held.run == run, held.attempt == attempt)
    return held.select("source").distinct().order_by("source")
