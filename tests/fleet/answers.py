"""The same questions, answered row by row in Python: what engines say is held against it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import ceil, log
from typing import Any

Fact = Mapping[str, Any]
BAD = ("failed", "error")
PASSING = ("passed", "xfailed", "xpassed", "unknown")


def of_role(facts: Iterable[Fact], *roles: str) -> list[Fact]:
    """Facts of some roles that took time."""
    return [each for each in facts if each["role"] in roles and each["outcome"] != "skipped"]


def grouped(facts: Iterable[Fact], *keys: str) -> dict[tuple[Any, ...], list[Fact]]:
    """Facts by some columns."""
    groups: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    for each in facts:
        groups[tuple(each[key] for key in keys)].append(each)
    return groups


def runs(facts: Iterable[Fact]) -> int:
    """How many runs facts are of."""
    return len({(each["run"], each["attempt"]) for each in facts})


def nearest_rank(values: Iterable[int], percent: int) -> int:
    """The least value that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return ordered[ceil(percent * len(ordered) / 100) - 1]


def core_ns(fact: Fact) -> float:
    """What a fact held of processors."""
    return float(fact["total_ns"]) * (fact["cores"] or 1.0) / (fact["jobs"] or 1.0)


def mean_log(facts: Iterable[Fact]) -> float:
    """The mean of the logs of own times, each and 1 ns."""
    logs = [log(each["own_ns"] + 1) for each in facts]
    return sum(logs) / len(logs)
