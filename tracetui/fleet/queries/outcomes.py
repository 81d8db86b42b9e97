"""The tests that pass and fail at the same code, those that always fail, and counts of both by day."""

from typing import TYPE_CHECKING, Any

from tracetui import units
from tracetui.fleet.queries.numbers import many
from tracetui.fleet.queries.window import FAILED, Window, within, work
from tracetui.model.role import Outcome

if TYPE_CHECKING:
    import ibis

NEVER = 0
SAME_TEST = ("test", "suite", "task", "variant")
"""A test in another job or on another kind of machine is another measure."""
PASSED = Outcome.PASSED.label


def at_code(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By test and code: how often it `passed` and `failed`, in which runs, when, and the time of failures.

    The code is the revision; if that is unknown, attempts of one pipeline run have the same. A test that was
    rerun `reruns` times failed that often before. Tests that never failed are not here.
    """
    import ibis

    found = work(facts, window, "test")
    found = found.filter(found.outcome.isin([PASSED, *FAILED]), (found.revision != "") | (found.run != ""))
    bad = found.outcome.isin(list(FAILED))
    found = found.mutate(
        told=ibis.ifelse(found.revision != "", "revision", "run"),
        code=ibis.ifelse(found.revision != "", found.revision, found.run),
        good=(~bad).cast("int64"),
        fails=bad.cast("int64") + found.reruns,
        again=ibis.ifelse(bad | (found.reruns > 0), found.total_ns, ibis.literal(0, "int64")),
    )
    found = found.semi_join(found.filter(found.fails > 0).select("test").distinct(), "test")
    return found.group_by(*SAME_TEST, "told", "code").agg(
        passed=found.good.sum(),
        failed=found.fails.sum(),
        reruns=found.reruns.sum(),
        again_ns=found.again.sum(),
        # Whole numbers are never null: on their way through pandas such columns become reals.
        failed_run=_first(found.run, found.fails > 0),
        passed_run=_first(found.run, found.good > 0),
        first_ns=found.start_ns.min(),
        last_ns=found.start_ns.max(),
        last_passed_ns=ibis.ifelse(found.good > 0, found.start_ns, NEVER).max(),
        first_failed_ns=ibis.ifelse(found.fails > 0, found.start_ns, units.MAX_NS).min(),
    )


def _first(text: Any, condition: Any) -> Any:
    """The first text of the rows that meet a condition; null if none does."""
    import ibis

    return ibis.ifelse(condition, text, ibis.null("string")).min()


STATS = ("date", "repository", "variant", "task", "test", "request")


def stats(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By day, project, variant, task, test and type of request: passes, failures, and the time of passes."""
    found = within(facts, window)
    found = found.filter(found.role == "test", found.outcome.isin([PASSED, *FAILED]), found.own_ns >= 0)
    is_pass = (found.outcome == PASSED).cast("int64")
    return found.group_by(*STATS).agg(
        num_pass=is_pass.sum(),
        num_fail=many(found.outcome != PASSED),
        total_pass_duration_ns=(is_pass * found.own_ns).sum(),
    )
