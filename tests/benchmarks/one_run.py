"""One test run of any number of spans: a suite, eight workers, tests with three phases, always the same."""

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import orjson

Json = dict[str, object]

T0 = 1_795_000_000_000_000_000
MS = 1_000_000
WORKERS = 8
PER_LINE = 500
TRACE = "0af7651916cd43dd8448eb211c80319c"
SUITE = 1


def write(path: Path, spans: int) -> None:
    """The run as a recording, in the order in which spans end."""
    with path.open("wb") as file:
        some: list[Json] = []
        for span in made(spans):
            some.append(span)
            if len(some) == PER_LINE:
                file.write(document(some))
                some = []
        file.write(document(some))


def document(spans: list[Json]) -> bytes:
    """One line of OTLP/JSON."""
    return orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}) + b"\n"


def made(spans: int) -> Iterator[Json]:
    """Exactly so many spans; the suite and its workers come last, as in life."""
    chance, ids = random.Random(1), count(SUITE + WORKERS + 1)
    clocks = [T0] * WORKERS
    for number in range((spans - WORKERS - 1) // 4):
        yield from next_test(number, clocks, chance, next(ids))
    for _ in range((spans - WORKERS - 1) % 4):
        yield span(next(ids) << 8, SUITE, "hook", T0, T0 + MS, {"tracetui.span.role": "hook"})
    for worker, clock in enumerate(clocks):
        told = {"tracetui.span.role": "worker", "pytest.xdist.worker": f"gw{worker}"}
        yield span(SUITE + 1 + worker, SUITE, f"worker gw{worker}", T0, clock, told)
    suite = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    yield span(SUITE, 0, "depot", T0, max(clocks), suite)


def more(spans: int) -> Iterator[list[Json]]:
    """Tests that come after a run of so many spans, without an end."""
    chance, ids = random.Random(2), count(1 << 40)
    clocks = [T0 + spans // (4 * WORKERS) * 26 * MS] * WORKERS
    for number in count(spans):
        yield list(next_test(number, clocks, chance, next(ids)))


def next_test(number: int, clocks: list[int], chance: random.Random, own: int) -> Iterator[Json]:
    """The test that the first free worker runs; its clock goes on."""
    worker = clocks.index(min(clocks))
    took = MS + int(chance.expovariate(1 / 20) * MS) * (50 if chance.random() < 0.001 else 1)
    yield from a_test(number, worker, clocks[worker], took, own, chance.random() < 0.0003)
    clocks[worker] += took + 4 * MS


def a_test(number: int, worker: int, start: int, took: int, own: int, failed: bool) -> Iterator[Json]:
    """A test and its phases."""
    name = f"tests/area_{number // 2000}/test_{number // 50}.py::test_thing_{number}"
    end = start + took + 2 * MS
    phases = (("setup", start, start + MS), ("call", start + MS, end - MS), ("teardown", end - MS, end))
    for place, (when, begin, until) in enumerate(phases):
        told = {"tracetui.span.role": "phase", "pytest.when": when}
        yield span((own << 8) + place, own, when, begin, until, told)
    told = {
        "tracetui.span.role": "test",
        "test.case.name": name,
        "test.case.result.status": "fail" if failed else "pass",
        "pytest.xdist.worker": f"gw{worker}",
    }
    yield span(own, SUITE + 1 + worker, name, start, end, told, code=2 if failed else 1)


def span(own: int, parent: int, name: str, start: int, end: int, told: dict[str, str], code: int = 1) -> Json:
    """A span as OTLP/JSON has it."""
    return {
        "traceId": TRACE,
        "spanId": f"{own:016x}",
        "parentSpanId": f"{parent:016x}" if parent else "",
        "name": name,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(end),
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in told.items()],
        "status": {"code": code},
    }
