"""The history from study to study: unchanged while earlier runs have not changed."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.history import History, earlier_runs
from tracetui.analysis.runs.runs import JOB, Runs
from tracetui.analysis.study.change import Change

_TOLD = ("role", "outcome", "title_id")


def grown(change: Change) -> History | None:
    """The last findings' history if it is still valid; else None."""
    last, now = change.last, change.now
    if now.baseline is not None or last.baseline is not None:
        return None
    earlier, before = earlier_runs(now.runs, now.choice), earlier_runs(last.runs, last.choice)
    if now.choice >= JOB or not np.array_equal(now.runs.row[earlier], last.runs.row[before]):
        return None
    if not len(earlier):
        return last.history
    back, was_back = _back(now.runs, earlier), _back(last.runs, before)
    if (back[now.runs.of[change.new]] >= 0).any() or not _are_same(back, was_back, change):
        return None
    old = change.old[back[now.runs.of[change.old]] >= 0]
    columns = [(getattr(last.snapshot, name), getattr(now.snapshot, name)) for name in _TOLD]
    columns += [(last.times.own, now.times.own), (last.times.total, now.times.total)]
    is_same = all(np.array_equal(was[old], is_[old]) for was, is_ in columns)
    return last.history if is_same else None


def _back(runs: Runs, earlier: NDArray[np.intp]) -> NDArray[np.intp]:
    """By run, how many of the `earlier` ones are after it; -1 for all others."""
    back = np.full(len(runs), -1, np.intp)
    back[earlier] = np.arange(len(earlier))
    return back


def _are_same(back: NDArray[np.intp], was_back: NDArray[np.intp], change: Change) -> bool:
    """Whether old rows are in the earlier runs that they were in, whose numbers may be others."""
    was, is_ = change.last.runs.of, change.now.runs.of[: change.first]
    are_numbered_alike = np.array_equal(back, was_back) and np.array_equal(is_, was)
    return are_numbered_alike or np.array_equal(back[is_], was_back[was])
