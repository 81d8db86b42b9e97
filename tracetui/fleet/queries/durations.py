"""How often tests, hooks and archivers ran and how long they took: totals, quantiles, money."""

from typing import TYPE_CHECKING

from tracetui.fleet.queries.numbers import bucket, core_ns, many, over, up_to
from tracetui.fleet.queries.window import FAILED, RUN, WORK, Window, within, work

if TYPE_CHECKING:
    import ibis

HALF, MOST = 50, 95
"""The quantiles, in per cent."""


def slowest(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By test; see `spread`."""
    return spread(work(facts, window, "test"), "test")


def hooks(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By hook and fixture; see `spread`."""
    return spread(work(facts, window, "hook", "fixture"), "hook", "role")


def archive(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By suite and archiver; see `spread`."""
    return spread(work(facts, window, "archiver"), "suite", "hook")


def spread(executions: "ibis.Table", *keys: str) -> "ibis.Table":
    """By `keys`: `runs`, `count`, `failed`, own times (`total_ns`, `min_ns`, `max_ns`), `core_ns` of all they
    held, and the buckets of the nearest-rank quantiles (`p50`, `p95`).
    """
    import ibis

    parts = executions.mutate(
        bucket=bucket(executions.own_ns),
        bad=executions.outcome.isin(list(FAILED)).cast("int64"),
        core=core_ns(executions),
    )
    parts = parts.group_by(*keys, "bucket").agg(
        n=parts.count(),
        bad=parts.bad.sum(),
        took=parts.own_ns.sum(),
        least=parts.own_ns.min(),
        most=parts.own_ns.max(),
        core=parts.core.sum(),
    )
    parts = parts.mutate(below=up_to(parts, "n", keys, "bucket"), every=over(parts.n.sum(), *keys))

    def quantile(percent: int) -> object:
        reached = parts.below * 100 >= parts.every * percent
        return ibis.ifelse(reached, parts.bucket, ibis.null("int64")).min()

    sums = parts.group_by(*keys).agg(
        count=parts.n.sum(),
        failed=parts.bad.sum(),
        total_ns=parts.took.sum(),
        min_ns=parts.least.min(),
        max_ns=parts.most.max(),
        core_ns=parts.core.sum(),
        p50=quantile(HALF),
        p95=quantile(MOST),
    )
    runs = executions.select(*keys, *RUN).distinct()
    return sums.join(runs.group_by(*keys).agg(runs=runs.count()), list(keys))


def whole(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The total time by role, and its parts."""
    executions = work(facts, window, *WORK)
    parts = ("own_ns", "total_ns", "setup_ns", "teardown_ns", "hook_ns", "archive_ns")
    sums = {name: executions[name].sum() for name in parts}
    return executions.group_by("role").agg(
        count=executions.count(), core_ns=core_ns(executions).sum(), **sums
    )


def runs(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The number of runs and of their tests, the first and the last moment."""
    held = within(facts, window)
    by_run = held.group_by(*RUN).agg(
        first=held.start_ns.min(), last=held.start_ns.max(), tests=many(held.role == "test")
    )
    return by_run.agg(
        runs=by_run.count(),
        tests=by_run.tests.sum().fill_null(0),
        oldest_ns=by_run["first"].min().fill_null(0),
        newest_ns=by_run["last"].max().fill_null(0),
    )
