"""Seeded suites: workloads as real ones are, with and without fixtures that many tests share."""

from random import Random

from msgspec.structs import replace

from tracetui.analysis.schedule.workload import Fixture, Item, Workload

S = 1_000_000_000


def item(name: str, seconds: float, *fixtures: int) -> Item:
    file = name.partition("::")[0]
    return Item(name, file, file, name, round(seconds * S), fixtures=fixtures)


def workload(
    *items: Item, fixtures: tuple[Fixture, ...] = (), dist: str = "load", workers: int = 2
) -> Workload:
    return Workload(items, fixtures, [], [], sum(each.own_ns for each in items) // workers, workers, dist)


def seeded(seed: int, tests: int = 400) -> Workload:
    """A suite of some files; in every other one most tests of a file share a fixture that costs something."""
    random = Random(seed)
    files = [f"test_{number}.py" for number in range(random.randint(8, 40))]
    chosen = sorted(random.choice(files) for _ in range(tests))
    fixtures = tuple(
        Fixture("db", "module", file, round(random.lognormvariate(-1, 1) * S), S // 10) for file in files
    )
    items = []
    for number, file in enumerate(chosen):
        needs = (files.index(file),) if seed % 2 and random.random() < 0.7 else ()
        items.append(item(f"{file}::test_{number}", random.lognormvariate(-2, 1.3), *needs))
    made = workload(*items, fixtures=fixtures if seed % 2 else (), workers=4)
    return replace(made, gaps_ns=[1_000_000])


def again(suite: Workload, seed: int) -> Workload:
    """The same suite on another day: each test takes a little more or less."""
    random = Random(seed)
    items = (
        each._replace(own_ns=round(each.own_ns * random.lognormvariate(0, 0.12))) for each in suite.items
    )
    return replace(suite, items=tuple(items))
