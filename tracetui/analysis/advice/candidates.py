"""Candidate changes to a run: those that its recording gives reason to try."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from tracetui import units
from tracetui.analysis.plan.choice import choose, dists_for
from tracetui.analysis.plan.ways import DEALT, LONGEST, UNITS, in_order
from tracetui.analysis.schedule.changes import split, widened
from tracetui.analysis.schedule.policy import XDIST, Policy
from tracetui.analysis.schedule.workload import Item, Workload

MOST_OF_A_KIND = 3
"""So many fixtures and hooks are tried, those that take most."""
LEAST_SHARE = 0.02
"""What takes less than this part of all lanes' time is not worth a try."""
WAITS = 0.8
"""A run whose tests compute for less than a fifth of their time has room for so many times the workers."""
MORE_WORKERS = 2
TOGETHER = ("loadfile", "loadscope")


class Candidate(NamedTuple):
    """A change of some `kind`: `what` to do, `why`, at which fixture, hook, test or file (`where`, foreign).

    It turns the run into `workload`, handed out by `policy` to `workers`.
    """

    kind: str
    what: str
    why: str
    where: str
    workload: Workload
    policy: Policy
    workers: int


class Base(NamedTuple):
    """The recorded run and its policy; a queue if the recording names none."""

    workload: Workload
    policy: Policy
    workers: int

    @property
    def capacity_ns(self) -> int:
        """Lane time: workers times wall time."""
        return self.workload.recorded_ns * self.workers

    def changed(self, workload: Workload) -> tuple[Workload, Policy, int]:
        """The same policy and workers with another workload."""
        return workload, self.policy, self.workers


def candidates(base: Base) -> Iterator[Candidate]:
    """All candidates that follow from the workload itself."""
    yield from narrow_fixtures(base)
    yield from costly_hooks(base)
    yield from another_order(base)
    yield from uneven_files(base)
    yield from long_test(base)
    yield from more_workers(base)


def narrow_fixtures(base: Base) -> Iterator[Candidate]:
    """Fixtures that are set up again and again where once per worker might do."""
    workload = base.workload
    costs: Counter[str] = Counter()
    times: Counter[str] = Counter()
    scopes: dict[str, str] = {}
    for fixture in workload.fixtures:
        if fixture.scope != "session":
            costs[fixture.name] += fixture.setup_ns + fixture.teardown_ns
            times[fixture.name] += 1
            scopes[fixture.name] = fixture.scope
    for item in workload.items:
        for name, ns in item.of_functions:
            costs[name] += ns
            times[name] += 1
            scopes.setdefault(name, "function")
    for name, ns in _largest(base, costs):
        if times[name] <= base.workers:
            continue
        scope = "test" if scopes[name] == "function" else scopes[name]
        yield Candidate(
            "fixture scope",
            f"give the fixture {name} session scope",
            f"set up {units.count(times[name])} times, once for each {scope}: {units.duration(ns)} in all",
            name,
            *base.changed(widened(workload, name)),
        )


def costly_hooks(base: Base) -> Iterator[Candidate]:
    """Hooks around tests that cost much compared with the tests. None can be dropped, so half of each is
    proposed.
    """
    workload = base.workload
    costs: Counter[str] = Counter()
    for item in workload.items:
        for name, ns in item.hooks:
            costs[name] += ns
    own = sum(item.own_ns for item in workload.items)
    for name, ns in _largest(base, costs):
        beside = f"{ns / own:.1f}x what the tests take themselves" if own else "the tests themselves nothing"
        yield Candidate(
            "hook",
            f"make {name} twice as fast, or run it for every other test only",
            f"takes {units.duration(ns)} of lane time, {beside}",
            name,
            *base.changed(_with_hook_halved(workload, name)),
        )


def another_order(base: Base) -> Iterator[Candidate]:
    """The best plan's order and way to hand out tests."""
    if base.workers < 2:
        return
    choice = choose(base.workload, base.workers, dists_for(base.workload))
    way = choice.best.way
    if choice.best is choice.unordered:
        return
    is_by_test = way.name in (LONGEST, DEALT)
    last = max(base.workload.items, key=lambda item: item.took_ns)
    why = (
        f"{last.name} ({units.duration(last.took_ns)}) and other long tests begin late, and end alone"
        if is_by_test
        else "fixtures that tests share are set up on several workers: tests of a fixture together need fewer"
    )
    plan = f"run the tests by a plan: tracetui plan --workers {base.workers} ({way.name})"
    yield Candidate(
        "order" if is_by_test else "duplicate set-up",
        "hand out the longest tests first" if base.policy.dist == "queue" else plan,
        why,
        last.name if is_by_test else "",
        in_order(base.workload, way),
        way.policy,
        base.workers,
    )


def uneven_files(base: Base) -> Iterator[Candidate]:
    """Files that are handed out whole, if one of them holds up the end."""
    dist = base.policy.dist
    if dist not in TOGETHER:
        return
    took: Counter[str] = Counter()
    for item in base.workload.items:
        took[item.file] += item.took_ns
    if len(took) < 2:
        return
    file, ns = took.most_common(1)[0]
    whole = units.duration(sum(took.values()))
    why = f"--dist={dist} gives it to one worker whole: {units.duration(ns)} of {whole}"
    if sum(item.file == file for item in base.workload.items) > 1:
        what = f"split {file} into two files"
        yield Candidate("uneven files", what, why, file, *base.changed(split(base.workload, file)))
    yield Candidate(
        "uneven files",
        f"hand out tests one by one: --dist=worksteal instead of {dist}, if they do not need each other",
        why,
        file,
        base.workload,
        Policy("worksteal"),
        base.workers,
    )


def long_test(base: Base) -> Iterator[Candidate]:
    """One test that takes longer than a worker's fair share: no order helps, only a shorter test."""
    items = base.workload.items
    longest = max(range(len(items)), key=lambda number: items[number].took_ns)
    took = items[longest].took_ns
    if base.workers < 2 or took * base.workers < sum(item.took_ns for item in items) * 0.9:
        return
    item = items[longest]
    halves = (_half(item), _half(item))
    workload = replace(base.workload, items=(*items[:longest], *halves, *items[longest + 1 :]))
    if base.policy.dist in UNITS:
        return
    yield Candidate(
        "long test",
        f"split {item.name} into two tests",
        f"it takes {units.duration(took)} alone: the run cannot be shorter, however many workers there are",
        item.name,
        *base.changed(workload),
    )


def more_workers(base: Base) -> Iterator[Candidate]:
    """More workers, if cores are unused, or if tests mostly wait and leave cores free."""
    workload = base.workload
    own = sum(item.own_ns - item.queued_ns for item in workload.items)
    if not workload.knows_computing or not own or base.policy.dist not in (*XDIST, "no"):
        return
    waiting = own - sum(min(item.own_ns, item.computing_ns) for item in workload.items)
    worst = max(workload.items, key=lambda item: item.own_ns - item.computing_ns - item.queued_ns)
    more, why, where = workload.cores, f"the machine has {workload.cores} cores", ""
    if waiting >= WAITS * own:
        more, where = max(more, base.workers * MORE_WORKERS), worst.name
        why = f"tests wait for {units.share(waiting / own)} of their time, longest {worst.name}"
    if more <= base.workers:
        return
    what = f"run on {more} workers instead of {base.workers}: pytest -n {more}"
    policy = Policy("load") if base.policy.dist == "no" else base.policy
    yield Candidate("workers" if not where else "waiting", what, why, where, workload, policy, more)


def _largest(base: Base, costs: Counter[str]) -> Iterator[tuple[str, int]]:
    for name, ns in costs.most_common(MOST_OF_A_KIND):
        if ns >= LEAST_SHARE * base.capacity_ns:
            yield name, ns


def _with_hook_halved(workload: Workload, hook: str) -> Workload:
    return _each(
        workload,
        lambda item: item._replace(
            hooks=tuple((name, ns // 2 if name == hook else ns) for name, ns in item.hooks)
        ),
    )


def _half(item: Item) -> Item:
    computing = item.computing_ns // 2 if item.computing_ns >= 0 else item.computing_ns
    return item._replace(own_ns=item.own_ns // 2, computing_ns=computing, queued_ns=item.queued_ns // 2)


def _each(workload: Workload, change: Callable[[Item], Item]) -> Workload:
    return replace(workload, items=tuple(map(change, workload.items)))
