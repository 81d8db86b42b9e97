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

    tests = work(facts, window, "test")
    tests = tests.filter(tests.outcome.isin([PASSED, *FAILED]), (tests.revision != "") | (tests.run != ""))
    bad = tests.outcome.isin(list(FAILED))
    tests = tests.mutate(
        told=ibis.ifelse(tests.revision != "", "revision", "run"),
        code=ibis.ifelse(tests.revision != "", tests.revision, tests.run),
        good=(~bad).cast("int64"),
        fails=bad.cast("int64") + tests.reruns,
        again=ibis.ifelse(bad | (tests.reruns > 0), tests.total_ns, ibis.literal(0, "int64")),
    )
    tests = tests.semi_join(tests.filter(tests.fails > 0).select("test").distinct(), "test")
    return tests.group_by(*SAME_TEST, "told", "code").agg(
        passed=tests.good.sum(),
        failed=tests.fails.sum(),
        reruns=tests.reruns.sum(),
        again_ns=tests.again.sum(),
        # Whole numbers are never null: on their way through pandas such columns become reals.
        failed_run=_first(tests.run, tests.fails > 0),
        passed_run=_first(tests.run, tests.good > 0),
        first_ns=tests.start_ns.min(),
        last_ns=tests.start_ns.max(),
        last_passed_ns=ibis.ifelse(tests.good > 0, tests.start_ns, NEVER).max(),
        first_failed_ns=ibis.ifelse(tests.fails > 0, tests.start_ns, units.MAX_NS).min(),
    )


def _first(text: Any, condition: Any) -> Any:
    """The first text of the rows that meet a condition; null if none does."""
    import ibis

    return ibis.ifelse(condition, text, ibis.null("string")).min()


STATS = ("date", "repository", "variant", "task", "test", "request")


def stats(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """By day, project, variant, task, test and type of request: passes, failures, and the time of passes."""
    tests = within(facts, window)
    tests = tests.filter(tests.role == "test", tests.outcome.isin([PASSED, *FAILED]), tests.own_ns >= 0)
    is_pass = (tests.outcome == PASSED).cast("int64")
    return tests.group_by(*STATS).agg(
        num_pass=is_pass.sum(),
        num_fail=many(tests.outcome != PASSED),
        total_pass_duration_ns=(is_pass * tests.own_ns).sum(),
    )
