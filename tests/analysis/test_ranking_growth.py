"""Rankings that grow are those that are made anew, and in ordinary events they do grow."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.alike import compare
from tests.analysis.growing import RESOURCES, Growing, Record, recordings
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import T0, Json, S, case, line, span, start_record
from tests.store.evicting import evict
from tracetui.analysis.ranking.ranking import COLUMNS, GROUPINGS, Rank, Ranking
from tracetui.analysis.ranking.ranking_growth import RankingGrowth
from tracetui.analysis.ranking.ranking_order import By
from tracetui.analysis.runs.runs import ALL, JOB, NEWEST, SHARD
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.study.study import Study
from tracetui.ingest import Ingest

ORDERS = [By(column, descending) for column, descending in product(COLUMNS, (True, False))]
FILTERS = ("", "running", "some", "within")


def assert_alike(one: Ranking, other: Ranking, part: str = "") -> None:
    """All that anybody sees of them, and every rank in its place."""
    for name in ("by", "runs", "sorted_by", "hidden", "silent", "most"):
        assert getattr(one, name) == getattr(other, name), name
    assert {name: column.dtype for name, column in one.columns.items()} == {
        name: column.dtype for name, column in other.columns.items()
    }
    compare(list(one), list(other), "ranks")
    for place, rank in enumerate(one):
        assert one.place(rank.name) == place
    narrow, wanted = one.narrowed(part), other.narrowed(part)
    assert [rank.name for rank in narrow] == [rank.name for rank in wanted]
    for place, rank in enumerate(wanted):
        assert narrow.place(rank.name) == place


def meant(found: Findings, what: str) -> NDArray[np.bool_] | None:
    """What a filter or a chosen run leaves."""
    some = {"running": found.snapshot.end_ns == 0, "some": found.snapshot.start_ns // S % 2 == 0}
    return found.within if what == "within" else some.get(what)


@st.composite
def choices(draw: st.DrawFn) -> tuple[str, str, By]:
    """What is ranked, of what, and in which order."""
    return draw(st.sampled_from(GROUPINGS)), draw(st.sampled_from(FILTERS)), draw(st.sampled_from(ORDERS))


@settings(max_examples=examples(15))
@given(
    recordings(),
    choices(),
    st.lists(st.tuples(st.integers(0, 5), st.integers(-4, 20)), min_size=8, max_size=8),
    st.data(),
)
def test_a_ranking_grows_to_what_is_found_anew(
    batches: list[list[Record]],
    asked: tuple[str, str, By],
    moments: list[tuple[int, int]],
    data: st.DataObject,
) -> None:
    """Whatever comes: tests again, failed, cut off, of several runs, another role, evicted, filtered."""
    store, grow, now, (by, filtered, order) = Growing(), RankingGrowth(), T0 + 3 * S, asked
    for batch, (moment, chosen) in zip([[], *batches], moments, strict=False):
        snapshot = store.add(batch)
        if moment == 3:
            store.table.set_gone([0, 3])
        if moment == 4:
            by, filtered, order = data.draw(choices())
        if moment == 5:
            evict(store.table, "a" * 32)
            snapshot = store.table.snapshot()
        now += moment * S
        found = study(snapshot, now, choice_of(snapshot.key, chosen))
        only = meant(found, filtered)
        wanted = found.rank(by, only).sorted(order.column, descending=order.descending)
        assert_alike(found.rank(by, only, order, grow), wanted, "1")


def choice_of(keys: NDArray[np.uint64], number: int) -> int:
    """Mostly the newest run; else all, or the run, job or shard of one of the first spans."""
    if number < 0 or number >= 3 * len(keys):
        return ALL if number == -1 else NEWEST
    return int(keys[number // 3]) + (0, JOB, SHARD)[number % 3]


@pytest.mark.parametrize("by", GROUPINGS)
def test_in_ordinary_events_rankings_grow(by: str) -> None:
    """Tests start, end, fail, are run again and are new, with hooks and phases, while others run."""
    store, growths = Growing(), [RankingGrowth() for _ in FILTERS[:3]]
    suites = [span("depot", {"tracetui.span.role": "suite"}, trace=trace * 32, end=0) for trace in "ab"]
    store.add([(3, start_record(suite, resource=RESOURCES[2])) for suite in suites])
    for number, outcome in enumerate(("passed", "failed", "rerun", "passed", "error", "skipped")):
        records, at = one_test(suites[number % 2], number, outcome), T0 + number * S
        for record in records:
            snapshot = store.add([record])
            found = store.study(snapshot, at + S // 2)
            for filtered, grow in zip(FILTERS[:3], growths, strict=True):
                only = meant(found, filtered)
                order = By("p95_ns")
                assert_alike(found.rank(by, only, order, grow), found.rank(by, only).sorted("p95_ns"))
                assert grow.grew == (number > 0 or record is not records[0])


def one_test(suite: Json, number: int, outcome: str) -> list[Record]:
    """What is written of a test with a hook and the test proper in it."""
    trace, at = suite["traceId"], T0 + number * S
    told = {"trace": trace, "start": at, "end": at + S}
    name = f"a{number % 4}.py::new {number // 2}"
    test = case(name, outcome, parent=suite, **told)
    hook = span("h", {"tracetui.span.role": "hook"}, trace=trace, parent=test, start=at, end=at + S // 10)
    call = span("run_test", {"tracetui.span.role": "phase"}, trace=trace, parent=test, start=at + S // 5)
    again = case("a.py::old", outcome, parent=suite, **told)
    whole = [line(made, resource=RESOURCES[2]) for made in (hook, call, test, again)]
    return [(3, start_record(test, resource=RESOURCES[2])), *((number % 2, each) for each in whole)]


@pytest.mark.parametrize("beside_s", [None, -20_000, -5_000, 500, 1000])
def test_a_live_run_is_ranked_as_it_grows(tmp_path: Path, beside_s: int | None) -> None:
    """A few thousand spans after a run that has ended; step by step the rankings are those made anew.

    Short runs that come beside it, by clocks that may be off, change nothing of that, though all runs are
    numbered anew.
    """
    begin = T0 - 10_000 * S
    before = LiveRun(tmp_path, "old", begin)
    fill(before, 400, begin, begin + 300 * S)
    before.close(begin + 300 * S)
    now = T0 + 1000 * S
    run = LiveRun(tmp_path, start_ns=T0)
    fill(run, 3000, T0, now)
    ingest, grow, growths = (
        Ingest([str(tmp_path)], follow=True),
        Study(),
        {by: RankingGrowth() for by in GROUPINGS},
    )
    for number in range(5):
        for _ in range(15 * (number > 0)):
            run.step(now + number * S)
        if beside_s is not None and number:
            short = LiveRun(tmp_path, f"short{number}", T0 + (beside_s + number) * S)
            fill(short, 40, T0 + (beside_s + number) * S, T0 + (beside_s + number + 1) * S)
            short.close(T0 + (beside_s + number + 1) * S)
        ingest.sweep()
        while ingest.step():
            pass
        found = grow(ingest.table.snapshot(), now + number * S)
        for by, growth in growths.items():
            assert_alike(found.rank(by, found.within, growth=growth), found.rank(by, found.within), "_99")
            assert growth.grew == (number > 0)
    run.close(now + 20 * S)
    ingest.close()


def test_a_ranking_that_was_handed_out_stays_what_it_is() -> None:
    """Whatever comes afterwards."""
    store, grow = Growing(), RankingGrowth()
    suite = span("depot", {"tracetui.span.role": "suite"}, trace="a" * 32, end=0)
    kept: list[tuple[Ranking, list[Rank]]] = []
    for number in range(12):
        store.add(one_test(suite, number, "passed"))
        found = store.study(store.table.snapshot(), T0 + 20 * S)
        ranking = found.rank("test", None, By("name", descending=False), grow)
        kept.append((ranking, list(ranking)))
    for ranking, ranks in kept:
        compare(list(ranking), ranks, "ranks")
        assert ranking.hidden == 0
        assert [ranking.place(rank.name) for rank in ranks] == list(range(len(ranks)))
        new = {rank.name for rank in kept[-1][1]} - {rank.name for rank in ranks}
        assert not any(map(ranking.place, new))
