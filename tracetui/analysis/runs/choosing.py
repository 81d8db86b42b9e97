"""Finds a run or a job by its place, its pipeline's id, its name or a part of that."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tracetui.analysis.runs.runs import ALL, Runs
from tracetui.errors import InputError

MOST_TOLD = 12


def choice_of(runs: Runs, run: str | None, job: str | None) -> int | None:
    """The choice for `run`, and in it for `job`; None if neither is given.

    A run is `newest`, `all`, the id of its pipeline run (`777`, or `777/2` for its second attempt) or of its
    trace, its place (1 is the one that began last) or a part of its name that no other has; a job likewise, 1
    began first. One shard of a job is chosen as if it were a job: by its shard, its runner or a part of its
    name.

    Raises `InputError` if that names none, or several.
    """
    if run is None and job is None:
        return None
    if run == "all" and job is None:
        return ALL
    if not len(runs):
        raise InputError("there are no runs here")
    number = runs.newest if run in (None, "newest", "all") else _run(runs, run or "")
    if job is None:
        return int(runs.key[number])
    parts = [part for one in runs.jobs_of(number) for part in _parts(runs, one)]
    parts.sort(key=lambda part: part.is_shard)
    several = sum(not part.is_shard for part in parts)
    names = [part.name for part in parts]
    return parts[one_of("job", job, names, lambda place: parts[place].ids, several)].choice


class _Part(NamedTuple):
    """A job or a shard of one: its name, its other names, and its choice."""

    name: str
    ids: tuple[str, ...]
    choice: int
    is_shard: bool


def _parts(runs: Runs, job: int) -> Iterator[_Part]:
    """A job, and its shards if there are several."""
    facts, shards, name = runs.job_facts[job], runs.shards_of(job), runs.job_name(job)
    whole = (facts.job, facts.job_id)
    alone = () if shards else (facts.shard, facts.runner)
    yield _Part(name, (*whole, *alone), runs.job_choice(job), is_shard=False)
    for shard in shards:
        of_shard = runs.shards.facts(shard)
        full = f"{name} {runs.shards.name(shard)}"
        yield _Part(
            full,
            (of_shard.shard, of_shard.runner, f"{of_shard.job} {of_shard.shard}"),
            runs.shard_choice(shard),
            is_shard=True,
        )


def _run(runs: Runs, text: str) -> int:
    names = [runs.full_name(number) for number in range(len(runs))]
    facts = [runs.facts(number) for number in range(len(runs))]

    def ids(place: int) -> Sequence[str]:
        run_facts, trace_id = facts[place], runs.snapshot.trace_id(int(runs.title_row[place]))
        pipeline = (
            (run_facts.run_id, f"{run_facts.run_id}/{max(1, run_facts.attempt)}") if run_facts.run_id else ()
        )
        return (*pipeline, trace_id)

    return one_of("run", text, names, ids)


def one_of(
    kind: str,
    text: str,
    names: Sequence[str],
    ids: Callable[[int], Sequence[str]],
    numbered: int | None = None,
) -> int:
    """The index of what `text` means; only the first `numbered` have a number.

    Raises `InputError`, which lists the candidates, if that is none or several.
    """
    every = range(len(names))
    first = every[:numbered]
    place = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 9 else -1
    part = text.casefold()
    chosen: list[int] = []
    for matches in (
        [number for number in every if text and text in ids(number)],
        [place] if place in first else [],
        [number for number in every if names[number] == text],
        [number for number in every if part in names[number].casefold()],
    ):
        if matches:
            chosen = matches
            break
    if len(chosen) == 1:
        return chosen[0]
    places = (chosen or every)[:MOST_TOLD]
    listed = "; ".join(
        f"{number + 1}: {names[number]}" if number in first else names[number] for number in places
    )
    problem = f"several {kind}s are called {text}" if chosen else f"no {kind} is called {text}"
    raise InputError(f"{problem}; known are {listed}")
