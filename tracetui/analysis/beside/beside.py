"""What ran beside a test when it failed, or was slow: only what differs from when it passed."""

from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.beside.association import EVEN, LEVEL, association
from tracetui.analysis.beside.co_running import CoRunning, co_running, names
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, Outcome, Role

SLOW = 1.5
"""From so many times its median on a test that passed was slow."""
LEAST = 3
"""Fewer bad cases, or fewer good ones, say nothing."""

What = Literal["failed", "slow"]


class Beside(NamedTuple):
    """Something that ran beside `bad_with` of the bad cases and `good_with` of the good ones.

    `p` is one-sided (Fisher's exact test), `q` the false discovery rate (Benjamini-Hochberg), `odds` the
    shrunk odds ratio. `title` is foreign text.
    """

    role: Role
    title: str
    bad_with: int
    good_with: int
    p: float
    q: float
    odds: float


class Suspicion(Struct, frozen=True):
    """What stands out beside a test, the strongest first; empty if nothing does.

    In the `bad` cases it failed, or was slow; in the `good` ones it passed (quickly). `window_ns` is how much
    of each case was looked at, from its start; `candidates` is how many names ran beside any of them,
    `tested` for how many of them the cases suffice. `broken` failures were left out: at their revision it
    always fails.
    """

    what: What
    bad: int
    good: int
    window_ns: int
    candidates: int
    tested: int
    broken: int
    rows: tuple[Beside, ...]

    @property
    def is_enough(self) -> bool:
        """Whether anything could have stood out."""
        return self.tested > 0


class _Cases(NamedTuple):
    rows: Rows
    is_bad: NDArray[np.bool_]
    broken: int


def beside(
    facts: RunFacts, title_id: int, what: What | None = None, work: CoRunning | None = None
) -> Suspicion:
    """What ran beside the test of this title, in all runs of the recording; `work` is known work, if any.

    Without `what` its failures are looked at, if it has any. O(n log n) without `work`.
    """
    rows = _occurrences(facts, title_id)
    what = what or ("failed" if _failed(facts, rows).any() else "slow")
    cases = _cases(facts, rows, what)
    bad = int(np.count_nonzero(cases.is_bad))
    good = len(cases.rows) - bad
    window_ns = _window(facts, cases)
    if min(bad, good) < LEAST:
        return Suspicion(what, bad, good, window_ns, 0, 0, cases.broken, ())
    place, key = (work or co_running(facts)).beside(cases.rows, window_ns)
    candidates, number = np.unique(key, return_inverse=True)
    all_with = np.bincount(number, minlength=len(candidates))
    bad_with = np.bincount(number[cases.is_bad[place]], minlength=len(candidates))
    associations = association(bad_with, all_with, bad, len(cases.rows))
    order = np.lexsort((-associations.odds, associations.p))
    telling = order[associations.q[order] <= LEVEL * EVEN]
    columns = (column[telling].tolist() for column in (bad_with, all_with - bad_with, *associations))
    named_rows = zip(names(facts, candidates[telling]), *columns, strict=True)
    return Suspicion(
        what=what,
        bad=bad,
        good=good,
        window_ns=window_ns,
        candidates=len(candidates),
        tested=int(np.count_nonzero(~np.isnan(associations.q))),
        broken=cases.broken,
        rows=tuple(Beside(role, title, *counts) for (role, title), *counts in named_rows),
    )


def _occurrences(facts: RunFacts, title_id: int) -> Rows:
    """Its attempts that passed or failed, in the job in which it failed most: other jobs run other tests
    beside it.
    """
    snapshot = facts.snapshot
    is_meant = (snapshot.role == Role.TEST) & (snapshot.title_id == title_id)
    rows = np.flatnonzero(is_meant & among(snapshot.outcome, (Outcome.PASSED, Outcome.RERUN, *BAD)))
    jobs = [facts.runs.job_facts[job].job for job in facts.runs.jobs.of[rows].tolist()]
    if len(set(jobs)) > 1:
        failed = _failed(facts, rows).tolist()
        most = max(sorted(set(jobs)), key=lambda job: (_count(jobs, failed, job), jobs.count(job)))
        rows = rows[[job == most for job in jobs]]
    return rows.astype(np.int32)


def _count(jobs: list[str], failed: list[bool], wanted: str) -> int:
    return sum(bad for job, bad in zip(jobs, failed, strict=True) if job == wanted)


def _failed(facts: RunFacts, rows: Rows | NDArray[np.intp]) -> NDArray[np.bool_]:
    return among(facts.snapshot.outcome[rows], (Outcome.RERUN, *BAD))


def _cases(facts: RunFacts, rows: Rows, what: What) -> _Cases:
    failed = _failed(facts, rows)
    if what == "slow":
        rows = rows[~failed]
        own = facts.times.own[rows]
        return _Cases(rows, own >= SLOW * np.median(own) if len(own) else failed[:0], 0)
    broken = _always_fails(facts, rows, failed)
    return _Cases(rows[~broken], failed[~broken], int(np.count_nonzero(broken)))


def _always_fails(facts: RunFacts, rows: Rows, failed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which failures are at a known revision at which it failed at least twice and never passed."""
    revisions = [facts.runs.job_facts[job].revision for job in facts.runs.jobs.of[rows].tolist()]
    broken = np.zeros(len(rows), np.bool_)
    for revision in set(filter(None, revisions)):
        here = np.array([other == revision for other in revisions], np.bool_)
        broken |= here & bool(failed[here].all() and np.count_nonzero(here) > 1)
    return broken


def _window(facts: RunFacts, cases: _Cases) -> int:
    """The smaller of the median lengths of the bad and the good cases.

    All cases are looked at for the same time: longer cases meet more, which says nothing about the cause.
    """
    total = facts.times.total[cases.rows]
    sides = [total[cases.is_bad], total[~cases.is_bad]]
    return max(1, int(min((np.median(side) for side in sides if len(side)), default=0)))
