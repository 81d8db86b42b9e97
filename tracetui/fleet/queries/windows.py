"""Compares two windows of time: the input for the ranks and means of each test, by stratum."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracetui.fleet.queries.numbers import real, up_to
from tracetui.fleet.queries.speed import STRATUM, values
from tracetui.fleet.queries.window import Window, passing

if TYPE_CHECKING:
    import ibis

STEPS = 1_000_000
"""What differs by less than one of so many parts is a tie."""


def regress(facts: "ibis.Table", base: Window, new: Window, changed: Sequence[str] = ()) -> "ibis.Table":
    """By test, suite and variant, of bounded windows: the number of `values`, and of `new_values` in the new
    one; twice the rank sum of these (`ranks`); `ties` (the sum of t^3 - t); of logs freed of runs' speed the
    sums `log`, `new_log` and of squares; of speeds the sums; of raw logs before, `base_raw`.

    A mid-rank is the number of values before a group of equals, plus half of these: no engine has to rank.
    """
    tests = passing(facts, around(base, new))
    tests = tests.filter(_holds(base, tests.start_ns) | _holds(new, tests.start_ns))
    value = values(tests, changed)
    value = value.mutate(is_new=_holds(new, value.start_ns).cast("int64"), free=value.beyond - value.speed)
    value = value.mutate(step=(value.free * real(STEPS)).floor().cast("int64"), late=real(value.is_new))
    equal = value.group_by(*STRATUM, "step").agg(
        n=value.count(),
        new=value.is_new.sum(),
        log=value.free.sum(),
        new_log=(value.free * value.late).sum(),
        square=(value.free * value.free).sum(),
        new_square=(value.free * value.free * value.late).sum(),
        speed=value.speed.sum(),
        new_speed=(value.speed * value.late).sum(),
        base_raw=(value.log * (real(1.0) - value.late)).sum(),
    )
    rank = 2 * (up_to(equal, "n", STRATUM, "step") - equal.n) + equal.n + 1
    equal = equal.mutate(ranks=rank * equal.new, ties=equal.n * equal.n * equal.n - equal.n)
    sums = ("ranks", "ties", "log", "new_log", "square", "new_square", "speed", "new_speed", "base_raw")
    return equal.group_by(*STRATUM).agg(
        values=equal.n.sum(), new_values=equal.new.sum(), **{name: equal[name].sum() for name in sums}
    )


def around(base: Window, new: Window) -> Window:
    """From the beginning of the first to the end of the last of two."""
    since = min(window.since_ns or 0 for window in (base, new))
    return new.between(since, max(window.until_ns or 0 for window in (base, new)))


def _holds(window: Window, start_ns: Any) -> Any:
    return (start_ns >= window.since_ns) & (start_ns < window.until_ns)
