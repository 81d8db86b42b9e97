"""Two sides out of one recording: a run, and an earlier one of the same name, or any other."""

from tracetui.analysis.history.records import Records
from tracetui.analysis.history.run_records import records
from tracetui.analysis.runs.runs import ALL, JOB, Runs
from tracetui.analysis.study.findings import Findings


def of_one(findings: Findings, base: int | None = None) -> tuple[Records, Records] | None:
    """The records of a base and of the shown run (or job); None if there is no such base.

    Without a `base` it is the run before, with `ALL` every other run of that name.
    """
    runs = findings.runs
    if not len(runs):
        return None
    choice = int(runs.key[runs.newest]) if findings.choice < 0 else findings.choice
    if base == ALL:
        return _all_others(findings, choice)
    before = run_before(runs, choice) if base is None or base == choice else base
    return None if before is None else (records(findings, before), records(findings, choice))


def _all_others(findings: Findings, choice: int) -> tuple[Records, Records] | None:
    """All other finished runs with the name of the chosen one."""
    new, every = records(findings, choice), records(findings)
    kinds, own = {head.kind for head in new.heads}, {head.key for head in new.heads}
    others = [
        place
        for place, head in enumerate(every.heads)
        if head.kind in kinds and head.key not in own and head.state == "ended"
    ]
    return (every.only(others), new) if others else None


def run_before(runs: Runs, choice: int) -> int | None:
    """The last earlier run with the name of the chosen one that ran tests and has ended.

    For a job of a run, it is the job of its name in that run. None if there is none.
    """
    number = runs.number(choice)
    names = runs.snapshot.title_id[runs.title_row]
    for earlier in range(number + 1, len(runs)):
        if names[earlier] == names[number] and runs.has_tests[earlier] and runs.ended[earlier]:
            key = _job_in(runs, choice, earlier) if choice >= JOB else int(runs.key[earlier])
            if key is not None:
                return key
    return None


def _job_in(runs: Runs, choice: int, number: int) -> int | None:
    """The job of run `number` with the name of the chosen one."""
    namesakes = runs.namesakes(choice)
    if namesakes is None:
        return None
    return next((runs.job_choice(job) for job in runs.jobs_of(number) if namesakes[runs.jobs.row[job]]), None)
