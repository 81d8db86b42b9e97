"""The records of a recording's runs, from its findings: whole columns at once, a loop over jobs only."""

from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, Variant
from tracetui.analysis.jobs.processes import processes
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.lanes.lanes import lanes as lanes_of
from tracetui.analysis.lanes.sums import at_once
from tracetui.analysis.ranking.occurrences import of_derived
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.runs.runs import ALL, Runs
from tracetui.analysis.study.findings import Findings
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import WORK, HookKind, Outcome, Role

_WORST_LAST = (Outcome.PASSED, Outcome.RUNNING, Outcome.CUT_OFF, Outcome.FAILED, Outcome.ERROR)
_BADNESS = np.zeros(len(Outcome), np.uint8)
_BADNESS[list(_WORST_LAST)] = np.arange(1, len(_WORST_LAST) + 1)


def records(findings: Findings, choice: int = ALL, *, workers: bool = True) -> Records:
    """The records of the runs that ran tests, or of one chosen run or job: O(n log n).

    Without `workers` their heads have 0: to know them takes lanes, most of the time of all.
    """
    runs = findings.runs
    within = runs.mask(choice) if choice != ALL else None
    jobs, title, columns = _spans(findings, within)
    order = jobs_with_tests(runs, within)
    place = np.full(len(runs.jobs.row), -1, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    of = place[jobs]
    names, name = np.unique(title[of >= 0], return_inverse=True)
    columns = replace(columns, run=of).only(of >= 0)
    columns = replace(columns, name=name.astype(np.int32))
    numbers = workers_of_jobs(findings) if workers else np.zeros(len(runs.jobs.row), np.int64)
    heads = _heads(runs, order, numbers)
    texts = [_text(findings, number) for number in names.tolist()]
    return Records(heads, texts, columns.only(np.lexsort((columns.name, columns.role, columns.run))))


def jobs_with_tests(runs: Runs, within: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """The jobs that have a record: those that ran tests, the first to begin first."""
    ran = runs.jobs.outcomes.sum(axis=1) > 0
    if within is not None:
        ran &= np.bincount(runs.jobs.of[within], minlength=len(ran)) > 0
    jobs = np.flatnonzero(ran)
    return jobs[np.argsort(runs.jobs.start_ns[jobs], kind="stable")]


def _text(findings: Findings, title: int) -> str:
    return findings.snapshot.texts[title] if title >= 0 else (BEFORE_TEST, AFTER_TEST)[title + 2]


def _spans(
    findings: Findings, within: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int32], NDArray[np.int64], Columns]:
    """By row its job, its title (-2 and -1 are hooks derived before and after tests), and the columns."""
    snapshot, of = findings.snapshot, findings.runs.jobs.of
    meant = among(snapshot.role, WORK)
    rows = np.flatnonzero(meant if within is None else meant & within)
    gaps = of_derived(snapshot, findings.tree, findings.times)
    if within is not None:
        gaps = gaps.only(within[gaps.row])
    host = gaps.row
    outcome, hooks = snapshot.outcome[rows], np.full(len(host), Role.HOOK, np.uint8)
    bound = snapshot.timed_out[rows] | among(outcome, (Outcome.CUT_OFF, Outcome.RUNNING))
    pairs = {
        "role": (snapshot.role[rows], hooks),
        "hook_kind": (snapshot.hook_kind[rows], np.full(len(host), HookKind.PROJECT, np.uint8)),
        "outcome": (outcome, np.full(len(host), Outcome.UNKNOWN, np.uint8)),
        "at_least": (bound, np.zeros(len(host), np.bool_)),
        "own_ns": (findings.times.own[rows], gaps.own),
        "total_ns": (findings.times.total[rows], gaps.total),
    }
    columns = {name: np.concatenate(pair) for name, pair in pairs.items()}
    size = len(rows) + len(host)
    columns |= {name: np.ones(size, DTYPES[name]) for name in ("run", "name", "attempt", "count")}
    job = np.concatenate((of[rows], of[host]))
    title = np.concatenate((snapshot.title_id[rows].astype(np.int64), gaps.group - 2))
    start = snapshot.start_ns[np.concatenate((rows, host))]
    return _added_up(job, title, start, Columns(**columns))


def _added_up(
    job: NDArray[np.int32], title: NDArray[np.int64], start: NDArray[np.int64], columns: Columns
) -> tuple[NDArray[np.int32], NDArray[np.int64], Columns]:
    """Tests one by one, with their attempts; hooks, fixtures and archivers of one title summed."""
    order = np.lexsort((start, title, columns.hook_kind, columns.role, job))
    job, title, columns = job[order], title[order], columns.only(order)
    new = np.ones(len(job), np.bool_)
    for column in (job, title, columns.hook_kind, columns.role):
        new[1:] &= column[1:] == column[:-1]
    new[1:] = ~new[1:]
    attempt = _attempts(columns, new)
    first = np.flatnonzero(new | (columns.role == Role.TEST))
    if not len(first):
        return job, title, columns
    badness = np.maximum.reduceat(_BADNESS[columns.outcome], first)
    worst = np.where(badness, np.array((0, *_WORST_LAST), np.uint8)[badness], columns.outcome[first])
    together: dict[str, Any] = {
        "outcome": worst.astype(np.uint8),
        "attempt": attempt[first],
        "at_least": np.logical_or.reduceat(columns.at_least, first),
        "count": np.add.reduceat(columns.count, first, dtype=np.int32),
        "own_ns": np.add.reduceat(columns.own_ns, first),
        "total_ns": np.add.reduceat(columns.total_ns, first),
    }
    return job[first], title[first], replace(columns.only(first), **together)


def _attempts(columns: Columns, new: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Which attempt at its test each row is; `new` rows are of another test than the row before.

    One name may stand for several tests: after a last attempt the count starts again.
    """
    first = first_attempts(new, columns.outcome)
    row = np.arange(len(new), dtype=np.int32)
    attempt: NDArray[np.int32] = row - np.maximum.accumulate(np.where(first, row, 0)) + np.int32(1)
    return attempt


def first_attempts(new: NDArray[np.bool_], outcome: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows are the first attempt at a test: `new` ones, and those after a last attempt."""
    first = new.copy()
    first[1:] |= outcome[:-1] != Outcome.RERUN
    return first


def _heads(runs: Runs, jobs: NDArray[np.intp], workers: NDArray[np.int64]) -> list[RunHead]:
    run = np.repeat(np.arange(len(runs)), np.diff(runs.first_job))
    return [_head(runs, job, int(run[job]), int(workers[job])) for job in jobs.tolist()]


def _head(runs: Runs, job: int, run: int, workers: int) -> RunHead:
    summary, facts = runs.job(job), runs.job_facts[job]
    return RunHead(
        suite=summary.name,
        job=facts.job,
        run_id=facts.run_id,
        attempt=max(1, facts.attempt),
        start_ns=summary.start_ns,
        end_ns=summary.end_ns,
        state=summary.state,
        outcome=summary.outcome,
        revision=facts.revision,
        branch=facts.branch,
        variant=Variant(facts.runtime, facts.system, facts.cores, facts.image, facts.machine),
        workers=workers,
        tests=summary.tests,
        key=runs.job_choice(job) if len(runs.jobs_of(run)) > 1 else int(runs.key[run]),
    )


def workers_of_jobs(findings: Findings) -> NDArray[np.int64]:
    """By job, its number of workers: as its suites say, else as many of those that are named as existed at
    the same time; at least one.
    """
    declared, workers = _declared(findings), _named(findings)
    several = (declared == 0) & (workers > 1)
    for job, lanes in _lanes(findings, several).items() if several.any() else ():
        workers[job] = at_once(lanes)
    return np.maximum(np.where(declared > 0, declared, workers), 1)


def _declared(findings: Findings) -> NDArray[np.int64]:
    """By job, what its suites say, summed over its processes: the suites of one run after each other."""
    snapshot, of, suites = findings.snapshot, findings.runs.jobs.of, findings.runs.suites
    jobs = len(findings.runs.jobs.row)
    said = np.array([snapshot.workers.get(int(snapshot.key[row]), 0) for row in suites], np.int64)
    process = processes(snapshot)[snapshot.origin_id[suites]].astype(np.int64)
    where, number = np.unique(process * jobs + of[suites], return_inverse=True)
    most = np.zeros(len(where), np.int64)
    np.maximum.at(most, number, said)
    return np.bincount(where % max(1, jobs), most, jobs).astype(np.int64)


def _named(findings: Findings) -> NDArray[np.int64]:
    """By job, how many workers its tests name, each process having its own."""
    snapshot, of = findings.snapshot, findings.runs.jobs.of
    tests = np.flatnonzero(snapshot.role == Role.TEST)
    named = np.array([bool(text) for text in snapshot.texts], np.bool_)[snapshot.worker_id[tests]]
    tests = tests[named]
    process = processes(snapshot)
    texts = len(snapshot.texts)
    places = (int(process.max(initial=0)) + 1) * texts
    lane = process[snapshot.origin_id[tests]].astype(np.int64) * texts + snapshot.worker_id[tests]
    jobs = len(findings.runs.jobs.row)
    return np.bincount(distinct(of[tests] * np.int64(places) + lane) // max(1, places), minlength=jobs)


def _lanes(findings: Findings, meant: NDArray[np.bool_]) -> dict[int, list[Lane]]:
    """The lanes of named workers, by job, of the jobs that are `meant`."""
    of = findings.runs.jobs.of
    made = lanes_of(findings.snapshot, findings.tree, findings.times, meant[of], clocks=findings.clocks)
    by_job: dict[int, list[Lane]] = {}
    for lane in made.lanes:
        if not lane.packed:
            by_job.setdefault(int(of[lane.rows[0]]), []).append(lane)
    return by_job
