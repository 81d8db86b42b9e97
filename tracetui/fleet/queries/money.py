"""The cost of tests: cores held by suite, owner, variant and so on, against all that the machines had."""

from typing import TYPE_CHECKING

from tracetui.fleet.queries.numbers import core_ns, is_unpriced, many, real
from tracetui.fleet.queries.window import RUN, Window, within, work

if TYPE_CHECKING:
    import ibis

BY = ("suite", "owner", "variant", "branch", "repository", "task", "file", "test")
"""What tests can be billed to."""
MACHINE = ("trace", "task", "variant", *RUN)
"""One process that ran suites, and the machine it had."""


def cost(facts: "ibis.Table", window: Window, by: str = "suite") -> "ibis.Table":
    """By `name`, the column `by`: the runs, executions, time and cores of tests. Hooks and archivers around a
    test are in its total, so nothing is billed twice."""
    tests = work(facts, window, "test")
    tests = tests.mutate(name=tests[by], core=core_ns(tests), unpriced=is_unpriced(tests).cast("int64"))
    in_run = tests.group_by("name", *RUN).agg(
        n=tests.count(),
        own=tests.own_ns.sum(),
        took=tests.total_ns.sum(),
        core=tests.core.sum(),
        unpriced=tests.unpriced.sum(),
    )
    return in_run.group_by("name").agg(
        runs=in_run.count(),
        count=in_run.n.sum(),
        own_ns=in_run.own.sum(),
        total_ns=in_run.took.sum(),
        core_ns=in_run.core.sum(),
        unpriced=in_run.unpriced.sum(),
    )


def machines(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The capacity of all machines: cores from the first start of a suite to the last end, and the number of
    machines with unknown cores. A suite within a suite is not another machine.
    """
    suites = within(facts, window)
    suites = suites.filter(suites.role == "suite", suites.total_ns >= 0)
    one = suites.group_by(*MACHINE).agg(
        begin=suites.start_ns.min(),
        end=(suites.start_ns + suites.total_ns).max(),
        cores=suites.cores.fill_null(real(0.0)).max(),
    )
    one = one.mutate(wall=one.end - one.begin)
    return one.agg(
        machines=one.count(),
        unpriced=many(one.cores <= 0),
        wall_ns=one.wall.sum().fill_null(0),
        core_ns=(real(one.wall) * one.cores).sum().fill_null(real(0.0)),
    )
