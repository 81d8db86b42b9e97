"""Orders of tests: longest first, or dealt to as many blocks as there are workers.

Longest processing time first is R. L. Graham, Bounds on Multiprocessing Timing Anomalies (1969). It is good
if one test at a time goes to whoever is free. Under xdist's default a worker gets a fourth of its share at
once, and the first would get all the longest; under `worksteal` each gets a stretch of the list.
"""

import heapq
from collections.abc import Sequence

from tracetui.analysis.plan.units import Unit


def longest_first(units: Sequence[Unit], costs: Sequence[int]) -> list[int]:
    """The tests of all units, those of the longest unit first; equal ones in order of collection."""
    order = sorted(range(len(units)), key=lambda unit: -costs[unit])
    return [test for unit in order for test in units[unit]]


def dealt(units: Sequence[Unit], costs: Sequence[int], blocks: int) -> list[int]:
    """The tests of all units, dealt from the longest down to blocks of about the same time and size.

    `worksteal` starts with a stretch of the same number of tests for each worker. A full block gets no more.
    """
    sizes = _sizes(sum(map(len, units)), blocks)
    heap = [(0, block) for block in range(blocks) if sizes[block]]
    dealt: list[list[int]] = [[] for _ in range(blocks)]
    for unit in sorted(range(len(units)), key=lambda unit: -costs[unit]):
        if not heap:
            # What is left of units that fitted nowhere whole: behind the last block, to be stolen.
            dealt[-1] += units[unit]
            continue
        took, block = heapq.heappop(heap)
        dealt[block] += units[unit]
        if len(dealt[block]) < sizes[block]:
            heapq.heappush(heap, (took + costs[unit], block))
    return [test for block in dealt for test in block]


def _sizes(tests: int, blocks: int) -> list[int]:
    """How many tests each worker gets first (xdist 3.8, `WorkStealingScheduling.check_schedule`)."""
    sizes = []
    for block in range(blocks):
        sizes.append(tests // (blocks - block))
        tests -= sizes[-1]
    return sizes
