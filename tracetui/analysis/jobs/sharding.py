"""The shards of jobs: what one process, or one part of a job that CI split, ran."""

from collections import defaultdict
from collections.abc import Hashable
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.jobs.jobs import Jobs
from tracetui.analysis.jobs.processes import processes
from tracetui.analysis.jobs.shards import with_suites
from tracetui.analysis.runs.apart import names_apart
from tracetui.analysis.runs.losses import Losses
from tracetui.analysis.runs.summarising import Summaries
from tracetui.analysis.runs.summary import Summary
from tracetui.analysis.tree.tree import Tree
from tracetui.analysis.tree.trees import Labels
from tracetui.model.resource_facts import ResourceFacts
from tracetui.store.snapshot import Snapshot


def shard_labels(snapshot: Snapshot, tree: Tree, job_of: Labels, suites: NDArray[np.intp]) -> Labels:
    """By tree the number of its shard, without gaps: first by job, then by start. `job_of` has each row's
    job.

    A tree with a suite belongs to the shard that its resource names, else to its process's; others join the
    shard of their process, else the first of their job. O(n), with a loop over trees.
    """
    roots = tree.roots
    keys = _keys(snapshot, tree, job_of)
    has_suite = with_suites(suites, tree)
    start = snapshot.start_ns[roots]
    order = np.lexsort((start, ~has_suite, job_of[roots])).tolist()
    numbers: dict[Hashable, int] = {}
    first: dict[int, int] = {}
    shard = np.zeros(len(roots), np.int32)
    for place in order:
        job = int(job_of[roots[place]])
        if has_suite[place] or job not in first:
            shard[place] = numbers.setdefault(keys[place], len(numbers))
            first.setdefault(job, int(shard[place]))
        else:
            shard[place] = numbers.get(keys[place], first[job])
    return shard


def _keys(snapshot: Snapshot, tree: Tree, job_of: Labels) -> list[Hashable]:
    """By tree a key that all trees of one shard share."""
    process = processes(snapshot)
    shards = [snapshot.resource(row).shard for row in tree.roots.tolist()]
    return [
        (int(job_of[row]), shard, -1 if shard else int(process[snapshot.origin_id[row]]))
        for row, shard in zip(tree.roots.tolist(), shards, strict=True)
    ]


class Shards(Struct, frozen=True, eq=False, dict=True):
    """The shards of all jobs; `columns` are like those of jobs, `jobs_of` has each row's job."""

    snapshot: Snapshot
    columns: Jobs
    jobs_of: Labels

    @property
    def of(self) -> Labels:
        """By row, its shard."""
        return self.columns.of

    @cached_property
    def job(self) -> list[int]:
        """By shard, its job."""
        jobs: list[int] = self.jobs_of[self.columns.row].tolist()
        return jobs

    def of_job(self, job: int) -> list[int]:
        """The shards of a job, if there are several."""
        shards = self._by_job.get(job, [])
        return shards if len(shards) > 1 else []

    def summary(self, shard: int) -> Summary:
        """The summary of a shard."""
        return self._summaries.summary(slice(shard, shard + 1), self.name(shard))

    def losses(self, shard: int) -> Losses:
        """What is missing from the recording, from a shard's point of view."""
        return self._summaries.losses(slice(shard, shard + 1))

    def name(self, shard: int) -> str:
        """The name of a shard among the others of its job: foreign text."""
        return self._names[shard]

    def facts(self, shard: int) -> ResourceFacts:
        """The facts in the resource of its longest suite."""
        return self.snapshot.resource(int(self.columns.title_row[shard]))

    @cached_property
    def _by_job(self) -> dict[int, list[int]]:
        by_job = defaultdict(list)
        for shard, job in enumerate(self.job):
            by_job[job].append(shard)
        return by_job

    @cached_property
    def _names(self) -> list[str]:
        return names_apart(self.snapshot, self.columns.title_row.tolist(), self.job)

    @cached_property
    def _summaries(self) -> Summaries:
        return Summaries(self.snapshot, self.columns)
