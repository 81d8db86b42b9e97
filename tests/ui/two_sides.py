"""Recordings of which the last run differs from those before."""

from pathlib import Path

from tests.builders import MS, S
from tests.comparisons import recording


def write(directory: Path, runs: int = 6) -> Path:
    """In the last run one test is slower, one faster, one gone, and one new."""
    directory.mkdir(exist_ok=True)
    for number in range(runs):
        is_last = number == runs - 1
        took = {"slow": (3 if is_last else 1) * S + number * MS, "quick": (1 if is_last else 4) * S}
        took |= {"fresh": 700 * MS} if is_last else {"gone": 2 * S}
        (directory / f"{number}.jsonl").write_bytes(recording(number, **took))
    return directory
