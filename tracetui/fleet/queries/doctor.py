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
    held = within(facts, window)
    is_test = held.role == "test"
    missing = {f"no_{name}": many(is_test & (held[name] == "")) for name in ASKED}
    negative = (held.own_ns < 0) | (held.total_ns < 0)
    return held.agg(
        facts=held.count(),
        tests=many(is_test),
        suites=many(held.role == "suite"),
        oldest_ns=held.start_ns.min(),
        newest_ns=held.start_ns.max(),
        negative=many(negative),
        unpriced=many(is_test & is_unpriced(held)),
        unknown=many(is_test & (held.outcome == "unknown")),
        undated=many(held.start_ns <= 0),
        **missing,
    )


def duplicates(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The number of spans stored more than once, and the number of surplus facts."""
    held = within(facts, window)
    spans = held.group_by("trace", "span").agg(n=held.count())
    spans = spans.filter(spans.n > 1)
    return spans.agg(spans=spans.count(), too_many=(spans.n - 1).sum().fill_null(0))


def unpriced_runs(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The number of runs, and of those with a test whose cores are unknown."""
    tests = within(facts, window)
    tests = tests.filter(tests.role == "test")
    tests = tests.mutate(unpriced=is_unpriced(tests).cast("int64"))
    by_run = tests.group_by(*RUN).agg(unpriced=tests.unpriced.max())
    return by_run.agg(runs=by_run.count(), unpriced=by_run.unpriced.sum().fill_null(0))
