"""Where the time of the lanes went: briefly on one line, or with the names behind each cost."""

from collections.abc import Iterator, Mapping

from tracetui import units
from tracetui.analysis.ledger.run_costs import Behind, Cost, RunCosts
from tracetui.report.drawing.bars import share_bar
from tracetui.text import Safe, fit, fit_middle, sanitize
from tracetui.ui.feed.reading import Door
from tracetui.ui.lists.draw_panel import Bit, Item

COLOURS = {
    "tests": "role-test",
    "hooks": "role-hook",
    "derived hooks": "role-hook",
    "fixtures": "role-hook",
    "collection": "role-hook",
    "archiving": "role-archiver",
    "stalled": "warning",
}
LEADS = {
    "tests": Door("slowest", by="test"),
    "hooks": Door("slowest", by="hook"),
    "derived hooks": Door("slowest", by="hook"),
    "fixtures": Door("slowest", by="hook"),
    "collection": Door("slowest", by="hook"),
    "archiving": Door("slowest", by="archiver"),
    "unaccounted": Door("slowest", by="role"),
    "other": Door("slowest", by="role"),
}
_LANES = Door("lanes")
_SHARE, _TOOK, _LEAST_NAME = 8, 9, 14


def short_cost_items(costs: RunCosts) -> list[Item]:
    """An item for each cost, in a few cells."""
    items = []
    for cost in costs.costs:
        bar = "█" * max(1, round(cost.share * 10)) if cost.share >= 0.01 else "▏"
        share = f"{100 * cost.share:.0f}%" if cost.share >= 0.01 else "<1%"
        name_part = Bit(f"{cost.name} {share} ")
        items.append(Item(cost.name, [[name_part, Bit(bar, _colour(cost))]], _lead(cost)))
    return items


def cost_items(costs: RunCosts, width: int, lines: int) -> list[Item]:
    """A line for each cost, and if there are enough `lines`, for names behind it."""
    behind = costs.behind
    spare = max(0, lines - len(costs.costs))
    shown = _share_out({cost.name: len(behind.get(cost.name, ())) for cost in costs.costs}, spare)
    items = []
    for cost in costs.costs:
        items.append(_cost(cost, width))
        items += [_name(cost, part, width) for part in behind.get(cost.name, ())[: shown[cost.name]]]
    return items


def _share_out(wanted: Mapping[str, int], lines: int) -> dict[str, int]:
    """How many names each cost gets, in turns, until there are no more lines."""
    given = dict.fromkeys(wanted, 0)
    while lines and (hungry := [name for name in wanted if given[name] < wanted[name]]):
        for name in hungry[:lines]:
            given[name] += 1
        lines -= min(lines, len(hungry))
    return given


def _cost(cost: Cost, width: int) -> Item:
    room = _name_width(width)
    bar = share_bar(round(cost.share * 1000), 1000, _bar_width(width))
    waiting = "" if cost.waiting is None or cost.name != "tests" else f", {cost.waiting:.0%} of it waiting"
    name = Safe(cost.name + waiting if len(cost.name + waiting) <= room else cost.name)
    line = [Bit(f"   {fit(name, room)}"), *_numbers(cost.share, cost.ns, "foreground")]
    return Item(cost.name, [[*line, Bit("  " + bar, _colour(cost))]], _lead(cost))


def _name(cost: Cost, behind: Behind, width: int) -> Item:
    room = _name_width(width)
    share = behind.ns * cost.share / max(1, cost.ns)
    name = Bit(f"     {fit_middle(sanitize(behind.name), room - 2).ljust(room - 2)}", "quiet")
    bar = share_bar(round(share * 1000), 1000, _bar_width(width))
    line = [name, *_numbers(share, behind.ns, "quiet"), Bit("  " + bar, _colour(cost))]
    door = Door("slowest", by=behind.by, name=behind.ranked) if behind.by else _lead(cost)
    return Item((cost.name, behind.name), [line], door)


def _lead(cost: Cost) -> Door:
    return LEADS.get(cost.name, _LANES)


def _numbers(share: float, ns: int, colour: str) -> Iterator[Bit]:
    yield Bit(units.share(share).rjust(_SHARE), colour)
    yield Bit(units.duration(ns).rjust(_TOOK), colour)


def _colour(cost: Cost) -> str:
    return COLOURS.get(cost.name, "quiet")


def _name_width(width: int) -> int:
    return max(_LEAST_NAME, (width - _SHARE - _TOOK) * 3 // 5)


def _bar_width(width: int) -> int:
    return max(0, width - 7 - _SHARE - _TOOK - _name_width(width))
