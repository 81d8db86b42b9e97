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
    found = passing.group_by(*keys).agg(
        log=logarithm(passing.own_ns).mean(), start_ns=passing.start_ns.min(), revision=passing.revision.max()
    )
    found = found.mutate(beyond=found.log - over(found.log.mean(), *STRATUM))
    if changed:
        is_told = found.test.notin(list(changed))
        found = found.mutate(told=ibis.ifelse(is_told, found.beyond, ibis.null("float64")))
    else:
        found = found.mutate(told=found.beyond)
    found = found.mutate(rough=over(found.told.mean(), *HOST), tests=over(found.told.count(), *HOST))
    near = _within(found.told - found.rough)
    found = found.mutate(exact=found.rough + over(near.mean(), *HOST))
    speed = ibis.ifelse(found.tests >= LEAST_TESTS, found.exact, real(0.0))
    return found.select(*keys, "log", "beyond", "start_ns", "revision", "tests", speed=speed)


def _within(value: Any) -> Any:
    """A value, limited to at most `FAR` from 0."""
    import ibis

    far = real(FAR)
    return ibis.ifelse(value > far, far, ibis.ifelse(value < -far, -far, value))
