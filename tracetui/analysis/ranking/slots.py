"""Groups in order of arrival: numbers that stay small, and never change."""

import numpy as np

from tracetui.analysis.ranking.rank_keys import Groups
from tracetui.analysis.ranking.splices import Places, longer
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.revisions import roomy


class Slots:
    """A slot for each group that was added, the first at 0; it is changed in place."""

    def __init__(self) -> None:
        self._of = np.empty(0, np.int32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def of(self, groups: Groups) -> Places:
        """The slots of `groups`; -1 for those without."""
        most = int(groups.max(initial=-1)) + 1
        if most > len(self._of):
            self._of = longer(self._of, roomy(most), -1)
        return self._of[groups].astype(np.intp)

    def add(self, groups: Groups) -> Groups:
        """Give slots to groups without one; returns these groups, in the order of their slots."""
        new = distinct(groups[self.of(groups) < 0])
        self._of[new] = np.arange(self._count, self._count + len(new))
        self._count += len(new)
        return new
