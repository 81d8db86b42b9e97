"""The facts that a question is about: a window of time, and filters."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from tracetui import units
from tracetui.model.role import BAD, Outcome

if TYPE_CHECKING:
    import ibis

FAILED = tuple(outcome.label for outcome in BAD)
"""How a test ends that failed."""
PASSING = tuple(each.label for each in (Outcome.PASSED, Outcome.XFAILED, Outcome.XPASSED, Outcome.UNKNOWN))
"""How a test ends that did all it does: only then its duration is a measure."""
NOT_RUN = (Outcome.SKIPPED.label,)
WORK = ("test", "hook", "fixture", "archiver")
"""Roles whose own times add up to the time of a fleet."""
RUN = ("run", "attempt")
"""What tells one run from another: the second attempt of a pipeline is a run of its own."""


class Window(Struct, frozen=True):
    """From `since_ns` up to, and without, `until_ns` (ns since the epoch; None: no bound).

    Of several texts any may match; an empty list matches all. `suites`, like the others, are compared in
    full.
    """

    since_ns: int | None = None
    until_ns: int | None = None
    branches: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()

    def between(self, since_ns: int | None, until_ns: int | None) -> "Window":
        """The same for another time."""
        return replace(self, since_ns=since_ns, until_ns=until_ns)


def within(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """The facts in a window.

    Bounds apply to `date` too: only that lets engines skip files and partitions.
    """
    asked = [*_since(facts, window.since_ns), *_until(facts, window.until_ns)]
    for column, texts in (
        ("branch", window.branches),
        ("variant", window.variants),
        ("owner", window.owners),
        ("suite", window.suites),
    ):
        if texts:
            asked.append(facts[column].isin(list(texts)))
    return facts.filter(asked) if asked else facts


def _since(facts: "ibis.Table", ns: int | None) -> list[Any]:
    return [] if ns is None else [facts.date >= _day(ns), facts.start_ns >= ns]


def _until(facts: "ibis.Table", ns: int | None) -> list[Any]:
    return [] if ns is None else [facts.date <= _day(ns - 1), facts.start_ns < ns]


def _day(ns: int) -> Any:
    import ibis

    day = datetime.fromtimestamp(ns // units.S, UTC).date()
    return ibis.date(day.year, day.month, day.day)


def work(facts: "ibis.Table", window: Window, *roles: str) -> "ibis.Table":
    """The facts of some roles that took time, without those of a clock that was set back (below 0)."""
    held = within(facts, window)
    return held.filter(
        held.role.isin(list(roles)),
        held.outcome.notin(list(NOT_RUN)),
        held.own_ns >= 0,
        held.total_ns >= 0,
    )


def passing(facts: "ibis.Table", window: Window) -> "ibis.Table":
    """Tests that passed at their first attempt: their own times are representative."""
    tests = work(facts, window, "test")
    return tests.filter(tests.outcome.isin(list(PASSING)), tests.reruns == 0)
