"""How long tests take: a line for each decade, with how many tests and how much of all their time."""

from collections.abc import Sequence

from tracetui import units
from tracetui.analysis.overview.durations import Stretch
from tracetui.report.drawing.bars import share_bar
from tracetui.text import Safe, fit
from tracetui.ui.feed.reading import Door
from tracetui.ui.lists.draw_panel import Bit, Item

_LABEL, _COUNT, _TOOK, _SHARE = 16, 7, 9, 8


def duration_items(stretches: Sequence[Stretch], width: int) -> list[Item]:
    """An item for each stretch; it leads to its slowest test."""
    bar = max(0, (width - 7 - _LABEL - _COUNT - _TOOK - _SHARE) // 2)
    most = max((stretch.tests for stretch in stretches), default=0)
    whole_ns = sum(stretch.ns for stretch in stretches)
    return [_stretch(stretch, most, whole_ns, bar) for stretch in stretches]


def _stretch(stretch: Stretch, most: int, whole_ns: int, bar: int) -> Item:
    share = stretch.ns / max(1, whole_ns)
    line = [
        Bit(f"   {fit(_label(stretch), _LABEL)}"),
        Bit(units.count(stretch.tests).rjust(_COUNT)),
        Bit(f"  {share_bar(stretch.tests, most, bar)}", "role-test"),
        Bit(units.duration(stretch.ns).rjust(_TOOK), "quiet"),
        Bit(units.share(share).rjust(_SHARE), "quiet"),
        Bit(f"  {share_bar(stretch.ns, whole_ns, bar)}", "role-test"),
    ]
    return Item(stretch.from_ns, [line], Door("slowest", stretch.row) if stretch.row >= 0 else None)


def _label(stretch: Stretch) -> Safe:
    if not stretch.to_ns:
        return Safe(f"{_round(stretch.from_ns)} or more")
    end = _round(stretch.to_ns)
    return Safe(f"{_round(stretch.from_ns)} to {end}" if stretch.from_ns else f"below {end}")


def _round(ns: int) -> str:
    return units.tick(ns, ns)
