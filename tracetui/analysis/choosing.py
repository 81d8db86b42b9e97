"""A run or a job by what people call it: its place, its pipeline's id, its name or a part of that."""

from collections.abc import Callable, Sequence

from tracetui.analysis.runs import ALL, Runs
from tracetui.errors import InputError

MOST_TOLD = 12


def choice_of(runs: Runs, run: str | None, job: str | None) -> int | None:
    """What to choose for `run`, and in it for `job`; None where neither is asked for.

    A run is `newest`, `all`, the id of its pipeline run (`777`, or `777/2` for its second attempt), its place
    (1 is the one that began last) or a part of its name that no other has; a job likewise, 1 began first.
    Raises `InputError` where that names none, or several.
    """
    if run is None and job is None:
        return None
    if run == "all" and job is None:
        return ALL
    if not len(runs):
        raise InputError("there is no run here")
    number = runs.newest if run in (None, "newest", "all") else _run(runs, run or "")
    if job is None:
        return int(runs.key[number])
    jobs = runs.jobs_of(number)
    names = [runs.job_name(each) for each in jobs]
    facts = [runs.job_facts[each] for each in jobs]
    exact = [[each.job, each.job_id, each.shard, each.runner] for each in facts]
    return runs.job_choice(jobs[_one("job", job, names, lambda place: exact[place])])


def _run(runs: Runs, text: str) -> int:
    names = [runs.full_name(number) for number in range(len(runs))]
    facts = [runs.facts(number) for number in range(len(runs))]

    def ids(place: int) -> Sequence[str]:
        each = facts[place]
        return (each.run_id, f"{each.run_id}/{max(1, each.attempt)}") if each.run_id else ()

    return _one("run", text, names, ids)


def _one(kind: str, text: str, names: Sequence[str], ids: Callable[[int], Sequence[str]]) -> int:
    """The place that `text` means."""
    every = range(len(names))
    place = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 9 else -1
    part = text.casefold()
    found: list[int] = []
    for matches in (
        [each for each in every if text and text in ids(each)],
        [place] if place in every else [],
        [each for each in every if names[each] == text],
        [each for each in every if part in names[each].casefold()],
    ):
        if matches:
            found = matches
            break
    if len(found) == 1:
        return found[0]
    told = "; ".join(f"{each + 1}: {names[each]}" for each in (found or every)[:MOST_TOLD])
    problem = f"several {kind}s are called {text}" if found else f"no {kind} is called {text}"
    raise InputError(f"{problem}; there are {told}")
