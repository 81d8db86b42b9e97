"""The history from study to study: unchanged while earlier runs have not changed."""

import numpy as np

from tracetui.analysis.history.history import History, earlier_runs
from tracetui.analysis.runs.runs import JOB
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
    is_earlier = np.zeros(len(now.runs), np.bool_)
    is_earlier[earlier] = True
    if is_earlier[now.runs.of[change.new]].any() or not _are_same(change):
        return None
    old = change.old[is_earlier[now.runs.of[change.old]]]
    columns = [(getattr(last.snapshot, name), getattr(now.snapshot, name)) for name in _TOLD]
    columns += [(last.times.own, now.times.own), (last.times.total, now.times.total)]
    is_same = all(np.array_equal(was[old], is_[old]) for was, is_ in columns)
    return last.history if is_same else None


def _are_same(change: Change) -> bool:
    """Whether old rows are in the runs that they were in."""
    return change.runs_grew or np.array_equal(change.now.runs.of[: change.first], change.last.runs.of)
