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
    found = passing(facts, _around(base, new))
    found = found.filter(_holds(base, found.start_ns) | _holds(new, found.start_ns))
    each = values(found, changed)
    each = each.mutate(is_new=_holds(new, each.start_ns).cast("int64"), free=each.beyond - each.speed)
    each = each.mutate(step=(each.free * real(STEPS)).floor().cast("int64"), late=real(each.is_new))
    equal = each.group_by(*STRATUM, "step").agg(
        n=each.count(),
        new=each.is_new.sum(),
        log=each.free.sum(),
        new_log=(each.free * each.late).sum(),
        square=(each.free * each.free).sum(),
        new_square=(each.free * each.free * each.late).sum(),
        speed=each.speed.sum(),
        new_speed=(each.speed * each.late).sum(),
        base_raw=(each.log * (real(1.0) - each.late)).sum(),
    )
    rank = 2 * (up_to(equal, "n", STRATUM, "step") - equal.n) + equal.n + 1
    equal = equal.mutate(ranks=rank * equal.new, ties=equal.n * equal.n * equal.n - equal.n)
    sums = ("ranks", "ties", "log", "new_log", "square", "new_square", "speed", "new_speed", "base_raw")
    return equal.group_by(*STRATUM).agg(
        values=equal.n.sum(), new_values=equal.new.sum(), **{name: equal[name].sum() for name in sums}
    )


def _around(base: Window, new: Window) -> Window:
    """From the beginning of the first to the end of the last of two."""
    since = min(each.since_ns or 0 for each in (base, new))
    return new.between(since, max(each.until_ns or 0 for each in (base, new)))


def _holds(window: Window, start_ns: Any) -> Any:
    return (start_ns >= window.since_ns) & (start_ns < window.until_ns)
