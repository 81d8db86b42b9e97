"""Which rows of a list match the search text, and where the cursor is among them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from textual.dom import DOMNode

from tracetui.analysis.query.search import stretches_of
from tracetui.ui.feed.latest_only import LatestOnly

Places = NDArray[np.intp]
Question = tuple[str, Callable[[], Sequence[str]]]

NOWHERE: Places = np.empty(0, np.intp)


class Matching:
    """The places of labels that contain a text, computed away from the screen's thread."""

    def __init__(self, node: DOMNode, on_match: Callable[[], None]) -> None:
        self.places = NOWHERE
        self._found = on_match
        self._latest = LatestOnly(node, _matches, self._take)

    def look(self, needle: str, labels: Callable[[], Sequence[str]]) -> None:
        """Look for `needle` in `labels`, soon; an empty one matches nothing at once."""
        if needle:
            self._latest.ask((needle, labels))
        else:
            self.put(NOWHERE)

    def put(self, places: Places) -> None:
        """Take over known places, ascending."""
        self.places = places
        self._found()

    def number(self, here: int) -> int:
        """The number, from 1, of the match at `here`; 0 if it is none."""
        at = int(np.searchsorted(self.places, here))
        return at + 1 if at < len(self.places) and self.places[at] == here else 0

    def next(self, here: int, step: int) -> int | None:
        """The nearest match after `here`, or before it for a negative `step`; wraps around."""
        if not len(self.places):
            return None
        at = int(np.searchsorted(self.places, here, "right" if step > 0 else "left"))
        return int(self.places[(at if step > 0 else at - 1) % len(self.places)])

    def _take(self, answer: Places) -> None:
        self.put(answer)


def _matches(question: Question) -> Places:
    needle, labels = question
    return np.array([place for place, label in enumerate(labels()) if stretches_of(needle, label)], np.intp)
