"""Earlier runs that are not in the recording: the history and the pace of a run from elsewhere."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST, History, Occurrences, keys, of_occurrences
from tracetui.analysis.overview.pace import NO_PACE, NOT_DONE, Pace, curve
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

_UNKNOWN = 1 << 40
"""From here on texts are numbered that the recording does not have (yet)."""


class Baseline(Struct, frozen=True, eq=False, dict=True):
    """Runs that are over, the last to begin first: `start_ns` and `end_ns` by run, the other columns by test,
    hook, fixture or archiver. `texts` (foreign, each once) are their names.
    """

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    texts: Sequence[str]
    name: NDArray[np.int64]
    run: NDArray[np.intp]
    role: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    own_ns: NDArray[np.int64]
    total_ns: NDArray[np.int64]
    ended_ns: NDArray[np.int64]

    def history(self, snapshot: Snapshot) -> History:
        """Their history by the numbers of titles in `snapshot`: the same object while these do not change."""
        texts = snapshot.texts
        seen, numbers, history = self._last[0]
        new = {texts[number]: number for number in range(seen, len(texts)) if texts[number] in self._places}
        if new:
            numbers = numbers.copy()
            numbers[[self._places[text] for text in new]] = list(new.values())
            history = self._history.renamed(numbers)
        self._last[0] = len(texts), numbers, history
        return history

    def pace(self, past: History) -> Pace:
        """How the last of them progressed; `past` is what `history` gave."""
        if not len(past.key):
            return NO_PACE
        _, numbers, _ = self._last[0]
        tests = np.flatnonzero((self.role == Role.TEST) & (self.run < LAST) & ~among(self.outcome, NOT_DONE))
        places = np.searchsorted(past.key, keys(self.role[tests], numbers[self.name[tests]]))
        weight = np.zeros(len(past.key), np.int64)
        of_last = places[self.run[tests] == 0]
        weight[of_last] = past.total.p50_ns[of_last]
        curves = []
        for run in range(min(LAST, len(self.start_ns))):
            of_run, start = self.run[tests] == run, int(self.start_ns[run])
            ends = self.ended_ns[tests[of_run]] - start
            curves.append(curve(ends, weight[places[of_run]], int(self.end_ns[run]) - start))
        return Pace(weight, [known for known in curves if known is not None], len(of_last))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self.texts)}

    @cached_property
    def _history(self) -> History:
        """By their own numbers of texts."""
        key = keys(self.role, self.name)
        seen = Occurrences(key, self.outcome, self.own_ns, self.total_ns, self.run)
        return of_occurrences(seen, len(self.start_ns))

    @cached_property
    def _last(self) -> list[tuple[int, NDArray[np.int64], History]]:
        """How many texts were looked at, by own number that of the recording, and the history by these."""
        numbers = _UNKNOWN + np.arange(len(self.texts), dtype=np.int64)
        return [(0, numbers, self._history.renamed(numbers))]
