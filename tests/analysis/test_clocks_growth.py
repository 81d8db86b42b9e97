"""Clocks that are right are known to be so from what has changed, as from the whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.analysis.forests import ODD, Batches, looked_at, processes
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import T0, S
from tracetui.analysis.study.findings import Parts, study
from tracetui.analysis.study.study import Study
from tracetui.analysis.time import clocks_growth
from tracetui.analysis.time.clocks_growth import Trust
from tracetui.analysis.time.skew_growth import Disorder
from tracetui.ingest import Ingest

gone = st.integers(-1, 6)


@settings(max_examples=examples(20))
@given(processes(ODD), gone, st.sampled_from((1, 4096)))
def test_what_is_trusted_is_right(batches: Batches, gone: int, large: int) -> None:
    """Whatever comes, of any process, in any order: where nothing is said to be wrong, nothing is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocks_growth, "LARGE", large)
        trust = Trust()
        for step, whole, _ in looked_at(batches, gone):
            if step and trust.holds(step, whole.tree, whole.now_ns):
                assert whole.clocks is None


@settings(max_examples=examples(20))
@given(processes(), gone)
def test_what_is_out_of_order_is_followed(batches: Batches, gone: int) -> None:
    """By parents that end, writers that are heard of, spans that find their parents or their processes."""
    followed: Disorder | None = None
    for step, whole, _ in looked_at(batches, gone):
        found = Disorder(whole.written, whole.tree)
        if step and followed:
            assert followed.follow(step, whole.tree)
            np.testing.assert_array_equal(followed.counts, found.counts)
            np.testing.assert_array_equal(followed.out, found.out)
        followed = found if step is None else followed or found


@settings(max_examples=examples(20))
@given(processes())
def test_of_ordinary_times_all_is_known(batches: Batches) -> None:
    """Nothing that comes of a run under way has all looked at, unless a clock may be off."""
    trust = Trust()
    for step, whole, _ in looked_at(batches):
        is_trusted = step is not None and trust.holds(step, whole.tree, whole.now_ns)
        if step and step.last.clocks is None:
            assert is_trusted == Disorder(whole.written, whole.tree).is_settled


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was looked at as a whole, each time that it was."""
    made: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        whole = getattr(Parts, name)

        def found(*told: Any) -> Any:
            made.append(name)
            return whole(*told)

        return found

    for name in ("trusted", "counted"):
        monkeypatch.setattr(Parts, name, noted(name))
    return made


def test_of_a_live_run_only_what_has_changed_is_looked_at(tmp_path: Path, anew: list[str]) -> None:
    """Whether clocks are right and what counts: while tests, phases and heartbeats come."""
    run = LiveRun(tmp_path, start_ns=T0)
    fill(run, 4000, T0, T0 + 100 * S)
    ingest, grow = Ingest([str(tmp_path)], follow=True), Study()
    try:
        for reading in range(12):
            while ingest.step():
                pass
            ingest.sweep()
            while ingest.step():
                pass
            now = T0 + (101 + reading) * S
            snapshot = ingest.table.snapshot()
            found = grow(snapshot, now)
            assert anew == ["trusted", "counted"]
            whole = study(snapshot, now)
            compare((found.snapshot, found.clocks), (whole.snapshot, whole.clocks), "found")
            anew[2:] = []
            for _ in range(15):
                run.step(now)
            run.beat()
    finally:
        ingest.close()
        run.close()
