"""Which run one is held against where nobody says so: the one before it of the same name."""

from tracetui.analysis.runs.runs import JOB, Runs


def run_before(runs: Runs, choice: int) -> int | None:
    """The choice of the last earlier run of the name of the one chosen that ran tests and has ended.

    For a job of a run, it is the job of its name in that run. None where there is none.
    """
    if not len(runs):
        return None
    number = runs.number(choice)
    names = runs.snapshot.title_id[runs.title_row]
    for earlier in range(number + 1, len(runs)):
        if names[earlier] == names[number] and runs.has_tests[earlier] and runs.ended[earlier]:
            found = _job_in(runs, choice, earlier) if choice >= JOB else int(runs.key[earlier])
            if found is not None:
                return found
    return None


def _job_in(runs: Runs, choice: int, number: int) -> int | None:
    """The job of run `number` that is called as the chosen one."""
    namesakes = runs.namesakes(choice)
    if namesakes is None:
        return None
    return next((runs.job_choice(job) for job in runs.jobs_of(number) if namesakes[runs.jobs.row[job]]), None)
