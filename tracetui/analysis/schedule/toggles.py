"""Changes to a workload by name: the costliest in a recording, and the workload with some of them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tracetui.analysis.schedule import changes
from tracetui.analysis.schedule.workload import SCOPES, Workload

WORTH = 0.01
"""What takes less than this part of all lanes' time is not worth a change."""
OF_EACH = 2
"""So many changes of each kind, those of the costliest."""


PYTESTS_OWN = frozenset(
    {
        "tmp_path",
        "tmpdir",
        "monkeypatch",
        "caplog",
        "capsys",
        "capfd",
        "capsysbinary",
        "capfdbinary",
        "recwarn",
    }
)
"""Fixtures of pytest that only make sense for one test."""


class Toggle(NamedTuple):
    """A change of a `kind` (see `KINDS`) to what has a `name` (foreign text), which cost `cost_ns` in all."""

    kind: str
    name: str
    cost_ns: int


def _aside(workload: Workload, _name: str) -> Workload:
    return changes.archiving_aside(workload)


KINDS: Mapping[str, Callable[[Workload, str], Workload]] = MappingProxyType(
    {
        "archive_aside": _aside,
        "without": changes.without,
        "widen": changes.widened,
        "drop_hook": changes.without_hook,
        "split": changes.split,
    }
)
"""What can be changed, by the options of `tracetui what-if`."""


def changed(workload: Workload, toggles: Collection[Toggle]) -> Workload:
    """The workload with all of these changes."""
    for kind, change in KINDS.items():
        for toggle in toggles:
            if toggle.kind == kind:
                workload = change(workload, toggle.name)
    return workload


def toggles(workload: Workload) -> list[Toggle]:
    """The changes worth considering, the costliest first."""
    whole = sum(item.took_ns for item in workload.items)
    worth = [toggle for toggle in _candidates(workload) if toggle.cost_ns > WORTH * whole]
    return sorted(worth, key=lambda toggle: -toggle.cost_ns)


def _candidates(workload: Workload) -> Iterator[Toggle]:
    items = workload.items
    yield Toggle("archive_aside", "", sum(item.archiving_ns for item in items))
    for kind, costs in (
        ("without", _sums((item.name, item.took_ns) for item in items)),
        ("drop_hook", _sums(hook for item in items for hook in item.hooks)),
        ("widen", _fixtures(workload)),
        ("split", _files(workload)),
    ):
        yield from (Toggle(kind, name, ns) for name, ns in costs.most_common(OF_EACH))


def _sums(costs: Iterator[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for name, ns in costs:
        sums[name] += ns
    return sums


def _fixtures(workload: Workload) -> Counter[str]:
    """The costs of fixtures of less than session scope, each of their units once."""
    wide = (
        (cost.name, cost.setup_ns + cost.teardown_ns) for cost in workload.fixtures if _is_narrow(cost.scope)
    )
    own = (cost for item in workload.items for cost in item.of_functions if cost[0] not in PYTESTS_OWN)
    return _sums(wide) + _sums(own)


def _is_narrow(scope: str) -> bool:
    return scope != SCOPES[-1]


def _files(workload: Workload) -> Counter[str]:
    """The durations of whole files, if they are handed out whole and have more than one test."""
    if workload.dist != "loadfile":
        return Counter()
    several = {file for file, count in Counter(item.file for item in workload.items).items() if count > 1}
    return _sums((item.file, item.took_ns) for item in workload.items if item.file in several)
