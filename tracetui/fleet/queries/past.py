"""The past of a run: which jobs ran before it, and what their tests, hooks and archivers took."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracetui.fleet.queries.speed import HOST
from tracetui.fleet.queries.window import WORK, Window, within

if TYPE_CHECKING:
    import ibis

TOLD = ("revision", "branch", "image", "cores", "jobs")
"""What each job says of its code and of its machine."""


def jobs(facts: "ibis.Table", window: Window, tasks: Sequence[str]) -> "ibis.Table":
    """By job of a run, role (`suite` or `test`), suite and outcome: when that was, and how many (`count`).

    `suite_ns` is what the longest suite of that name took, 0 in rows of tests.
    """
    import ibis

    found = within(facts, window)
    found = found.filter(found.role.isin(["suite", "test"]), found.task.isin(list(tasks)))
    return found.group_by(*HOST, "role", "suite", "outcome").agg(
        start_ns=found.start_ns.min(),
        end_ns=(found.start_ns + found.total_ns).max(),
        suite_ns=ibis.ifelse(found.role == "suite", found.total_ns, 0).max(),
        count=found.count(),
        trace=found.trace.min(),
        **{name: found[name].max() for name in TOLD},
    )


def took(facts: "ibis.Table", window: Window, tasks: Sequence[str], runs: Sequence[str]) -> "ibis.Table":
    """What everything took in some runs, by job, role, name and outcome, the sums of `count` facts.

    Tests that passed when they were rerun are not here: what a fact says they took is all attempts together.
    """
    found = each(facts, window, tasks, runs)
    return found.group_by(*HOST, "role", "name", "outcome").agg(
        count=found.count(), own_ns=found.own_ns.sum(), total_ns=found.total_ns.sum()
    )


def each(facts: "ibis.Table", window: Window, tasks: Sequence[str], runs: Sequence[str]) -> "ibis.Table":
    """The same, fact by fact."""
    import ibis

    found = within(facts, window)
    found = found.filter(
        found.role.isin(list(WORK)),
        found.task.isin(list(tasks)),
        found.run.isin(list(runs)),
        found.own_ns >= 0,
        found.total_ns >= 0,
        (found.reruns == 0) | (found.outcome != "passed"),
    )
    name = ibis.ifelse(found.role == "test", found.test, found.hook)
    return found.select(*HOST, "role", "outcome", "start_ns", "own_ns", "total_ns", name=name)
