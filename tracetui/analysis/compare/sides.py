"""Two sides of runs as one table: a row per test, hook, fixture or archiver, a column per run."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.records import Records, RunHead
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, HookKind, Outcome, Role

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Keys = NDArray[np.int64]

_NOT_RUN = (Outcome.SKIPPED, Outcome.RERUN)
"""What says nothing of how long a test takes: skipped, or an attempt before the last."""


class Subject(NamedTuple):
    """What a row is about: `name` is foreign text, and so is `job`, which is empty if the name says all."""

    name: str
    role: Role
    is_fixture: bool
    job: str

    @property
    def kind(self) -> str:
        """`test`, `fixture`, `hook` or `archiver`."""
        return "fixture" if self.is_fixture else self.role.label


class Side(NamedTuple):
    """One side: `own_ns` has a row per subject and a column per head, NaN if it did not run.

    It is the sum over `calls` spans. If `is_cut` it was killed, or still ran: it would have taken longer. By
    row, `ran` and `bad` count runs in which it ended, and ended badly (killed is badly), `skipped` those in
    which it was there and did not run.
    """

    heads: Sequence[RunHead]
    own_ns: Floats
    calls: Floats
    is_cut: NDArray[np.bool_]
    is_bad: NDArray[np.bool_]
    ran: Counts
    bad: Counts
    skipped: Counts

    @property
    def runs(self) -> int:
        """How many runs it has: the jobs of a pipeline run are one."""
        return len(
            {
                (head.run_id, head.attempt) if head.run_id else (place,)
                for place, head in enumerate(self.heads)
            }
        )

    @property
    def measured_ns(self) -> Floats:
        """`own_ns` where it measures a duration: for what passed in some run, only those runs."""
        has_passed = (~np.isnan(self.own_ns) & ~self.is_bad).any(1, keepdims=True)
        return np.where(self.is_bad & has_passed, np.nan, self.own_ns)


class Sides(NamedTuple):
    """The subjects of a comparison, in no order, and both sides."""

    subjects: Sequence[Subject]
    base: Side
    new: Side


def sides(base: Records, new: Records) -> Sides:
    """The table of two sides: O(n log n).

    Several jobs of a run that have tests in common are a matrix: there a test is compared job by job.
    """
    by_job = _is_matrix(base) or _is_matrix(new)
    names: dict[str, int] = {}
    jobs: dict[str, int] = {}
    keys = [_keys(side, names, jobs, by_job=by_job) for side in (base, new)]
    known, first = np.unique(np.concatenate(keys), return_index=True)
    kinds = np.concatenate([base.columns.hook_kind, new.columns.hook_kind])[first]
    texts, job_texts = list(names), list(jobs)
    subjects = [
        Subject(texts[key >> 32], Role(key & 15), kind >= HookKind.FIXTURE, job_texts[(key >> 4) & 0xFFFFFFF])
        for key, kind in zip(known.tolist(), kinds.tolist(), strict=True)
    ]
    places = [np.searchsorted(known, of_side) for of_side in keys]
    return Sides(
        subjects, *(_side(side, place, len(known)) for side, place in zip((base, new), places, strict=True))
    )


def _is_matrix(side: Records) -> bool:
    """Whether several jobs of one run have tests in common."""
    of_run: dict[tuple[str, int], list[int]] = {}
    for place, head in enumerate(side.heads):
        if head.run_id:
            of_run.setdefault((head.run_id, head.attempt), []).append(place)
    tests = side.columns.role == Role.TEST
    for places in of_run.values():
        if len({side.heads[place].job for place in places}) > 1:
            rows = np.flatnonzero(tests & np.isin(side.columns.run, places))
            pairs = set(zip(side.columns.run[rows].tolist(), side.columns.name[rows].tolist(), strict=True))
            if max(Counter(name for _, name in pairs).values(), default=0) > 1:
                return True
    return False


def _keys(side: Records, names: dict[str, int], jobs: dict[str, int], *, by_job: bool) -> Keys:
    """By row its name, job and role as one number; the dictionaries number the texts."""
    name = np.array([names.setdefault(text, len(names)) for text in side.texts], np.int64)
    job = np.array([jobs.setdefault(head.job if by_job else "", len(jobs)) for head in side.heads], np.int64)
    columns = side.columns
    return np.asarray(name[columns.name] << 32 | job[columns.run] << 4 | columns.role)


def _side(side: Records, place: NDArray[np.intp], rows: int) -> Side:
    columns, shape = side.columns, (rows, len(side))
    cell = place * len(side) + columns.run
    ran = ~among(columns.outcome, _NOT_RUN)
    cut = columns.at_least | (columns.outcome == Outcome.RUNNING)
    bad = among(columns.outcome, (*BAD, Outcome.CUT_OFF))
    there, is_bad = _any(cell, ran, shape), _any(cell, bad & ran, shape)
    ended = there & ~_any(cell, columns.outcome == Outcome.RUNNING, shape)
    skipped = _any(cell, columns.outcome == Outcome.SKIPPED, shape) & ~there
    return Side(
        heads=side.heads,
        own_ns=np.where(there, _sum(cell, ran, columns.own_ns, shape), np.nan),
        calls=_sum(cell, ran, columns.count, shape),
        is_cut=_any(cell, cut & ran, shape),
        is_bad=is_bad,
        ran=np.count_nonzero(ended, axis=1),
        bad=np.count_nonzero(ended & is_bad, axis=1),
        skipped=np.count_nonzero(skipped, axis=1),
    )


def _any(cell: NDArray[np.intp], which: NDArray[np.bool_], shape: tuple[int, int]) -> NDArray[np.bool_]:
    has_any = np.bincount(cell[which], minlength=shape[0] * shape[1]) > 0
    return has_any.reshape(shape)


def _sum(
    cell: NDArray[np.intp], which: NDArray[np.bool_], values: NDArray[np.integer], shape: tuple[int, int]
) -> Floats:
    sums = np.bincount(cell[which], values[which], shape[0] * shape[1])
    return sums.astype(np.float64).reshape(shape)
