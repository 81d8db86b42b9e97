"""The durations of passing tests in each run, and the speed of that run as a whole.

If all tests of a run together took longer than usual, that is due to its machine, not to any test: its speed
is the mean of its tests' differences from their own means, as logs. A value far from the rough mean counts as
`FAR`, so that no test moves a run by itself.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracetui.analysis.statistics.run_speed import LEAST_TESTS
from tracetui.fleet.queries.numbers import logarithm, over, real
from tracetui.fleet.queries.window import RUN

if TYPE_CHECKING:
    import ibis

STRATUM = ("test", "suite", "variant")
"""Only runs of these are compared with each other."""
HOST = ("variant", "task", *RUN)
"""A job of a run: the machine that its tests share."""
FAR = 0.5


def values(passing: "ibis.Table", changed: Sequence[str] = ()) -> "ibis.Table":
    """One value per test, suite, job and run: the mean log of its own times (`log`), of which `speed` is the
    run's, and its first `start_ns`. Tests that have `changed` do not count towards a run's speed.
    """
    import ibis

    keys = tuple(dict.fromkeys((*STRATUM, *HOST)))
    tests = passing.group_by(*keys).agg(
        log=logarithm(passing.own_ns).mean(), start_ns=passing.start_ns.min(), revision=passing.revision.max()
    )
    tests = tests.mutate(beyond=tests.log - over(tests.log.mean(), *STRATUM))
    if changed:
        is_told = tests.test.notin(list(changed))
        tests = tests.mutate(told=ibis.ifelse(is_told, tests.beyond, ibis.null("float64")))
    else:
        tests = tests.mutate(told=tests.beyond)
    tests = tests.mutate(rough=over(tests.told.mean(), *HOST), tests=over(tests.told.count(), *HOST))
    near = _within(tests.told - tests.rough)
    tests = tests.mutate(exact=tests.rough + over(near.mean(), *HOST))
    speed = ibis.ifelse(tests.tests >= LEAST_TESTS, tests.exact, real(0.0))
    return tests.select(*keys, "log", "beyond", "start_ns", "revision", "tests", speed=speed)


def _within(value: Any) -> Any:
    """A value, limited to at most `FAR` from 0."""
    import ibis

    far = real(FAR)
    return ibis.ifelse(value > far, far, ibis.ifelse(value < -far, -far, value))
