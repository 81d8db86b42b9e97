"""How long the same tests, hooks and archivers took in earlier runs of a recording, and how they ended."""

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.ranking.occurrences import nearest_rank
from tracetui.analysis.runs.runs import Runs
from tracetui.analysis.time.times import Times
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, WORK, Outcome, Role
from tracetui.store.snapshot import Snapshot

LAST = 8
"""How many earlier runs are remembered one by one."""

_UNTOLD = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.SKIPPED)
"""Whose durations say nothing."""


class Spread(NamedTuple):
    """Nearest-rank percentiles and maximum of durations, in ns: numbers, or columns of them."""

    p50_ns: NDArray[np.int64]
    p95_ns: NDArray[np.int64]
    max_ns: NDArray[np.int64]


class Past(Struct, frozen=True):
    """What is known of one test, hook or archiver from `count` earlier occurrences; times in ns.

    `last_ns` and `last_outcomes` are of the last runs, the oldest first: the longest own time, and the worst
    outcome; -1 and `UNKNOWN` if it was not in that run.
    """

    count: int
    failed: int
    own: tuple[int, int, int]
    total: tuple[int, int, int]
    last_ns: tuple[int, ...]
    last_outcomes: tuple[Outcome, ...]


class History(Struct, frozen=True, eq=False):
    """Earlier occurrences by `key` (role and title, ascending): columns, and `LAST` columns of single runs.

    `runs` is how many earlier runs they come from.
    """

    runs: int
    key: NDArray[np.int64]
    count: NDArray[np.int64]
    failed: NDArray[np.int64]
    own: Spread
    total: Spread
    last_ns: NDArray[np.int64]
    last_outcomes: NDArray[np.uint8]

    def places(self, role: NDArray[np.uint8], title_id: NDArray[np.int32]) -> NDArray[np.intp]:
        """The positions of these roles and titles in the columns; -1 for new ones."""
        wanted = keys(role, title_id)
        if not len(self.key):
            return np.full(len(wanted), -1, np.intp)
        place = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[place] == wanted, place, -1)

    def renamed(self, title_id: NDArray[np.int64]) -> "History":
        """The same with other numbers of titles, `title_id` by number: O(names log names)."""
        key = title_id[self.key // len(Role)] * len(Role) + self.key % len(Role)
        order = np.argsort(key)
        columns = {
            name: getattr(self, name)[order] for name in ("count", "failed", "last_ns", "last_outcomes")
        }
        own, total = (Spread(*(column[order] for column in spread)) for spread in (self.own, self.total))
        return replace(self, key=key[order], own=own, total=total, **columns)

    def past(self, role: Role, title_id: int) -> Past | None:
        """What is known of one of them; None if it is new."""
        place = int(self.places(np.array([role], np.uint8), np.array([title_id], np.int32))[0])
        if place < 0 or not self.count[place]:
            return None
        own, total = (
            (int(spread.p50_ns[place]), int(spread.p95_ns[place]), int(spread.max_ns[place]))
            for spread in (self.own, self.total)
        )
        return Past(
            count=int(self.count[place]),
            failed=int(self.failed[place]),
            own=own,
            total=total,
            last_ns=tuple(self.last_ns[place].tolist()),
            last_outcomes=tuple(map(Outcome, self.last_outcomes[place].tolist())),
        )


def history(snapshot: Snapshot, times: Times, runs: Runs, choice: int) -> History:
    """The history from the runs before the chosen one: O(n log n).

    Only finished runs that ran tests count. For a job, only the jobs of its name.
    """
    earlier = earlier_runs(runs, choice)
    before = np.isin(runs.of, earlier)
    namesakes = runs.namesakes(choice)
    if namesakes is not None:
        before &= namesakes
        earlier = np.flatnonzero(np.bincount(runs.of[before], minlength=len(runs)))
    rows = np.flatnonzero(before & among(snapshot.role, WORK) & (snapshot.outcome != Outcome.RUNNING))
    seen = Occurrences(
        key=keys(snapshot.role[rows], snapshot.title_id[rows]),
        outcome=snapshot.outcome[rows],
        own=times.own[rows],
        total=times.total[rows],
        back=np.searchsorted(earlier, runs.of[rows]),
    )
    return of_occurrences(seen, len(earlier))


class Occurrences(NamedTuple):
    """Earlier occurrences as columns; `back` counts runs backwards from the last."""

    key: NDArray[np.int64]
    outcome: NDArray[np.uint8]
    own: NDArray[np.int64]
    total: NDArray[np.int64]
    back: NDArray[np.intp]


def of_occurrences(seen: Occurrences, runs: int) -> History:
    """The history of occurrences in so many runs: O(n log n)."""
    key, group = np.unique(seen.key, return_inverse=True)
    is_told = ~among(seen.outcome, _UNTOLD)
    count = np.bincount(group[is_told], minlength=len(key))
    last_ns, last_outcomes = _last(seen, group)
    return History(
        runs=runs,
        key=key,
        count=count,
        failed=np.bincount(group[among(seen.outcome, BAD)], minlength=len(key)),
        own=_spread(seen.own[is_told], group[is_told], count),
        total=_spread(seen.total[is_told], group[is_told], count),
        last_ns=last_ns,
        last_outcomes=last_outcomes,
    )


def earlier_runs(runs: Runs, choice: int) -> NDArray[np.intp]:
    """The numbers of the runs before the chosen one that count as history."""
    return np.flatnonzero(runs.has_tests & runs.ended & (np.arange(len(runs)) > runs.number(choice)))


def keys(role: NDArray[np.uint8], title_id: NDArray[np.integer]) -> NDArray[np.int64]:
    """Roles and titles as numbers."""
    return title_id.astype(np.int64) * len(Role) + role


def _spread(values: NDArray[np.int64], group: NDArray[np.intp], count: NDArray[np.int64]) -> Spread:
    ordered = np.append(values[np.lexsort((values, group))], 0)
    starts = np.cumsum(count) - count
    last = np.maximum(count - 1, 0)
    places = (
        np.clip(nearest_rank(count, 50), 0, last),
        np.clip(nearest_rank(count, 95), 0, last),
        last,
    )
    return Spread(*(np.where(count > 0, ordered[starts + place], 0) for place in places))


def _last(seen: Occurrences, group: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Own times and outcomes in the last runs."""
    groups = int(group.max(initial=-1)) + 1
    longest = np.full((groups, LAST), -1, np.int64)
    outcomes = np.zeros((groups, LAST), np.uint8)
    recent = np.flatnonzero(seen.back < LAST)
    place = (group[recent], LAST - 1 - seen.back[recent])
    np.maximum.at(longest, place, seen.own[recent])
    outcome = seen.outcome[recent]
    worst_last = np.argsort(among(outcome, BAD), kind="stable")
    outcomes[place[0][worst_last], place[1][worst_last]] = outcome[worst_last]
    return longest, outcomes
