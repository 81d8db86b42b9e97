"""A rule's verdict on a run: passed, breached, or undecidable from the recording."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class Limits(NamedTuple):
    """Limits in ns, a ratio over the baseline (0.1 is 10 % more), and the names in `FAIL_ON` that count.

    None, or empty, means no rule.
    """

    max_test: int | None = None
    max_suite: int | None = None
    max_setup: int | None = None
    max_regression: float | None = None
    fail_on: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is any rule."""
        return bool(self.fail_on) or any(limit is not None for limit in self[:4])


class Verdict(StrEnum):
    """The verdict on a rule, or on all of them: the worst counts, in this order."""

    BREACH = "breach"
    UNDECIDABLE = "undecidable"
    PASS = "pass"


class Allowed(NamedTuple):
    """A test (foreign name) that may exceed a limit, up to `limit_ns`; foreign texts say why, and since
    when.
    """

    name: str
    limit_ns: int
    reason: str = ""
    date: str = ""


Allowances = Mapping[str, Mapping[str, Allowed]]
"""By rule, what may be over its limit, by name."""


class Offender(NamedTuple):
    """Something over a limit: `name` is foreign text, `value` in the rule's unit. It may be allowed."""

    name: str
    value: int
    allowed: Allowed | None = None


class Rule(NamedTuple):
    """One rule, judged: `value` and `limit` in `unit` (`ns`, `ratio` or `count`), None if unknown.

    It looked at `n` of `what`. `why` says what is missing if it is undecidable, or what else to know.
    `offenders` are over the limit, the worst first.
    """

    name: str
    verdict: Verdict
    unit: str
    value: float | None
    limit: float
    n: int
    what: str
    statistic: str
    why: str = ""
    offenders: tuple[Offender, ...] = ()


def worst(rules: Iterable[Rule]) -> Verdict:
    """The verdict on all rules; without any nothing was decided."""
    order = list(Verdict)
    return min((rule.verdict for rule in rules), key=order.index, default=Verdict.UNDECIDABLE)


def over(
    values: Iterable[tuple[str, int]], limit: int, allowed: Mapping[str, Allowed]
) -> tuple[Offender, ...]:
    """The names whose values exceed a limit, the worst first."""
    beyond = [
        Offender(name, value, entry if (entry := allowed.get(name)) and value <= entry.limit_ns else None)
        for name, value in values
        if value > limit
    ]
    return tuple(sorted(beyond, key=lambda offender: (-offender.value, offender.name)))
