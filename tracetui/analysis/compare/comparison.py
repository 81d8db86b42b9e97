"""The comparison of two sides of runs: a verdict for each test, hook, fixture and archiver."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare import outcomes
from tracetui.analysis.compare.machines import Difference, differences
from tracetui.analysis.compare.sides import Side, Sides, Subject, sides
from tracetui.analysis.compare.speed import factors, logs_of
from tracetui.analysis.compare.timing import Method, Timing, timing
from tracetui.analysis.history.records import Records, RunHead
from tracetui.analysis.statistics.run_speed import medians
from tracetui.model.role import Role

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Verdict(StrEnum):
    """The verdict on a row, the loudest first; `SUSPECT` and `UNDECIDED` are no verdicts."""

    NEWLY_FAILING = "newly_failing"
    NEWLY_FLAKY = "newly_flaky"
    FIXED = "fixed"
    ADDED = "added"
    GONE = "gone"
    SLOWER = "slower"
    FASTER = "faster"
    SUSPECT = "suspect"
    UNDECIDED = "undecided"
    SAME = "same"


class Row(NamedTuple):
    """The comparison of one test, hook, fixture or archiver.

    `base_ns` and `new_ns` are medians over the runs of its own time in one (all calls together), None if it
    was not there; if it was killed it took at least so long (`is_at_least`). `ratio` is new over base with
    the speed of the runs divided out, `added_ns` what that adds to a run at the base's speed. `p` and `q` are
    None if nothing was tested. `ran` counts runs in which it ended, `bad` those in which it failed, `calls`
    its spans in a run; it `is_skipped` if it was there in some run and did not run.
    """

    subject: Subject
    verdict: Verdict
    base_ns: int | None
    new_ns: int | None
    ratio: float | None
    added_ns: int
    p: float | None
    q: float | None
    method: Method
    n_base: int
    n_new: int
    ran_base: int
    ran_new: int
    bad_base: int
    bad_new: int
    calls_base: float
    calls_new: float
    is_at_least: bool
    is_skipped: bool


class Comparison(NamedTuple):
    """Rows by added time, the most first.

    All tests together took `speed_ratio` times as long in the new runs; unless `is_speed_known`, there are
    too few tests to say. `needs` is how many runs a side needs, if it has too few. `waiting` tests of the
    base have not run in the new runs, none of which has ended.
    """

    base: Sequence[RunHead]
    new: Sequence[RunHead]
    base_runs: int
    new_runs: int
    speed_ratio: float
    is_speed_known: bool
    needs: int | None
    differences: tuple[Difference, ...]
    waiting: int
    rows: Sequence[Row]

    @property
    def suite_ns(self) -> int:
        """The duration of a run, from its start to its end: the mean over all."""
        walls = [head.end_ns - head.start_ns for head in (*self.base, *self.new)]
        return sum(walls) // max(1, len(walls))

    @property
    def workers(self) -> int:
        """The most workers that a run had."""
        return max((head.workers for head in (*self.base, *self.new)), default=1)

    def of(self, *verdicts: Verdict) -> list[Row]:
        """The rows with some verdicts, in order."""
        return [row for row in self.rows if row.verdict in verdicts]


def compare(base: Records, new: Records, *, took_turns: bool = False) -> Comparison:
    """Compares the runs `new` with `base`: O(n log n).

    If the runs of both sides `took_turns` on one machine, their speed was the same, and rank tests judge
    them.
    """
    table = sides(base, new)
    one, other = logs_of(table.base.measured_ns), logs_of(table.new.measured_ns)
    is_test = np.array([subject.role is Role.TEST for subject in table.subjects], np.bool_)
    speeds = None if took_turns else factors(one, other, is_test)
    if speeds:
        one, other = one - speeds[0], other - speeds[1]
    timings = timing(one, other, only_ranks=took_turns)
    ratio = float(np.exp(np.median(speeds[1]) - np.median(speeds[0]))) if speeds else 1.0
    rows = _rows(table, timings, ratio)
    waits = not any(head.state == "ended" for head in new.heads)
    shown = [row for row in rows if not (waits and row.verdict is Verdict.GONE)]
    return Comparison(
        base.heads,
        new.heads,
        table.base.runs,
        table.new.runs,
        ratio,
        speeds is not None,
        timings.needs,
        differences(base.heads, new.heads),
        len(rows) - len(shown),
        sorted(shown, key=lambda row: (-row.added_ns, row.subject)),
    )


def _rows(table: Sides, timings: Timing, speed: float) -> list[Row]:
    base, new = table.base, table.new
    was, is_ = _medians(base.measured_ns), _medians(new.measured_ns)
    cut_base, cut_new = _is_cut(base), _is_cut(new)
    calls_base, calls_new = _medians(_there(base.calls)), _medians(_there(new.calls))
    verdicts = _verdicts(table, timings, cut_base, cut_new)
    return [
        Row(
            subject=subject,
            verdict=verdicts[place],
            base_ns=None if np.isnan(was[place]) else round(was[place]),
            new_ns=None if np.isnan(is_[place]) else round(is_[place]),
            ratio=_number(np.exp(timings.effect[place])),
            added_ns=round(_added(was[place], is_[place], timings.effect[place], speed)),
            p=_number(timings.p[place]),
            q=_number(timings.q[place]),
            method=Method(timings.method[place]),
            n_base=int(timings.n_base[place]),
            n_new=int(timings.n_new[place]),
            ran_base=int(base.ran[place]),
            ran_new=int(new.ran[place]),
            bad_base=int(base.bad[place]),
            bad_new=int(new.bad[place]),
            calls_base=_number(calls_base[place]) or 0,
            calls_new=_number(calls_new[place]) or 0,
            is_at_least=bool(cut_base[place] or cut_new[place]),
            is_skipped=bool(base.skipped[place] or new.skipped[place]),
        )
        for place, subject in enumerate(table.subjects)
        if timings.n_base[place] or timings.n_new[place]
    ]


def _is_cut(side: Side) -> Mask:
    """By row, whether a time that counts was cut off."""
    return np.asarray((side.is_cut & ~np.isnan(side.measured_ns)).any(1))


def _there(calls: Floats) -> Floats:
    return np.where(calls > 0, calls, np.nan)


def _verdicts(table: Sides, timings: Timing, base_cut: Mask, new_cut: Mask) -> list[Verdict]:
    """The verdict of each row. A time that was cut off proves that a test is slow on that side, never that it
    is fast.
    """
    base, new = table.base, table.new
    ends = (base.bad, base.ran, new.bad, new.ran)
    slower, unknown = timings.effect > 0, np.where(timings.effect > 0, base_cut, new_cut)
    sure, suspect = timings.is_changed & ~unknown, timings.is_suspect & ~unknown
    tested = ~np.isnan(timings.p)
    names = list(Verdict)
    chosen = np.select(
        [
            timings.n_new == 0,
            timings.n_base == 0,
            outcomes.newly_failing(*ends),
            outcomes.newly_flaky(*ends),
            outcomes.fixed(*ends),
            sure & slower,
            sure,
            suspect,
            tested & ~timings.is_large,
        ],
        [names.index(verdict) for verdict in _IN_ORDER],
        names.index(Verdict.UNDECIDED),
    )
    return [names[number] for number in chosen.tolist()]


_IN_ORDER = (
    Verdict.GONE,
    Verdict.ADDED,
    Verdict.NEWLY_FAILING,
    Verdict.NEWLY_FLAKY,
    Verdict.FIXED,
    Verdict.SLOWER,
    Verdict.FASTER,
    Verdict.SUSPECT,
    Verdict.SAME,
)


def _added(base_ns: float, new_ns: float, effect: float, speed: float) -> float:
    """The time added to a run, at the speed of the base."""
    if np.isnan(base_ns):
        return 0.0 if np.isnan(new_ns) else new_ns / speed
    return -base_ns if np.isnan(new_ns) else base_ns * float(np.expm1(effect))


def _medians(values: Floats) -> Floats:
    """By row, the median of the values that are not NaN; NaN if there are none."""
    return np.where((~np.isnan(values)).any(1), medians(values, 1), np.nan)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
