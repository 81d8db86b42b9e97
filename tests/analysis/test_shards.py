"""Which suites of a run are shards of one job: the same as compared with one job after the other."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.analysis.jobs.shards import ANY, _Jobs, _Suite
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts

FACTS = st.builds(
    lambda job, service, shard, pid: NOTHING_TOLD._replace(job=job, service=service, shard=shard, pid=pid),
    *(st.sampled_from(["", "linux"]), st.sampled_from(["", "depot"]), st.sampled_from(["", "1", "2"])),
    st.integers(0, 3),
)
SUITES = st.lists(
    st.tuples(
        FACTS, st.tuples(st.integers(0, 1), st.integers(0, 2)), st.frozensets(st.integers(0, 9), max_size=8)
    ),
    max_size=9,
)


def one_by_one(suites: list[_Suite]) -> tuple[list[int], list[int]]:
    """The job of each, and the slack of each place, by the rules as they are told."""
    jobs: list[list[_Suite]] = []
    slack, found = [ANY] * len(suites), []
    for suite in suites:
        same_service = [
            number for number, job in enumerate(jobs) if job[0].facts.service == suite.facts.service
        ]
        others = [number for number in range(len(jobs)) if number not in same_service]
        alike = [number for number in same_service + others if jobs[number][0].facts.job == suite.facts.job]
        home = next((number for number in alike if takes(jobs[number], suite, slack)), len(jobs))
        jobs += [[]] if home == len(jobs) else []
        jobs[home].append(suite)
        found.append(home)
    return found, slack


def takes(job: list[_Suite], suite: _Suite, slack: list[int]) -> bool:
    """Whether a suite belongs to a job of its name."""
    process, told = suite.facts.process, [part.facts for part in job]
    if process != NOTHING_TOLD.process and process in [facts.process for facts in told]:
        return True
    if suite.below[1] and suite.below in [part.below for part in job]:
        return True
    shards = {facts.shard for facts in told}
    if suite.facts.shard and "" not in shards:
        return suite.facts.shard not in shards
    titles, of_job = set(suite.titles.tolist()), {title for part in job for title in part.titles.tolist()}
    shared, smaller = len(titles & of_job), min(len(titles), len(of_job))
    places = [part.place for part in job] if titles or not of_job else []
    for place in [*places, *([suite.place] if of_job or not titles else [])]:
        slack[place] = min(slack[place], abs(smaller - 2 * shared) // 3)
    return 2 * shared <= smaller


@settings(max_examples=examples(60))
@given(SUITES)
def test_all_at_once_is_one_by_one(made: list[tuple[ResourceFacts, tuple[int, int], frozenset[int]]]) -> None:
    """Jobs, and how far each suite is from another one, whatever suites share."""
    suites = [
        _Suite(place, facts, below, np.array(sorted(titles), np.int32))
        for place, (facts, below, titles) in enumerate(made)
    ]
    slack = np.full(len(suites), ANY)
    jobs = _Jobs(slack, 10)
    found = [jobs.add(suite) for suite in suites]
    assert (found, slack.tolist()) == one_by_one(suites)
