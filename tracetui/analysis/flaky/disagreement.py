"""Where the same code gave two outcomes of a test: in one run, by a rerun, or in two runs."""

import numpy as np
from msgspec import Struct

from tracetui.analysis.flaky.attempts import Attempts, Mask, Numbers, group


class Disagreement(Struct, frozen=True, eq=False):
    """By attempt (see `Attempts`), what contradicts it.

    `code_group` numbers its test at its code, `passed_again` says that it passed after it had failed in its
    run. `contrast` is an attempt that passed at the same code in another run, which contradicts this failure;
    -1 if there is none. `is_flaky` marks every attempt at a test at code at which anything is contradicted.
    """

    code_group: Numbers
    passed_again: Mask
    contrast: Numbers
    is_flaky: Mask


def disagreement(of: Attempts) -> Disagreement:
    """Which attempts contradict each other: O(n log n).

    A name that ran several times in a run without being rerun may stand for several tests (a parameter that
    is not part of the name): then only a different number of failures among as many attempts is a
    contradiction.
    """
    code_group = group(of.test, of.code)
    run_group = group(of.test, of.columns.run)
    passed_again = ~of.is_bad & (of.columns.attempt > 1)
    contrast = _contrasts(of, code_group, run_group)
    is_known = np.zeros(int(code_group.max(initial=-1)) + 1, np.bool_)
    is_known[code_group[passed_again | (contrast >= 0)]] = True
    return Disagreement(code_group, passed_again, contrast, is_known[code_group])


def _contrasts(of: Attempts, code_group: Numbers, run_group: Numbers) -> Numbers:
    """For each last attempt that failed, a passed one of the first run that had fewer failures."""
    runs = int(run_group.max(initial=-1)) + 1
    several = np.bincount(run_group[of.is_last], minlength=runs)
    failed = np.bincount(run_group[of.is_last & of.is_bad], minlength=runs)
    comparable = group(code_group, several[run_group])
    least = np.full(int(comparable.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, comparable[of.is_last], failed[run_group[of.is_last]])
    is_best = of.is_last & ~of.is_bad & (failed[run_group] == least[comparable])
    better = np.full(len(least), -1, np.int64)
    rows = np.flatnonzero(is_best)[::-1]  # The first one is put last, and stays.
    better[comparable[rows]] = rows
    is_worse = of.is_last & of.is_bad & (failed[run_group] > least[comparable])
    return np.where(is_worse, better[comparable], -1)
