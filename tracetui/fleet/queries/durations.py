"""How often tests, hooks and archivers ran and how long they took: totals, quantiles, money."""

from typing import TYPE_CHECKING

from tracetui.fleet.queries.numbers import COUNTED, bucket, core_ns, many
from tracetui.fleet.queries.window import FAILED, RUN, WORK, Window, within, work

if TYPE_CHECKING:
    import ibis


def slowest(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By test; see `spread`."""
    return spread(work(facts, window, "test"), "test", are_few=False)


def hooks(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By hook and fixture; see `spread`."""
    return spread(work(facts, window, "hook", "fixture"), "hook", "role", are_few=True)


def archive(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By suite and archiver; see `spread`."""
    return spread(work(facts, window, "archiver"), "suite", "hook", are_few=True)


def spread(executions: "ibis.Table", *keys: str, are_few: bool) -> "ibis.Table":
    """By `keys`: `runs`, `count`, `failed`, own times (`total_ns`, `min_ns`, `max_ns`), `core_ns` of all they
    held, and the `buckets` of all these times. There `are_few` groups, or each has few rows of a run.
    """
    each = executions.select(
        *keys,
        *RUN,
        own_ns=executions.own_ns,
        bucket=bucket(executions.own_ns),
        bad=executions.outcome.isin(list(FAILED)).cast("int64"),
        core=core_ns(executions),
    )
    sums = _sums_by_run(each, keys) if are_few else _sums(each, keys)
    return sums.join(_buckets(each, keys), list(keys))


def _sums(each: "ibis.Table", keys: tuple[str, ...]) -> "ibis.Table":
    """Where each group has few rows of a run: the sums, and how many different runs there are. To group all
    rows by run as well takes some engines three times as long.
    """
    import ibis

    run = ibis.struct({name: each[name] for name in RUN})
    return each.group_by(*keys).agg(
        runs=run.collect(distinct=True).length(),
        count=each.count(),
        failed=each.bad.sum(),
        total_ns=each.own_ns.sum(),
        min_ns=each.own_ns.min(),
        max_ns=each.own_ns.max(),
        core_ns=each.core.sum(),
    )


def _sums_by_run(each: "ibis.Table", keys: tuple[str, ...]) -> "ibis.Table":
    """Where it has many: first those of each run, which are few rows."""
    run = each.group_by(*keys, *RUN).agg(
        n=each.count(),
        bad=each.bad.sum(),
        took=each.own_ns.sum(),
        least=each.own_ns.min(),
        most=each.own_ns.max(),
        core=each.core.sum(),
    )
    return run.group_by(*keys).agg(
        runs=run.count(),
        count=run.n.sum(),
        failed=run.bad.sum(),
        total_ns=run.took.sum(),
        min_ns=run.least.min(),
        max_ns=run.most.max(),
        core_ns=run.core.sum(),
    )


def _buckets(each: "ibis.Table", keys: tuple[str, ...]) -> "ibis.Table":
    """By `keys` the `buckets`, for `numbers.nearest_rank`: no engine has to add them up in order."""
    parts = each.group_by(*keys, "bucket").agg(n=each.count())
    parts = parts.select(*keys, counted=parts.bucket * COUNTED + parts.n)
    return parts.group_by(*keys).agg(buckets=parts.counted.collect())


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
