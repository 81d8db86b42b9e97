"""How many examples a property meets: some at every push, as many times more as `EXAMPLES` says."""

import os
from collections.abc import Iterable
from typing import TypeVar

_Case = TypeVar("_Case")
TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(number: int) -> int:
    """So many, or a multiple of it (`EXAMPLES=10 python -m pytest tests/analysis`)."""
    return number * TIMES


def some(cases: Iterable[_Case], one_in: int, first: int = 0) -> list[_Case]:
    """One in so many, evenly spread; more of them, or all, as `EXAMPLES` says."""
    step = max(1, one_in // TIMES)
    return list(cases)[first % step :: step]
