"""Distinguishes runs, jobs, suites and lanes of equal titles: only differences are mentioned."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import numpy as np

from tracetui import units
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

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


def runs_apart(snapshot: Snapshot, titles: Sequence[Hashable], rows: Sequence[int]) -> list[str]:
    """What distinguishes runs with these titles, described by these `rows`: foreign text, empty for a unique
    title.
    """
    return _apart(snapshot, titles, rows, is_run=True)


def suites_apart(snapshot: Snapshot, titles: Sequence[Hashable], rows: Sequence[int]) -> list[str]:
    """The same for suites or jobs: also by where their files are, and their processes.

    Their starts do not distinguish them.
    """
    return _apart(snapshot, titles, rows, is_run=False)


def names_apart(snapshot: Snapshot, rows: Sequence[int], within: Sequence[Hashable] = ()) -> list[str]:
    """Unique names for suites or their stand-ins (`rows`) among those of one of `within`.

    The title; for suites of one title what distinguishes them, else a number: foreign text. Beside stand-ins
    for suites that are missing, which have no title, all are told apart as if they had one.
    """
    groups = within or [0] * len(rows)
    own = [snapshot.title(row) if snapshot.role[row] == Role.SUITE else "" for row in rows]
    missing = {group for group, title in zip(groups, own, strict=True) if not title}
    titles = ["" if group in missing else title for group, title in zip(groups, own, strict=True)]
    several = {key for key, count in Counter(zip(groups, titles, strict=True)).items() if count > 1}
    words = suites_apart(snapshot, list(zip(groups, titles, strict=True)), rows)
    names = [
        word or ("" if title and (group, title) in several else of_suite)
        for group, title, word, of_suite in zip(groups, titles, words, own, strict=True)
    ]
    return _numbered(groups, names)


def _numbered(groups: Sequence[Hashable], names: Sequence[str]) -> list[str]:
    """The names; equal ones are numbered."""
    alike, seen = Counter(zip(groups, names, strict=True)), Counter[tuple[Hashable, str]]()
    numbered = []
    for key in zip(groups, names, strict=True):
        seen[key] += 1
        numbered.append(" ".join(filter(None, (key[1], str(seen[key])))) if alike[key] > 1 else key[1])
    return numbered


def _apart(snapshot: Snapshot, titles: Sequence[Hashable], rows: Sequence[int], *, is_run: bool) -> list[str]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, title in enumerate(titles):
        places[title].append(place)
    differences = [""] * len(titles)
    for same in places.values():
        if len(same) > 1:
            words = _differences(_told(snapshot, [rows[place] for place in same], is_run=is_run))
            for place, word in zip(same, words, strict=True):
                differences[place] = word
    return differences


def _told(snapshot: Snapshot, rows: Sequence[int], *, is_run: bool) -> Iterator[list[str]]:
    """What can be said of each row, the most telling first."""
    facts = [snapshot.resource(row) for row in rows]
    for tell in (*_RUN, *_JOB):
        yield [tell(resource) for resource in facts]
    if is_run:
        yield _of_undated(snapshot, rows, _directories(snapshot, rows))
        yield _of_undated(snapshot, rows, _files(snapshot, rows))
    else:
        yield _directories(snapshot, rows)
        yield [_PROCESS(resource) for resource in facts]


def _of_undated(snapshot: Snapshot, rows: Sequence[int], words: Sequence[str]) -> list[str]:
    """These words for runs that have no date, which would tell them apart; empty ones for the others."""
    dated = (snapshot.start_ns[np.asarray(rows)] >= units.NO_EPOCH).tolist()
    return ["" if is_dated else word for word, is_dated in zip(words, dated, strict=True)]


def _files(snapshot: Snapshot, rows: Sequence[int]) -> list[str]:
    return [snapshot.sources[snapshot.origin(row).source].rpartition("/")[2] for row in rows]


def _differences(descriptions: Iterable[list[str]]) -> list[str]:
    """The fewest descriptions that distinguish all rows that can be distinguished, in order of preference."""
    words: list[tuple[str, ...]] = []
    apart = 1
    for said in descriptions:
        words = words or [()] * len(said)
        more = [(*before, word) for before, word in zip(words, said, strict=True)]
        if len(set(more)) > apart:
            words, apart = more, len(set(more))
        if apart == len(words):
            break
    return [" ".join(filter(None, said)) for said in words]


def _directories(snapshot: Snapshot, rows: Sequence[int]) -> list[str]:
    """The first part in which the paths of their files' directories differ."""
    paths = [snapshot.sources[snapshot.origin(row).source].split("/")[:-1] for row in rows]
    shortest = min(map(len, paths), default=0)
    at = next((at for at in range(shortest) if len({path[at] for path in paths}) > 1), shortest)
    return [path[at] if at < len(path) else "" for path in paths]
