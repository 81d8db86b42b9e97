"""History, progress and overview from study to study: what is new is added, and the same comes out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import assert_alike
from tests.benchmarks.live_run import LiveRun
from tests.budgets import examples
from tests.builders import T0, Json, S, case, line, span, start_record
from tracetui.analysis.history import history
from tracetui.analysis.overview import basis, overview, overview_growth, progress_growth
from tracetui.analysis.study import findings, glance
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.analysis.time import times_growth
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.store.table import SpanTable

SOURCES = 3
TOOK = (0, 1, 1, 2, 5, 40, 400)
OUTCOMES = ("passed", "passed", "failed", "error", "skipped")
HOOKS = ("hook", "notes setup", "fixture", "cleanup")


@st.composite
def recordings(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """Lines of spans and start records of up to three runs, each with the source it stands in.

    Every worker is a process; in some recordings the clocks of some are off, or single times cannot be.
    """
    told: list[tuple[int, int, bytes]] = []
    begin, is_off = T0, draw(st.integers(0, 2)) == 0
    for number in range(draw(st.integers(1, 3))):
        made = list(_run(draw, number, begin))
        source = draw(st.integers(0, SOURCES - 1))
        ahead = [draw(st.sampled_from(AHEAD)) if is_off else 0 for _ in range(4)]
        for lane, each in made:
            start, end = int(each["startTimeUnixNano"]), int(each["endTimeUnixNano"])
            who = _process(lane)
            said = _by_its_clock(draw, each, ahead[lane]) if is_off else each
            if draw(st.integers(0, 2)):
                told.append((start, source, start_record(said, resource=who)))
            if draw(st.integers(0, 7)):
                scope = "resmoke" if each["name"] in RESMOKE else "tests"
                told.append((end, source, line(said, scope=scope, resource=who)))
        begin += draw(st.sampled_from((0, 30, 2000))) * S
    ordered = sorted(told, key=lambda each: each[0])
    if draw(st.integers(0, 3)) == 0:
        ordered = draw(st.permutations(ordered))
    return [(source, record) for _, source, record in ordered]


def _process(lane: int) -> dict[str, str | int]:
    return {"service.name": "depot", "host.name": f"host{lane}", "process.pid": 10 + lane}


AHEAD = (0, 0, 0, 3600 * S, -3600 * S)


def _by_its_clock(draw: st.DrawFn, made: Json, ahead: int) -> Json:
    start, end = (int(made[f"{name}TimeUnixNano"]) + ahead for name in ("start", "end"))
    if draw(st.integers(0, 15)) == 0:
        start = draw(st.sampled_from((0, T0 // 3, start + 5 * S, start + 400 * 86400 * S)))
    return made | {"startTimeUnixNano": str(start), "endTimeUnixNano": str(end)}


RESMOKE = ("job._execute_test", "run_test", "hook_test_archival._archive_hook_or_test")


def _run(draw: st.DrawFn, number: int, begin: int) -> Iterator[tuple[int, Json]]:
    """A suite, workers, their tests, one after the other, what is in them: the worker (or -1) and a span."""
    trace = f"{number + 1:032x}"
    at = [begin] * draw(st.integers(1, 3))
    suite = _of(trace, "suite", "suite", begin, begin + draw(st.sampled_from((100, 3000))) * S)
    workers = [_of(trace, f"gw{lane}", "worker", begin, begin + 90 * S, suite) for lane in range(len(at))]
    yield -1, suite
    yield from enumerate(workers)
    for test in range(draw(st.integers(0, 9))):
        lane = draw(st.integers(0, len(at) - 1))
        start = at[lane] + draw(st.sampled_from((0, 0, 1, 60))) * S
        at[lane] = end = start + draw(st.sampled_from(TOOK)) * S
        name = f"x::t{draw(st.integers(0, 4))}"
        more: dict[str, Any] = {"start": start, "end": end, "trace": trace, "parent": workers[lane]}
        more["id"] = f"{number + 1:04x}{test + 1:012x}"
        if draw(st.integers(0, 3)):
            made = case(name, draw(st.sampled_from(OUTCOMES)), worker=f"gw{lane}", **more)
        else:
            made = span(RESMOKE[0], {"test_long_name": name}, **more)
        yield lane, made
        for each in _inside(draw, made, trace, start, end):
            yield lane, each


def _inside(draw: st.DrawFn, above: Json, trace: str, start: int, end: int) -> Iterator[Json]:
    for _ in range(draw(st.integers(0, 3))):
        begin = start + (end - start) * draw(st.integers(0, 3)) // 4
        until = begin + (end - begin) * draw(st.integers(1, 4)) // 4
        kind = draw(st.sampled_from(("phase", "hook", "archiver", "")))
        if above["name"] == RESMOKE[0]:
            yield span(draw(st.sampled_from(RESMOKE[1:])), start=begin, end=until, parent=above, trace=trace)
            continue
        name = draw(st.sampled_from(("setup", "call") if kind == "phase" else HOOKS))
        made = _of(trace, name, kind, begin, until, above, scoped=draw(st.booleans()))
        yield made
        if draw(st.booleans()):
            yield _of(trace, draw(st.sampled_from(HOOKS)), "hook", begin, until, made, scoped=False)


def _of(
    trace: str, name: str, kind: str, start: int, end: int, above: Json | None = None, *, scoped: bool = False
) -> Json:
    told = {"tracetui.span.role": kind} if kind else {}
    if kind == "hook" and scoped:
        told["tracetui.fixture.scope"] = "function"
    if kind == "suite":
        told["test.suite.name"] = name
    return span(name, told, start=start, end=max(end, start + 1), parent=above, trace=trace)


class Store:
    """A table of several sources."""

    def __init__(self) -> None:
        self.table = SpanTable()
        for number in range(SOURCES):
            self.table.add_source(f"x{number}")

    def add(self, records: Sequence[tuple[int, bytes]]) -> None:
        for source in range(SOURCES):
            reader = OtlpJson()
            reader.feed(b"".join(record for of, record in records if of == source))
            self.table.append(source, reader.take())


@settings(max_examples=examples(15))
@given(
    recordings(),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from((0, 1, 30, 600)), st.integers(-1, 9)), max_size=9),
    st.booleans(),
)
def test_the_same_is_found(
    records: list[tuple[int, bytes]], steps: list[tuple[int, int, int]], is_small: bool
) -> None:
    """After every batch, at any time, whichever source is gone."""
    with pytest.MonkeyPatch.context() as patch:
        if is_small:
            patch.setattr(basis, "MOST", 4)
            patch.setattr(overview, "SLOWEST", 2)
            patch.setattr(overview_growth, "SLOWEST", 2)
            patch.setattr(times_growth, "LARGE", 2)
        store, grow, now = Store(), Study(), T0
        cuts = sorted({0, len(records), *(min(cut, len(records)) for cut, _, _ in steps)})
        for (begin, end), (_, wait, gone) in zip(pairwise(cuts), [*steps, (0, 0, 9)], strict=False):
            store.add(records[begin:end])
            if gone < SOURCES:
                store.table.set_gone([gone])
            now += wait * S
            snapshot = store.table.snapshot()
            assert_alike(grow(snapshot, now), study(snapshot, now))


def test_a_run_under_way_is_never_looked_at_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand tests on four workers, some at a time, after a run that has ended, while others come."""
    before = LiveRun(tmp_path, "before", start_ns=T0)
    for number in range(200):
        before.step(T0 + (number + 1) * S)
    before.close(T0 + 300 * S)
    monkeypatch.setattr(times_growth, "LARGE", 64)
    run, now = LiveRun(tmp_path, "depot", start_ns=T0 + 1000 * S), T0 + 1000 * S
    ingest, grow = Ingest([str(tmp_path)], follow=True), Study()
    try:
        for batch in range(40):
            for _ in range(25):
                now += S // 3
                run.step(now)
            run.beat()
            if batch % 3 == 2:
                short = LiveRun(tmp_path, f"short{batch}", start_ns=now)
                short.step(now)
                short.close(now + S)
            ingest.sweep()
            while ingest.step():
                pass
            snapshot = ingest.table.snapshot()
            with monkeypatch.context() as patch:
                if batch > 1:
                    for module, name in ANEW:
                        patch.setattr(module, name, _never)
                found = grow(snapshot, now)
            assert_alike(found, study(snapshot, now))
    finally:
        ingest.close()
        run.close()
    assert len(found.snapshot) > 4000
    assert (len(found.runs), found.summary.state, found.history.runs) == (15, "live", 1)


ANEW = (
    (glance, "done"),
    (glance, "basis"),
    (history, "history"),
    (progress_growth, "done"),
    (overview_growth, "happened"),
    (overview_growth, "longer_of_all"),
    (overview_growth, "slowest_of_all"),
)


def _never(*_: object) -> None:
    raise AssertionError


def test_times_grow_where_a_clock_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two workers, one of which is an hour behind; once that is known nothing is measured anew."""
    trace = "a" * 32
    suite = _of(trace, "suite", "suite", T0, T0 + 900 * S)
    ahead = (0, -3600 * S)
    workers = [_of(trace, f"gw{lane}", "worker", T0 + ahead[lane], T0 + 900 * S, suite) for lane in range(2)]
    store, grow = Store(), Study()
    store.add(
        [
            (0, start_record(suite, resource=_process(-1))),
            *((1 + lane, start_record(each, resource=_process(lane))) for lane, each in enumerate(workers)),
        ]
    )
    for number in range(30):
        made = [
            case(
                f"x::t{number}{lane}", worker=f"gw{lane}", start=start, end=start + S, trace=trace, parent=top
            )
            for lane, top in enumerate(workers)
            for start in (T0 + ahead[lane] + number * S,)
        ]
        store.add([(1 + lane, line(each, resource=_process(lane))) for lane, each in enumerate(made)])
        snapshot, now = store.table.snapshot(), T0 + (number + 1) * S
        with monkeypatch.context() as patch:
            if number > 2:
                patch.setattr(findings, "measure", _never)
                patch.setattr(glance, "basis", _never)
            found = grow(snapshot, now)
        assert_alike(found, study(snapshot, now))
    assert found.skews
