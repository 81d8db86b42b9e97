"""Lanes grow to what lanes made anew are, and in ordinary events nothing is made anew."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.analysis.simulated import Record, jobs, runs
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import T0, S
from tracetui.analysis.lanes import blocks, lane_growth, lanes_growth
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.tree.outermost import Seen
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.store.table import SpanTable

pytestmark = pytest.mark.usefixtures("shared_pages")


class Store:
    """A store of two files that grow."""

    def __init__(self) -> None:
        self.table = SpanTable()
        for source in ("a", "b"):
            self.table.add_source(source)

    def add(self, records: list[Record]) -> None:
        for source in range(2):
            reader = OtlpJson()
            reader.feed(b"".join(record.data for record in records if record.source == source))
            self.table.append(source, reader.take())


def assert_grow(batches: list[list[Record]]) -> None:
    """After each batch lanes are those that are found anew."""
    store, grow, now = Store(), Study(), T0
    for batch in batches:
        store.add(batch)
        now = max([now, *(record.at for record in batch)])
        snapshot = store.table.snapshot()
        compare(grow(snapshot, now).lanes, study(snapshot, now).lanes, "lanes")


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many spans lanes were made anew, each time that they were."""
    made: list[int] = []
    whole = lanes_growth._anew

    def counted(seen: Seen, clocks: Clocks | None) -> object:
        made.append(len(seen.snapshot))
        return whole(seen, clocks)

    monkeypatch.setattr(lanes_growth, "_anew", counted)
    return made


@settings(max_examples=examples(15))
@given(runs(), st.sampled_from((1, 2, 256)), st.sampled_from((1, 3, 2000)))
def test_lanes_grow_to_what_they_are_anew(
    batches: list[list[Record]], left_open: int, looked_at: int
) -> None:
    """Whatever arrives late, ends never, or stands inside what."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane_growth, "LEFT_OPEN", left_open)
        for module in (blocks, lane_growth):
            patch.setattr(module, "MOST_LOOKED_AT", looked_at)
        assert_grow(batches)


@settings(max_examples=examples(25))
@given(runs(ahead=(0, 0, 3600 * S, -3600 * S, 20 * S)), st.sampled_from((1, 2, 256)))
def test_lanes_of_clocks_that_are_off_grow_as_well(batches: list[list[Record]], left_open: int) -> None:
    """Each lane is a process; how far a clock is off may turn out only later, or by something else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane_growth, "LEFT_OPEN", left_open)
        assert_grow(batches)


@pytest.mark.parametrize("ahead", [0, 3600 * S])
def test_lanes_of_a_live_run_only_grow(tmp_path: Path, anew: list[int], ahead: int) -> None:
    """Tests that end and begin, their phases, heartbeats: what has come is all that is looked at."""
    step = S // 20
    begin = time.time_ns() - 1500 * step  # Heartbeats are of now.
    run = LiveRun(tmp_path, start_ns=begin, ahead_ns=ahead)
    fill(run, 6000, begin, begin + 1500 * step)
    ingest, grow = Ingest([str(tmp_path)], follow=True), Study()
    try:
        for reading in range(30):
            while ingest.step():
                pass
            ingest.sweep()
            while ingest.step():
                pass
            snapshot, now = ingest.table.snapshot(), begin + (1501 + 15 * reading) * step
            found = grow(snapshot, now)
            assert [skew.offset_ns for skew in found.skews.values()] == ([ahead] if ahead else [])
            compare(found.lanes, study(snapshot, now).lanes, "lanes")
            for number in range(15):
                run.step(now + number * step)
            run.beat()
    finally:
        ingest.close()
        run.close()
    assert len(anew) == 1


@pytest.mark.parametrize("count", [1, 4])
def test_lanes_that_nothing_names_only_grow(
    count: int, anew: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests that are told of at their end, in any order of their starts."""
    monkeypatch.setattr(lane_growth, "LEFT_OPEN", 16)
    records, store, grow = jobs(count, 800), Store(), Study()
    for begin in range(0, len(records), 20):
        batch = records[begin : begin + 20]
        store.add(batch)
        snapshot, now = store.table.snapshot(), batch[-1].at
        compare(grow(snapshot, now).lanes, study(snapshot, now).lanes, "lanes")
    assert len(anew) == 1
