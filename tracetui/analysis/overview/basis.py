"""The input of an overview, of which the next one recomputes only what has changed."""

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.stalls.stall import Happened, happened
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.time.times import Nanoseconds
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome

MOST = 256
"""So many of the slowest tests are kept, most of which nobody sees: some may turn out to be quicker."""

_UNTIMED = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.SKIPPED)

Tests = NDArray[np.signedinteger]


class Longer(NamedTuple):
    """Tests (`rows`, ascending) that took longer than in earlier runs, by how much, and those with the
    most.
    """

    rows: Tests
    excess_ns: Nanoseconds
    before_ns: Nanoseconds


class Basis(Struct, frozen=True, eq=False):
    """The basis for the shown run: its `slowest` tests (rows, the slowest first, at most `MOST`).

    `first_ns` is when its first test began, 0 without one.
    """

    slowest: Tests
    happened: Happened | None
    longer: Longer
    first_ns: int


def basis(facts: RunFacts) -> Basis:
    """The whole basis, from all rows."""
    snapshot, times, tests = facts.snapshot, facts.times, facts.tests
    return Basis(
        slowest=slowest(times.own, tests),
        happened=happened(snapshot, times, tests, until_ns(facts)),
        longer=longer(facts, tests),
        first_ns=int(snapshot.start_ns[tests].min()) if len(tests) else 0,
    )


def until_ns(facts: RunFacts) -> int | None:
    """The present time for a run that is not over."""
    return facts.now_ns if facts.summary.state == "live" else None


def slowest(own: Nanoseconds, tests: Tests) -> Tests:
    """Of `tests`, ascending rows, those with the most own time."""
    if len(tests) > MOST:
        took = own[tests]
        least = np.partition(took, -MOST)[-MOST]
        more = tests[took > least]
        tests = np.concatenate((more, tests[took == least][: MOST - len(more)]))
    return tests[np.lexsort((tests, -own[tests]))]


def longer(facts: RunFacts, tests: Tests) -> Longer:
    """Which of `tests` took longer than ever."""
    snapshot, past = facts.snapshot, facts.history
    if not len(past.key):
        return Longer(tests[:0], np.empty(0, np.int64), np.empty(0, np.int64))
    tests = tests[~among(snapshot.outcome[tests], _UNTIMED)]
    places = past.places(snapshot.role[tests], snapshot.title_id[tests])
    known = places >= 0
    known[known] = past.own.max_ns[places[known]] > 0  # What took no time before was not run.
    tests, most = tests[known], past.own.max_ns[places[known]]
    excess = facts.times.own[tests] - most
    worst = excess > np.maximum(most // 4, units.S // 10)
    return Longer(tests[worst], excess[worst], most[worst])
