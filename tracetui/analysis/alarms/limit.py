"""Whether a run keeps a time limit: by its duration so far, and by its ETA."""

from typing import Literal, NamedTuple

from tracetui.analysis.overview.progress import Progress
from tracetui.analysis.runs.summary import Summary

State = Literal["kept", "breached", "will breach", "may breach", "will keep", "no forecast"]


class Kept(NamedTuple):
    """How a run compares with `limit_ns`: it has taken `so_far_ns` and is expected to take `expected_ns`.

    `expected_ns` is None if unknown; for a run that is not `live` it is `so_far_ns`. A live run will breach
    the limit if even the early end of its ETA is too late, and may if only the late end is.
    """

    state: State
    limit_ns: int
    so_far_ns: int
    expected_ns: int | None
    live: bool

    @property
    def over_ns(self) -> int:
        """By how much it exceeds, or is expected to exceed, the limit; 0 if it does not."""
        return max(0, max(self.so_far_ns, self.expected_ns or 0) - self.limit_ns)


def against(limit_ns: int, summary: Summary, progress: Progress, now_ns: int) -> Kept:
    """How a run compares with a limit at `now_ns`; a run of exactly that duration keeps it."""
    live = summary.is_live
    so_far = max(0, (max(now_ns, summary.end_ns) if live else summary.end_ns) - summary.start_ns)
    expected = so_far if not live else None if progress.eta_ns is None else so_far + progress.eta_ns
    return Kept(_state(limit_ns - so_far, progress, live=live), limit_ns, so_far, expected, live)


def _state(left_ns: int, progress: Progress, *, live: bool) -> State:
    """The state, from the time left until the limit."""
    if left_ns < 0:
        return "breached"
    if not live:
        return "kept"
    if progress.eta_ns is None:
        return "no forecast"
    early, late = progress.eta_range_ns or (progress.eta_ns, progress.eta_ns)
    return "will breach" if early > left_ns else "may breach" if late > left_ns else "will keep"
