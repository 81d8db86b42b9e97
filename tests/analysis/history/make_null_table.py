"""Makes the table that says how far the rank-sum scan goes by chance: run it, and nothing else, to renew it.

`python -m tests.analysis.history.make_null_table` writes a line for each length of a series: the length, and
for each of `LEVELS` the least z that at most this share of random orders reaches (`inf` where none does).
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.rank_scan import AFTER, BEFORE, LEAST

LEVELS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5)
LENGTHS = (*range(LEAST, 33), 36, 40, 45, 50, 57, 64, 72, 80, 100, 128, 160, 200, 256, 360, 512, 720, 1000)
ORDERS = 1_000_000
SEED = 20261129
_AT_ONCE = 2_000_000


def greatest(length: int, orders: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """The greatest |z| of so many random orders of a series without ties."""
    ranks = np.arange(length, dtype=np.int32) * 2 - (length - 1)  # Twice the rank, around 0.
    taken = np.arange(BEFORE, length - AFTER + 1)
    variance = (
        taken * (length - taken) / (length * (length - 1.0)) * float((ranks.astype(np.int64) ** 2).sum())
    )
    weights = 1 / np.sqrt(variance)
    found = []
    for begin in range(0, orders, max(1, _AT_ONCE // length)):
        some = np.tile(ranks, (min(max(1, _AT_ONCE // length), orders - begin), 1))
        sums = np.cumsum(rng.permuted(some, axis=1, out=some), axis=1)[:, BEFORE - 1 : length - AFTER]
        found.append((np.abs(sums) * weights).max(axis=1))
    return np.concatenate(found)


def quantiles(values: NDArray[np.float64]) -> list[float]:
    """By level the least value that at most this share of `values` reaches."""
    ordered = np.sort(values)[::-1]
    found = []
    for level in LEVELS:
        most = int(level * len(ordered) + 1e-9)
        beyond = ordered[most]  # So many are at most this share; of equal values all count.
        above = ordered[:most][ordered[:most] > beyond + 1e-9]
        found.append(float(above[-1]) if len(above) else float("inf"))
    return found


def lines(lengths: Sequence[int] = LENGTHS, orders: int = ORDERS) -> Iterator[str]:
    """The lines of the table."""
    yield "# The least z by chance at each level; made by tests/analysis/history/make_null_table.py"
    yield ",".join(map(str, ("length", *LEVELS)))
    for length in lengths:
        found = quantiles(greatest(length, orders, np.random.default_rng((SEED, length))))
        yield ",".join((str(length), *(f"{np.floor(value * 1e4) / 1e4:.4f}" for value in found)))


if __name__ == "__main__":
    for made in lines():
        sys.stdout.write(made + "\n")
        sys.stdout.flush()
