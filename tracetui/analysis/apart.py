"""What tells runs, jobs and suites of equal titles apart: only what differs is worth a word."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from tracetui.model.resource_facts import ResourceFacts

_Tell = Callable[[ResourceFacts], str]

_RUN: tuple[_Tell, ...] = (
    lambda facts: f"run {facts.run_id}" if facts.run_id else "",
    lambda facts: f"attempt {facts.attempt}" if facts.attempt else "",
)
_JOB: tuple[_Tell, ...] = (
    lambda facts: facts.job,
    lambda facts: f"shard {facts.shard}" if facts.shard else "",
    lambda facts: facts.runner,
    lambda facts: facts.host,
    lambda facts: f"job {facts.job_id}" if facts.job_id else "",
)
_PROCESS: _Tell = lambda facts: f"pid {facts.pid}" if facts.pid else ""  # noqa: E731 - as the others


def runs_apart(titles: Sequence[Hashable], facts: Sequence[ResourceFacts]) -> list[str]:
    """For runs with these titles and the facts of one resource each: foreign text, empty where alone."""
    return _apart(titles, facts, (*_RUN, *_JOB))


def suites_apart(titles: Sequence[Hashable], facts: Sequence[ResourceFacts]) -> list[str]:
    """The same for suites or jobs; processes are told too, for these have no other start to tell them by."""
    return _apart(titles, facts, (*_RUN, *_JOB, _PROCESS))


def _apart(titles: Sequence[Hashable], facts: Sequence[ResourceFacts], tells: Sequence[_Tell]) -> list[str]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, title in enumerate(titles):
        places[title].append(place)
    found = [""] * len(titles)
    for same in places.values():
        if len(same) > 1:
            words = _differences([facts[place] for place in same], tells)
            for place, word in zip(same, words, strict=True):
                found[place] = word
    return found


def _differences(facts: Sequence[ResourceFacts], tells: Sequence[_Tell]) -> list[str]:
    """As few of `tells` as tell all apart that can be, the first ones first."""
    words: list[tuple[str, ...]] = [()] * len(facts)
    apart = 1
    for tell in tells:
        more = [(*said, tell(each)) for said, each in zip(words, facts, strict=True)]
        if len(set(more)) > apart:
            words, apart = more, len(set(more))
        if apart == len(facts):
            break
    return [" ".join(filter(None, said)) for said in words]
