"""Updates a ranking: what has changed is subtracted, and added again.

The result is exactly that of a new ranking.
"""

import numpy as np

from tracetui.analysis.ranking.grown_ranking import GrownRanking
from tracetui.analysis.ranking.ranked_rows import Mask, Subject, changed, ranked_rows
from tracetui.analysis.ranking.ranking import Ranking
from tracetui.analysis.ranking.ranking_order import By

MOST_OWN_TIME = By("own_ns")


class RankingGrowth:
    """Makes one ranking after the other; `grew` says whether the last one was an update."""

    def __init__(self) -> None:
        self.grew = False
        self._last: GrownRanking | None = None

    def __call__(self, subject: Subject, by: str, only: Mask | None, order: By = MOST_OWN_TIME) -> Ranking:
        """The ranking of a subject by one of `GROUPINGS`, in some order.

        `only` marks, by row, what a run or a filter includes; without it everything counts. The last runs are
        counted back from the chosen run, whatever `only` says; those of a job by jobs of its name.
        """
        last, self._last = self._last, None  # It is changed in place: what goes wrong leaves nothing behind.
        if last and not last.goes_on(subject, by):
            last = None
        grown = last or GrownRanking(subject, by)
        rows = ranked_rows(subject, grown.grouping, only)
        old = changed(grown.rows, rows) if grown.rows else np.empty(0, np.intp)
        if old is None:
            last, grown, old = None, GrownRanking(subject, by), np.empty(0, np.intp)
        self.grew = last is not None
        ranking = grown.go_on(subject, rows, old, order)
        self._last = grown
        return ranking
