"""How many examples a property meets: some at every push, as many times more as `EXAMPLES` says."""

import os

TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(number: int) -> int:
    """So many, or a multiple of it (`EXAMPLES=10 python -m pytest tests/analysis`)."""
    return number * TIMES
