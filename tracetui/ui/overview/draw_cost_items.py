"""Where the time of the lanes went: in a few cells on one line, or with the names behind each cost."""

from collections.abc import Iterator, Mapping, Sequence

from tracetui import units
from tracetui.analysis.overview.costs import Cost
from tracetui.analysis.overview.spending import Spent
from tracetui.analysis.study.findings import Findings
from tracetui.report.drawing.bars import share_bar
from tracetui.text import Safe, fit, fit_middle, sanitize
from tracetui.ui.feed.reading import Door
from tracetui.ui.lists.draw_panel import Bit, Item

COLOURS = {
    "tests": "role-test",
    "hooks": "role-hook",
    "fixtures": "role-hook",
    "collection": "role-hook",
    "archiving": "role-archiver",
}
LEADS = {
    "tests": Door("slowest", by="test"),
    "hooks": Door("slowest", by="hook"),
    "fixtures": Door("slowest", by="hook"),
    "collection": Door("slowest", by="hook"),
    "archiving": Door("slowest", by="archiver"),
    "other": Door("slowest", by="role"),
    "idle": Door("lanes"),
}
_SHARE, _TOOK, _LEAST_NAME = 8, 9, 14


def short_cost_items(findings: Findings) -> list[Item]:
    """An item for each cost, in a few cells."""
    items = []
    for cost in findings.overview.costs:
        bar = "█" * max(1, round(cost.share * 10)) if cost.share >= 0.01 else "▏"
        share = f"{100 * cost.share:.0f}%" if cost.share >= 0.01 else "<1%"
        told = Bit(f"{cost.name} {share} ")
        items.append(Item(cost.name, [[told, Bit(bar, _colour(cost))]], LEADS[cost.name]))
    return items


def cost_items(
    findings: Findings, behind: Mapping[str, Sequence[Spent]], width: int, lines: int
) -> list[Item]:
    """A line for each cost, and as far as there are `lines` for them, for names behind it."""
    costs = findings.overview.costs
    spare = max(0, lines - len(costs))
    shown = _share_out({cost.name: len(behind.get(cost.name, ())) for cost in costs}, spare)
    items = []
    for cost in costs:
        items.append(_cost(cost, width))
        items += [_name(cost, each, width) for each in behind.get(cost.name, ())[: shown[cost.name]]]
    return items


def _share_out(wanted: Mapping[str, int], lines: int) -> dict[str, int]:
    """How many names each cost gets, one after the other, until there are no more lines."""
    given = dict.fromkeys(wanted, 0)
    while lines and (hungry := [name for name in wanted if given[name] < wanted[name]]):
        for name in hungry[:lines]:
            given[name] += 1
        lines -= min(lines, len(hungry))
    return given


def _cost(cost: Cost, width: int) -> Item:
    room = _name_width(width)
    bar = share_bar(round(cost.share * 1000), 1000, _bar_width(width))
    line = [Bit(f"   {fit(Safe(cost.name), room)}"), *_numbers(cost.share, cost.ns, "foreground")]
    return Item(cost.name, [[*line, Bit("  " + bar, _colour(cost))]], LEADS[cost.name])


def _name(cost: Cost, spent: Spent, width: int) -> Item:
    room = _name_width(width)
    share = spent.ns * cost.share / max(1, cost.ns)
    name = Bit(f"     {fit_middle(sanitize(spent.name), room - 2).ljust(room - 2)}", "quiet")
    bar = share_bar(round(share * 1000), 1000, _bar_width(width))
    line = [name, *_numbers(share, spent.ns, "quiet"), Bit("  " + bar, _colour(cost))]
    return Item((cost.name, spent.name), [line], Door("slowest", by=spent.by, name=spent.name))


def _numbers(share: float, ns: int, colour: str) -> Iterator[Bit]:
    yield Bit(units.share(share).rjust(_SHARE), colour)
    yield Bit(units.duration(ns).rjust(_TOOK), colour)


def _colour(cost: Cost) -> str:
    return COLOURS.get(cost.name, "quiet")


def _name_width(width: int) -> int:
    return max(_LEAST_NAME, (width - _SHARE - _TOOK) * 3 // 5)


def _bar_width(width: int) -> int:
    return max(0, width - 7 - _SHARE - _TOOK - _name_width(width))
