"""A recording like that of MongoDB's own jsCore: made from its published numbers, not from its bytes.

1 310 tests on 4 jobs in a good quarter of an hour; half of the time goes to hooks that write no spans. One
test fails 150 s into the run, its job archives for 250 s, and for 240 s no other job gets on: one sits in a
test, two in the hooks behind theirs.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.builders import T0, Json, S, line, span

TESTS, JOBS = 1310, 4
STILL_AT, STILL_S, ARCHIVING_S = 149.7, 240.6, 250.0
FAILED, STUCK = "jstests/core/timeseries_computed_field.js", "jstests/core/removea.js"
LONG = {"jstests/core/index_large.js": 38.1, "jstests/core/geo_s2near.js": 21.4, "jstests/core/mr.js": 19.0}
WINDOW_S = 5.0
"""How much of a run is in one of its files."""

_TRACE = "6a5c0de1" * 4


def ns(seconds: float) -> int:
    """Since the epoch."""
    return T0 + round(seconds * S)


def spans() -> list[Json]:
    """All of them, in the order of their ends."""
    made = [*_suite("jsCore (resource intensive)", 0.0, 0.3, []), *_main()]
    return sorted(made, key=lambda each: (int(each["endTimeUnixNano"]), each["spanId"]))


def write(directory: Path) -> Path:
    """Files as resmoke's exporter writes them, one for each window in which anything ended."""
    directory.mkdir(parents=True, exist_ok=True)
    windows: dict[int, list[Json]] = defaultdict(list)
    for each in spans():
        windows[int((int(each["endTimeUnixNano"]) - T0) / S / WINDOW_S)].append(each)
    for number, window in enumerate(sorted(windows), 1):
        (directory / f"metrics{number}.json").write_bytes(
            line(*windows[window], scope="resmoke", resource={"service.name": "resmoke"})
        )
    return directory


def _main() -> list[Json]:
    random = Random(4711)
    names = [f"jstests/core/{place % 37:02d}/case_{place:04d}.js" for place in range(TESTS - len(LONG) - 2)]
    order = [*names, *LONG]
    random.shuffle(order)
    clocks = [2.0 + job / 100 for job in range(JOBS)]
    tests: list[Json] = []
    stuck = {1: FAILED, 0: STUCK}
    held: set[int] = set()
    while order or stuck:
        job = clocks.index(min(clocks))
        begin = clocks[job]
        before, took = random.uniform(0.05, 0.3), random.lognormvariate(-0.22, 0.588)
        after = random.gauss(0.9, 0.2)
        name, archiving = None, 0.0
        if job not in held and begin + before + took + after > STILL_AT:
            held.add(job)
            name = stuck.pop(job, None)
            if name == FAILED:
                took, archiving = max(0.2, STILL_AT - begin - before), ARCHIVING_S
            elif name == STUCK:
                took = STILL_AT + STILL_S - begin - before
            else:
                after = STILL_AT + STILL_S - begin - before - took + job / 1000
        if name is None:
            if not order:
                clocks[job] = float("inf")
                continue
            name = order.pop()
            took = LONG.get(name, took)
        made = list(_test(name, begin, before, took, archiving, max(0.05, after)))
        tests += made
        clocks[job] = begin + before + took + archiving + max(0.05, after)
    end = max(int(each["endTimeUnixNano"]) - T0 for each in tests) / S
    return list(_suite("jsCore (not resource intensive)", 0.3, end + 5.0, tests))


def _suite(name: str, begin: float, end: float, tests: list[Json]) -> Iterator[Json]:
    told = {
        "suite_display_name": name,
        "suite_name": "core",
        "suite_kind": "js_test",
        "suite_return_code": 1 if tests else 0,
        "suite_return_status": "success" if tests else "skipped",
    }
    suite = span("run.__init__._execute_suite", told, start=ns(begin), end=ns(end), trace=_TRACE, status=1)
    suite["parentSpanId"] = "5" * 16
    yield suite
    for job in range(JOBS if tests else 1):
        for name, at in (("before", begin + 0.1), ("after", end - (1.5 if tests else 0.1))):
            yield span(
                f"job._run_hooks_{name}_suite",
                start=ns(at) + job,
                end=ns(at + (1.2 if tests else 0.05)) + job,
                trace=_TRACE,
                parent=suite,
                status=1,
            )
    for each in tests:
        yield each if "parentSpanId" in each else {**each, "parentSpanId": suite["spanId"]}


def _test(
    name: str, begin: float, before: float, took: float, archiving: float, after: float
) -> Iterator[Json]:
    told = {
        "test_base_name": name.rpartition("/")[2],
        "test_long_name": name,
        "test_id": name,
        "test_kind": "JSTest",
    }
    ran = begin + before + took
    bad = {"status": 2, "message": f"StopExecution: JSTest {name} failed"} if archiving else {"status": 1}
    wrapper = span(
        "job._execute_test", told, start=ns(begin), end=ns(ran + archiving + after), trace=_TRACE, **bad
    )
    yield wrapper
    yield span("run_test", told, start=ns(begin + before), end=ns(ran), trace=_TRACE, parent=wrapper)
    if archiving:
        archiver = "hook_test_archival._archive_hook_or_test"
        yield span(archiver, told, start=ns(ran), end=ns(ran + archiving), trace=_TRACE, parent=wrapper)
