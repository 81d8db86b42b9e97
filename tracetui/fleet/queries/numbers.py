"""Numbers that are the same on every engine: reals, buckets, sums up to a row, money."""

from collections.abc import Sequence
from itertools import accumulate
from math import log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

BASE = 1.02
"""A bucket ends where it is so many times its begin: what stands for it is off by 1 % at most."""
COUNTED = 1 << 40
"""More than any bucket has executions."""


def real(value: Any) -> Any:
    """A value as a 64-bit real: some engines read `1.5` as a decimal, and round quotients to six digits."""
    import ibis

    return (ibis.literal(value) if isinstance(value, int | float) else value).cast("float64")


def logarithm(ns: Any) -> Any:
    """The natural log of a duration; one of 0 ns counts as 1."""
    return real(ns + 1).ln()


def bucket(ns: Any) -> Any:
    """The number of a duration's bucket."""
    return (logarithm(ns) / real(log(BASE))).floor().cast("int64")


def nearest_rank(buckets: Sequence[int], percent: int) -> int:
    """The bucket that the nearest-rank quantile is in; each is its number times `COUNTED`, and its count."""
    counts = sorted(divmod(each, COUNTED) for each in buckets)
    so_far = list(accumulate(count for _, count in counts))
    return next(
        number
        for (number, _), below in zip(counts, so_far, strict=True)
        if 100 * below >= percent * so_far[-1]
    )


def duration_of(number: int, least_ns: int, most_ns: int) -> int:
    """The value that represents a bucket: its middle, within the observed range."""
    return min(max(round(float(BASE ** (number + 0.5))) - 1, least_ns), most_ns)


def up_to(table: "ibis.Table", column: str, keys: tuple[str, ...], order: str) -> Any:
    """By row the sum of a column over the rows of its group up to this one, in an order without ties."""
    import ibis

    return table[column].sum().over(ibis.window(group_by=keys, order_by=order, preceding=None, following=0))


def over(value: Any, *keys: str) -> Any:
    """An aggregate of each row's group, as a column."""
    import ibis

    return value.over(ibis.window(group_by=keys))


def core_ns(table: "ibis.Table", per_worker: bool = True) -> Any:
    """The processor time that a fact held, in ns of one core: its share of the machine's cores.

    The workers of a machine share its cores. If unknown, one core and one worker are assumed.
    """
    cores = real(table.total_ns) * _told(table.cores)
    return cores / _told(table.jobs) if per_worker else cores


def is_unpriced(table: "ibis.Table") -> Any:
    """Whether the number of cores of a fact's machine is unknown."""
    return (table.cores.fill_null(real(0.0)) <= 0) | (table.jobs.fill_null(real(0.0)) <= 0)


def _told(column: Any) -> Any:
    import ibis

    return ibis.ifelse(column > real(0.0), column, real(1.0))


def many(condition: Any) -> Any:
    """The number of rows of a group, or of all rows, that meet a condition."""
    return condition.cast("int64").sum().fill_null(0)
