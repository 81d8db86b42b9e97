"""Queries for what is wrong with a store, or missing from it."""

from typing import TYPE_CHECKING

from tracetui.fleet.queries.numbers import is_unpriced, many
from tracetui.fleet.queries.window import RUN, Window, within

if TYPE_CHECKING:
    import ibis

ASKED = ("run", "repository", "branch", "revision", "task", "variant", "runner", "suite", "owner", "file")
"""Columns of tests without which some question has no answer."""


def doctor(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """Counts over all facts, in one row: how many tests have nothing in a column (`no_...`), and so on."""
    found = within(facts, window)
    is_test = found.role == "test"
    missing = {f"no_{name}": many(is_test & (found[name] == "")) for name in ASKED}
    negative = (found.own_ns < 0) | (found.total_ns < 0)
    return found.agg(
        facts=found.count(),
        tests=many(is_test),
        suites=many(found.role == "suite"),
        oldest_ns=found.start_ns.min(),
        newest_ns=found.start_ns.max(),
        negative=many(negative),
        unpriced=many(is_test & is_unpriced(found)),
        unknown=many(is_test & (found.outcome == "unknown")),
        undated=many(found.start_ns <= 0),
        **missing,
    )


def duplicates(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The number of spans stored more than once, and the number of surplus facts."""
    found = within(facts, window)
    spans = found.group_by("trace", "span").agg(n=found.count())
    spans = spans.filter(spans.n > 1)
    return spans.agg(spans=spans.count(), too_many=(spans.n - 1).sum().fill_null(0))


def unpriced_runs(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The number of runs, and of those with a test whose cores are unknown."""
    found = within(facts, window)
    found = found.filter(found.role == "test")
    found = found.mutate(unpriced=is_unpriced(found).cast("int64"))
    by_run = found.group_by(*RUN).agg(unpriced=found.unpriced.max())
    return by_run.agg(runs=by_run.count(), unpriced=by_run.unpriced.sum().fill_null(0))
