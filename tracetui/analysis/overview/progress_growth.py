"""Updates the finished tests of a run from study to study."""

import numpy as np

from tracetui.analysis.overview.progress import Done, are_done, done, known
from tracetui.analysis.study.change import Change
from tracetui.analysis.time.times import Nanoseconds


def grown(before: Done, change: Change) -> Done:
    """The finished tests now, given those `before`."""
    last, now = change.last, change.now
    was, is_ = are_done(last.snapshot, change.were_tests), are_done(now.snapshot, change.are_tests)
    if now.history is not last.history:
        return done(now.snapshot, now.times, now.history, now.tests)
    count = before.count
    if len(count):
        count = count + known(now.snapshot, now.history, is_) - known(last.snapshot, last.history, was)
    ends = _without(before.ends, np.sort(last.times.end[was]))
    return Done(_with(ends, np.sort(now.times.end[is_])), count)


def _without(ends: Nanoseconds, gone: Nanoseconds) -> Nanoseconds:
    """Sorted values without `gone`, each removed as often as it is there."""
    if not len(gone):
        return ends
    again = np.arange(len(gone)) - np.searchsorted(gone, gone)
    return np.delete(ends, np.searchsorted(ends, gone) + again)


def _with(ends: Nanoseconds, new: Nanoseconds) -> Nanoseconds:
    """Sorted values with `new` ones, which most often come last."""
    if not len(new):
        return ends
    first = int(np.searchsorted(ends, new[0], "right"))
    last = np.sort(np.concatenate((ends[first:], new)), kind="stable")  # Timsort: that only merges them.
    return np.concatenate((ends[:first], last))
