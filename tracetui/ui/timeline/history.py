"""Where the user has been: back and forward, as in a browser."""

from typing import NamedTuple

from tracetui.analysis.timeline.window import Window

MOST = 200


class Place(NamedTuple):
    """A stretch of time, None for the whole, and the node under the cursor, if any."""

    window: Window | None
    node: int | None


class History:
    """Places behind and ahead; small steps of one kind (a turning wheel) count as one."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._step = ""

    def leave(self, here: Place, step: str = "") -> None:
        """The user goes on from `here`, by a small `step` or by a jump."""
        if not (step and step == self._step):
            self._behind = [*self._behind[1 - MOST :], here]
        self._step = step
        self._ahead.clear()

    def back(self, here: Place) -> Place | None:
        """Where the user was before, if anywhere."""
        return self._go(self._behind, self._ahead, here)

    def forth(self, here: Place) -> Place | None:
        """Where the user went back from, if anywhere."""
        return self._go(self._ahead, self._behind, here)

    def _go(self, source: list[Place], other: list[Place], here: Place) -> Place | None:
        self._step = ""
        if not source:
            return None
        other.append(here)
        return source.pop()
