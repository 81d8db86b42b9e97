"""Updates the facts about whole trees (`trees`) from the last ones and the changed rows."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.runs.pipelines import Pipelines
from tracetui.analysis.study.step import Step
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.trees import Counts, Trees, place_of
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

Places = NDArray[np.intp]

_LARGEST_PART = 8
"""Where more than such a part of all spans is to be looked at, all are."""
_GATHER = {
    "first": np.minimum,
    "start_ns": np.minimum,
    "ended_ns": np.maximum,
    "spans": np.add,
    "tests": np.add,
    "told": np.maximum,
}
_EXTREMES = ("first", "start_ns", "ended_ns", "told")
_NOTHING = {np.minimum: np.iinfo(np.int64).max, np.maximum: np.iinfo(np.int64).min, np.add: 0}


class Now(NamedTuple):
    """The results of a study that runs are found from."""

    snapshot: Snapshot
    tree: Tree
    times: Times
    uncounted: Uncounted | None
    pipelines: Pipelines

    @property
    def nested(self) -> NDArray[np.bool_] | None:
        """By row, whether it counts nowhere; None if all count."""
        return self.uncounted.nested if self.uncounted else None

    def each(self, rows: Rows) -> Trees:
        """What each of `rows` contributes to its tree."""
        role, start = self.snapshot.role[rows], self.snapshot.start_ns[rows]
        return Trees(
            first=rows.astype(np.int64),
            start_ns=start,
            ended_ns=np.where(self.snapshot.end_ns[rows] == 0, start, self.times.end[rows]),
            spans=(role != Role.OTHER).astype(np.int64),
            tests=(role == Role.TEST).astype(np.int64),
            told=self.pipelines.of(rows, self.snapshot),
        )


class Passage(Struct, frozen=True, eq=False, dict=True):
    """From the results of one study to those of the next: the old `rows` have changed."""

    step: Step
    before: Now
    now: Now
    rows: Rows

    @property
    def is_long(self) -> bool:
        """Whether so much was added that looking at everything costs no more."""
        return _is_much(len(self.rows) + len(self.step.new), self.now)

    @cached_property
    def roots(self) -> Places:
        """For each old root, the index of the root that it is now below."""
        before, now = self.before.tree.roots, self.now.tree.roots
        return np.arange(len(now)) if np.array_equal(before, now) else place_of(before, self.now.tree)

    @cached_property
    def was(self) -> Places:
        """For each changed row, the index of its old root."""
        return place_of(self.rows, self.before.tree)

    @cached_property
    def place(self) -> Places:
        """For each changed row, the index of its present root."""
        return place_of(self.rows, self.now.tree)

    @cached_property
    def place_of_new(self) -> Places:
        """By new row, the place of its root."""
        return place_of(self.step.new, self.now.tree)

    @cached_property
    def torn(self) -> NDArray[np.bool_]:
        """For each changed row, whether it left the tree that its old root is in."""
        torn: NDArray[np.bool_] = self.place != self.roots[self.was]
        return torn


def changed(step: Step, now: Now, before: Now) -> Rows:
    """The old rows that were written to, or count differently: ascending."""
    changes = [step.rows]
    one, other = before.snapshot, now.snapshot
    for name in ("start_ns", "end_ns", "role", "outcome"):
        was, is_ = getattr(one, name), getattr(other, name)
        if was is not getattr(step.last.written, name) or is_ is not getattr(step.written, name):
            changes.append(_other(was, is_))
    if one.start_ns is not step.last.written.start_ns or other.start_ns is not step.written.start_ns:
        changes.append(_other(before.times.end[:], now.times.end[:]))
    if before.uncounted or now.uncounted:
        none = np.zeros(len(other), np.bool_)
        was, is_ = (none if side.nested is None else side.nested for side in (before, now))
        changes.append(_other(was[: len(one)], is_))
    return step.rows if len(changes) == 1 else distinct(np.concatenate(changes))


def _other(was: NDArray[np.generic], is_: NDArray[np.generic]) -> Rows:
    return np.flatnonzero(was != is_[: len(was)]).astype(np.int32)


def grown(trees: Trees, passage: Passage) -> Trees | None:
    """The facts about trees now; None if too much must be looked at."""
    columns = _carried(trees, passage)
    again = _changed_rows(columns, trees, passage)
    _add(columns, passage.place_of_new, passage.now.each(passage.step.new))
    return Trees(**columns) if _look_again(columns, again, passage.now) else None


def _carried(trees: Trees, passage: Passage) -> dict[str, Counts]:
    """The columns of the present trees, from those of the trees that they were made of."""
    count = len(passage.now.tree.roots)
    columns = {}
    for name, gather in _GATHER.items():
        columns[name] = np.full(count, _NOTHING[gather])
        gather.at(columns[name], passage.roots, getattr(trees, name))
    return columns


def _changed_rows(columns: dict[str, Counts], trees: Trees, passage: Passage) -> Places:
    """Replace the contributions of changed rows; returns the trees that must be looked at again."""
    was, now = passage.before.each(passage.rows), passage.now.each(passage.rows)
    place = passage.roots[passage.was]
    again = [place[passage.torn], passage.place[passage.torn]]
    for name in _EXTREMES:
        one, other = getattr(was, name), getattr(now, name)
        less = other > one if _GATHER[name] is np.minimum else other < one
        again.append(place[less & (one == getattr(trees, name)[passage.was])])
    for name in ("spans", "tests"):
        np.subtract.at(columns[name], place, getattr(was, name))
    _add(columns, place, now)
    return distinct(np.concatenate(again))


def _add(columns: dict[str, Counts], place: Places, trees: Trees) -> None:
    for name, gather in _GATHER.items():
        gather.at(columns[name], place, getattr(trees, name))


def _look_again(columns: dict[str, Counts], places: Places, now: Now) -> bool:
    """Recompute the trees at these indices; False if they are too large."""
    roots = now.tree.roots[places]
    if _is_much(int(now.tree.size[roots].sum()), now):
        return False
    for place, root in zip(places.tolist(), roots.tolist(), strict=True):
        trees = now.each(now.tree.subtree(root))
        for name, gather in _GATHER.items():
            columns[name][place] = gather.reduce(getattr(trees, name))
    return True


def _is_much(rows: int, now: Now) -> bool:
    return rows > 1000 + len(now.snapshot) // _LARGEST_PART
