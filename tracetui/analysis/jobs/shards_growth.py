"""Updates which jobs trees belong to (`shards`), as long as nothing was added that could change it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.jobs.shards import ANY, Split, numbered, split, tells_title, with_several, with_suites
from tracetui.analysis.tree.tree import Rows
from tracetui.analysis.tree.trees import Labels
from tracetui.analysis.tree.trees_growth import Now, Passage, Places
from tracetui.model.role import Role

Mask = NDArray[np.bool_]


class Known(NamedTuple):
    """A split, and by run how many `titles` were added or removed since it was made.

    `slack` is by run the least of the trees whose tests had these.
    """

    split: Split
    titles: Mapping[int, int]
    slack: Mapping[int, int]


def known(made: Split) -> Known:
    """What is known right after a split was made."""
    return Known(made, {}, {})


def grown(
    before: Known, passage: Passage, run: Labels, suites: NDArray[np.intp], number: Labels | None
) -> Known:
    """The jobs now, made anew if need be; `run` has each tree's run, and `number`, by the number that an old
    run had, that of now: None if they are the same.
    """
    now = passage.now
    several = with_several(run, with_suites(suites, now.tree))
    if not len(several):
        return known(Split(run, several, np.full(len(run), ANY)))
    before = before if number is None else _renumbered(before, number)
    if np.array_equal(several, before.split.several) and not _are_others(passage, run, several):
        carried = Known(
            _carried(before.split, passage, run, is_same=number is None), *_titles(before, passage, run)
        )
        if all(titles < carried.slack[number] for number, titles in carried.titles.items()):
            return carried
    return known(split(now.snapshot, now.tree, run, suites))


def _renumbered(before: Known, number: Labels) -> Known:
    """The same by the numbers that runs have now; jobs are not numbered anew yet."""
    several = np.sort(number[before.split.several]).astype(np.intp)
    titles, slack = (
        {int(number[run]): count for run, count in by_run.items()} for by_run in (before.titles, before.slack)
    )
    return Known(before.split._replace(several=several), titles, slack)


def _are_others(passage: Passage, run: Labels, several: NDArray[np.intp]) -> bool:
    """Whether runs that may have several jobs have new trees, or trees whose facts have changed."""
    before, now, step = passage.before, passage.now, passage.step
    if before.snapshot.jobs != now.snapshot.jobs:
        return True
    new = _heads(now, step.new)
    old = passage.torn | _heads(now, passage.rows) | _heads(before, passage.rows)
    places = passage.place_of_new[new], passage.place[old], passage.roots[passage.was[old]]
    return bool(np.isin(run[np.concatenate(places)], several).any())


def _heads(now: Now, rows: Rows) -> Mask:
    heads: Mask = (now.tree.parent[rows] < 0) | (now.snapshot.role[rows] == Role.SUITE)
    return heads


def _carried(before: Split, passage: Passage, run: Labels, *, is_same: bool) -> Split:
    """By tree its old job; a new tree belongs to the only job of its run. Runs may have other numbers."""
    of_run = np.zeros(int(run.max(initial=-1)) + 1, np.int32)
    of_run[run[passage.roots]] = before.job
    job, slack = of_run[run], np.full(len(run), ANY)
    job[passage.roots], slack[passage.roots] = before.job, before.slack
    if not is_same:
        now = passage.now
        job = numbered(run, job, now.snapshot.start_ns[now.tree.roots])
    return Split(job, before.several, slack)


def _titles(before: Known, passage: Passage, run: Labels) -> tuple[dict[int, int], dict[int, int]]:
    """By run, the titles added and removed so far, and the least slack."""
    titles, slack = dict(before.titles), dict(before.slack)
    slack_of = np.full(len(run), ANY)
    slack_of[passage.roots] = before.split.slack
    for place in _places_of_titles(passage).tolist():
        number = int(run[place])
        titles[number] = titles.get(number, 0) + 1
        slack[number] = min(slack.get(number, ANY), int(slack_of[place]))
    return titles, slack


def _places_of_titles(passage: Passage) -> Places:
    """The place of the tree of each title that was added or removed."""
    before, now, rows = passage.before.snapshot, passage.now.snapshot, passage.rows
    was, is_ = tells_title(before, rows), tells_title(now, rows)
    same = was & is_ & (before.title_id[rows] == now.title_id[rows])
    new = passage.place_of_new[tells_title(now, passage.step.new)]
    return np.concatenate((passage.place[was & ~same], passage.place[is_ & ~same], new))
