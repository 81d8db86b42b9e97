"""When a live run should end, in words: a range if that is useful."""

from tracetui import units
from tracetui.analysis.overview.progress import Progress

LEAST_RANGE_NS = 5 * units.S
WIDE = 0.1
"""A range is told where it is as long as this, and as this part of the forecast."""
_STEPS = ((units.HOUR, units.MINUTE), (2 * units.MINUTE, 10 * units.S))
"""From how long on ends of a range are rounded, and to what."""


def eta_words(progress: Progress) -> str:
    """`3m10s-3m40s`, or `12s` if a range says no more; empty if unknown."""
    if progress.eta_ns is None:
        return ""
    middle = units.seconds(max(units.S, progress.eta_ns))
    if progress.eta_range_ns is None:
        return middle
    low, high = progress.eta_range_ns
    if high - low < max(LEAST_RANGE_NS, WIDE * progress.eta_ns):
        return middle
    step = next((step for least, step in _STEPS if progress.eta_ns >= least), units.S)
    ends = (units.seconds(max(step, round(end / step) * step)) for end in (low, high))
    first, last = ends
    return first if first == last else f"{first}-{last}"
