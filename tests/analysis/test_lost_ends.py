"""Spans whose end was lost are closed again where something says when they ended, and only there."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import assert_alike
from tests.analysis.test_study import forests
from tests.budgets import examples
from tests.builders import MS, T0, S, case, heartbeat, line, span, start_record
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.analysis.time import times_growth
from tracetui.analysis.time.times import close
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.table import SpanTable

HOUR_S = 3600


class Store:
    """Two sources whose writers may die, and a study of them."""

    def __init__(self) -> None:
        self.table = SpanTable()
        for label in ("a", "b"):
            self.table.add_source(label)
        self.study = Study()

    def add(self, source: int, *records: bytes) -> None:
        reader = OtlpJson()
        reader.feed(b"".join(records))
        self.table.append(source, reader.take())

    def check(self, now_ns: int) -> None:
        snapshot = self.table.snapshot()
        assert_alike(self.study(snapshot, now_ns), study(snapshot, now_ns))


beats = st.sampled_from((None, 0, 5, 30 * HOUR_S, 60 * HOUR_S))
steps = st.tuples(st.integers(0, 1), beats, st.sets(st.integers(0, 1)), st.sampled_from((0, 1, 30 * HOUR_S)))


@settings(max_examples=examples(30))
@given(forests(), st.lists(steps, min_size=7, max_size=7))
def test_all_ends_are_those_of_a_study_of_all(
    batches: Sequence[Sequence[bytes]], steps: Sequence[tuple[int, int | None, set[int], int]]
) -> None:
    """Whoever is gone or comes back, whatever comes below, and signs of life, some of them far ahead."""
    store, now = Store(), T0 + 3 * S
    for batch, (source, beat_s, gone, later_s) in zip([*batches, []], steps, strict=False):
        store.add(source, *batch)
        if beat_s is not None:
            store.add(1 - source, heartbeat(T0 + beat_s * S))
        store.table.set_gone(gone)
        now += later_s * S
        store.check(now)


def test_runs_that_were_killed_cost_nothing_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred tests that were cut off none is closed again while another runs."""
    closed = list[int]()

    def counted(end: object, rows: Sequence[int], *others: object) -> None:
        closed.append(len(rows))
        close(end, rows, *others)  # type: ignore[arg-type]

    store = Store()
    store.add(0, *(start_record(case(f"t{number}", end=0)) for number in range(100)))
    store.add(1, start_record(case("runs", end=0)))
    store.table.set_gone([0])
    store.check(T0 + S)
    monkeypatch.setattr(times_growth, "close", counted)
    store.add(1, line(case("other")))
    store.check(T0 + 2 * S)
    assert closed == [1]


def test_a_test_that_was_lost_early_costs_its_worker_nothing_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is below the worker only tests that have come since, and the one that runs, are looked at."""
    children, looked_at = times_growth._children, list[int]()

    def counted(row: int, after: int | None, tree: Tree) -> Rows:
        looked_at.append(len(children(row, after, tree)))
        return children(row, after, tree)

    monkeypatch.setattr(times_growth, "LARGE", 2)
    monkeypatch.setattr(times_growth, "_children", counted)
    store, worker = Store(), span("gw0", {"tracetui.span.role": "worker"}, end=0)
    store.add(0, start_record(worker))
    store.add(1, start_record(case("lost", parent=worker, end=0)))
    store.table.set_gone([1])
    for number in range(1, 40):
        ended, runs = (
            case(f"t{moment}", parent=worker, start=T0 + moment * S, end=T0 + moment * S + MS)
            for moment in (number, number + 1)
        )
        store.add(0, line(ended), start_record(runs | {"endTimeUnixNano": "0"}))
        store.check(T0 + (number + 1) * S)
    assert len(looked_at) > 30
    assert max(looked_at[2:]) <= 3


def test_what_comes_below_a_span_that_was_cut_off_says_that_it_lived() -> None:
    """It is closed again, with all above it, and so is one whose writer has given a sign of life."""
    store = Store()
    test = case("test", end=0)
    phase = span("call", parent=test, start=T0 + MS, end=0)
    store.add(0, start_record(test), start_record(phase), start_record(case("alone", start=T0 + MS, end=0)))
    store.table.set_gone([0])
    store.check(T0 + S)
    store.add(1, line(span("inner", parent=phase, start=T0 + MS, end=T0 + 7 * MS)))
    store.check(T0 + 2 * S)
    store.add(0, heartbeat(T0 + 9 * MS))
    store.check(T0 + 3 * S)


def test_what_leaves_a_span_that_was_cut_off_tells_nothing_of_it_any_more() -> None:
    """What was below it turns out to be below another."""
    store = Store()
    one, other = (span(name, end=0) for name in ("one", "other"))
    inner = span("inner", parent=one, start=T0 + 5 * MS, end=0)
    store.add(0, start_record(one), start_record(other), start_record(inner))
    store.table.set_gone([0])
    store.check(T0 + S)
    store.add(0, line(inner | {"endTimeUnixNano": str(T0 + 6 * MS), "parentSpanId": other["spanId"]}))
    store.check(T0 + 2 * S)


def test_a_sign_of_life_from_far_ahead_counts_once_it_is_near() -> None:
    """Thirty hours are too far, twenty are not."""
    store = Store()
    store.add(0, start_record(span("one", end=0)), heartbeat(T0 + 30 * HOUR_S * S))
    store.table.set_gone([0])
    store.check(T0 + S)
    store.add(1, line(span("more")))
    store.check(T0 + 10 * HOUR_S * S)
