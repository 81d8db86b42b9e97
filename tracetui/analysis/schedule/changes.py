"""The same workload with something changed, as a proposal would change it.

All raise `InputError` if there is nothing of that name.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from msgspec.structs import replace

from tracetui.analysis.schedule.workload import SCOPES, Fixture, Item, Workload, unit_of
from tracetui.errors import InputError


def without(workload: Workload, test: str) -> Workload:
    """Without a test: its name, or a part of it that only one has."""
    name = _the_one(test, [item.name for item in workload.items], "test")
    return replace(workload, items=tuple(item for item in workload.items if item.name != name))


def without_hook(workload: Workload, hook: str) -> Workload:
    """Without a project hook, wherever it ran."""
    names = dict.fromkeys(name for item in workload.items for name, _ in item.hooks)
    gone = _the_one(hook, list(names), "hook around tests")
    return _changed(
        workload, lambda item: item._replace(hooks=tuple(cost for cost in item.hooks if cost[0] != gone))
    )


def archiving_aside(workload: Workload) -> Workload:
    """With an archiver beside the lanes: no worker waits for it."""
    return _changed(workload, lambda item: item._replace(archiving_ns=0))


def widened(workload: Workload, fixture: str) -> Workload:
    """With a fixture widened to session scope: each worker that needs it sets it up once.

    For one that is set up for each test, its cost leaves the tests.
    """
    name = _the_one(fixture, _narrow(workload), "fixture of less than session scope")
    mine = [number for number, known in enumerate(workload.fixtures) if known.name == name]
    if not mine:
        return _of_functions(workload, name)
    setup = max(workload.fixtures[number].setup_ns for number in mine)
    teardown = max(workload.fixtures[number].teardown_ns for number in mine)
    wide, gone = len(workload.fixtures), frozenset(mine)
    fixtures = (*workload.fixtures, Fixture(name, "session", "", setup, teardown))

    def change(item: Item) -> Item:
        if gone.isdisjoint(item.fixtures):
            return item
        kept = tuple(number for number in item.fixtures if number not in gone)
        return item._replace(fixtures=(*kept, wide))

    return replace(_changed(workload, change), fixtures=fixtures)


def split(workload: Workload, file: str) -> Workload:
    """With a file cut in two, at about half of its time; each half needs the file's own fixtures."""
    name = _the_one(file, list(dict.fromkeys(item.file for item in workload.items)), "file")
    places = [place for place, item in enumerate(workload.items) if item.file == name]
    if len(places) < 2:
        raise InputError(f"{name} has one test: it cannot be split")
    half = frozenset(_second_half(places, [workload.items[place].took_ns for place in places]))
    other = f"{name} (2nd half)"
    copies = {
        number: len(workload.fixtures) + copy
        for copy, number in enumerate(
            number for number, fixture in enumerate(workload.fixtures) if _is_of(fixture, name)
        )
    }
    fixtures = [workload.fixtures[number] for number in copies]
    moved = [fixture._replace(unit=other + fixture.unit.removeprefix(name)) for fixture in fixtures]
    items = [
        _moved(item, name, other, copies) if place in half else item
        for place, item in enumerate(workload.items)
    ]
    return replace(workload, items=tuple(items), fixtures=(*workload.fixtures, *moved))


def _moved(item: Item, name: str, other: str, copies: dict[int, int]) -> Item:
    return item._replace(
        file=other,
        scope=other + item.scope.removeprefix(name),
        fixtures=tuple(copies.get(number, number) for number in item.fixtures),
    )


def _is_of(fixture: Fixture, file: str) -> bool:
    return fixture.scope in ("class", "module") and fixture.unit.split("::", 1)[0] == file


def _second_half(places: Sequence[int], took: Sequence[int]) -> Sequence[int]:
    reached = list(accumulate(took))
    cut = min(range(1, len(places)), key=lambda count: abs(2 * reached[count - 1] - reached[-1]))
    return places[cut:]


def _narrow(workload: Workload) -> list[str]:
    """The fixtures that can be widened."""
    wide = {fixture.name for fixture in workload.fixtures if fixture.scope != SCOPES[-1]}
    own = {name for item in workload.items for name, _ in item.of_functions}
    return sorted(wide | own)


def _of_functions(workload: Workload, name: str) -> Workload:
    """A fixture that was set up for each test, now set up once for all."""
    costs = [ns for item in workload.items for cost, ns in item.of_functions if cost == name]
    wide = Fixture(name, SCOPES[-1], unit_of(workload.items[0], SCOPES[-1]), max(costs), 0)
    number = len(workload.fixtures)

    def change(item: Item) -> Item:
        mine = sum(ns for cost, ns in item.of_functions if cost == name)
        if not mine:
            return item
        kept = tuple(cost for cost in item.of_functions if cost[0] != name)
        fixtures = (*item.fixtures, number)
        shorter = item.shortened(max(0, item.own_ns - mine))
        return shorter._replace(of_functions=kept, fixtures=fixtures)

    return replace(_changed(workload, change), fixtures=(*workload.fixtures, wide))


def _changed(workload: Workload, change: Callable[[Item], Item]) -> Workload:
    return replace(workload, items=tuple(map(change, workload.items)))


def _the_one(name: str, known: Iterable[str], what: str) -> str:
    """The known name that equals `name`, or the only one that contains it."""
    names = list(dict.fromkeys(known))
    if name in names:
        return name
    matching = [known_name for known_name in names if name and name in known_name]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise InputError(f"no {what} is called {name}: {_some(names)}")
    raise InputError(f"{len(matching)} of the name {name} ({what}): say which, {_some(matching)}")


def _some(names: Sequence[str]) -> str:
    if not names:
        return "there is none"
    return "such as " + ", ".join(names[:3]) if len(names) > 3 else "known are " + ", ".join(names)
