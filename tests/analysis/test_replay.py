"""A recording at a moment, against what each of its spans says by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from tests.analysis.graphs import runs
from tests.analysis.skewed import recording as skewed
from tests.budgets import examples
from tests.builders import T0, S, case, line, snapshot, span
from tests.recordings import RUNS, recorded
from tracetui import units
from tracetui.analysis.study.findings import study
from tracetui.analysis.time.replay import at, recording, understood
from tracetui.analysis.tree.tree import build
from tracetui.model.columns import STORED
from tracetui.model.role import Outcome
from tracetui.report.drawing.style import clock_badge, skew_badge
from tracetui.store.snapshot import Snapshot

NOW = units.SLOT + 60


@st.composite
def recorded_runs(draw: st.DrawFn) -> Snapshot:
    """Random runs, their times without an epoch in their place."""
    return study(draw(runs(20)), NOW).snapshot


moments_of_runs = st.integers(units.SLOT - 1, NOW + 5)


@settings(max_examples=examples(35))
@given(recorded_runs(), moments_of_runs)
def test_a_moment_is_what_had_begun_by_then(read: Snapshot, moment: int) -> None:
    """A span is there if it had begun, runs if it had not ended, and is else as it was recorded."""
    recorded = recording(study(read, NOW))
    seen = at(recorded, moment)
    begun = [row for row in range(len(read)) if read.start_ns[row] <= moment]
    assert len(seen) == len(begun)
    assert sorted(map(str, map(seen.title, range(len(seen))))) == sorted(map(str, map(read.title, begun)))
    for row in range(len(seen)):
        if recorded.end_ns[row] > moment:
            assert (seen.end_ns[row], seen.outcome[row]) == (0, Outcome.RUNNING)
        else:
            assert seen.outcome[row] == recorded.snapshot.outcome[row]
            assert seen.end_ns[row] == recorded.snapshot.end_ns[row]
    build(seen)


@settings(max_examples=examples(25))
@given(recorded_runs(), st.lists(moments_of_runs, min_size=2, max_size=2).map(sorted))
def test_rows_of_a_moment_stay(read: Snapshot, moments: list[int]) -> None:
    """The rows of a moment are the first ones of any later moment; parents are rows that are there."""
    recorded = recording(study(read, NOW))
    before, after = (at(recorded, moment) for moment in moments)
    assert before.start_ns.tolist() == after.start_ns[: len(before)].tolist()
    assert before.key.tolist() == after.key[: len(before)].tolist()
    for row in range(len(after)):
        parent = int(recorded.snapshot.parent_row[row])
        assert after.parent_row[row] == (parent if parent < len(after) else -1)


@given(runs(20))
def test_after_the_end_all_is_as_recorded(read: Snapshot) -> None:
    """Later than everything, nothing runs that was not recorded as running, and nothing is missing."""
    recorded = recording(study(read, NOW))
    seen = at(recorded, 2**62)
    assert seen.outcome.tolist() == recorded.snapshot.outcome.tolist()
    assert len(seen) == len(read)


def test_columns_are_all_that_is_by_row() -> None:
    """What a moment takes a part of is every array of a snapshot that has one value a row."""
    spans = [case(f"t{number}", start=T0 + number, end=T0 + S) for number in range(7)]
    read = snapshot(line(*spans))
    values = asdict(read)
    arrays = {name for name, value in values.items() if isinstance(value, np.ndarray) and len(value) == 7}
    assert arrays == set(STORED)


def test_what_is_seen() -> None:
    """How many have begun and ended tells whether anything is different; the whole run is what is played."""
    suite = span("suite", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 5 * S)
    read = snapshot(line(suite, case("one", start=T0 + S, end=T0 + 2 * S, parent=suite)))
    recorded = recording(study(read, T0 + 9 * S))
    assert (recorded.begin_ns, recorded.finish_ns) == (T0, T0 + 5 * S)
    assert [recorded.seen(T0 + after * S) for after in range(-1, 6)] == [
        (0, 0),
        (1, 0),
        (2, 0),
        (2, 1),
        (2, 1),
        (2, 1),
        (2, 2),
    ]
    moment = study(at(recorded, T0 + S + S // 2), T0 + S + S // 2)
    assert moment.summary.state == "live"
    assert [moment.snapshot.title(each.row) for each in moment.running] == ["one"]


@pytest.mark.parametrize("at_s", [7, 12, 20, 60])
def test_a_clock_that_is_off_is_told_while_it_plays(at_s: int) -> None:
    """From when the first span of its process has begun: with badge, offset and lane as in the whole."""
    whole = study(snapshot(*skewed(300 * S)), T0 + 3600 * S)
    (skew,) = whole.skews.values()
    found = understood(recording(whole), T0 + at_s * S)
    (again,) = found.skews.values()
    assert (again.offset_ns, found.snapshot.title(again.row)) == (skew.offset_ns, "gw1")
    assert skew_badge(found, again.row) == skew_badge(whole, skew.row) != ""
    assert [lane.offset_ns for lane in found.lanes.lanes] == [0, skew.offset_ns]
    assert found.overview.still == ()
    assert int(found.written.start_ns[again.row]) == int(whole.written.start_ns[skew.row])


def test_what_ran_inside_tests_is_told_while_it_plays() -> None:
    """It counts nowhere, and is said to have run."""
    whole = recorded(RUNS / "nested")
    found = understood(recording(whole), recording(whole).finish_ns)
    assert found.summary.nested == whole.summary.nested > 0
    assert found.summary.outcomes == whole.summary.outcomes


def test_doubtful_times_keep_their_badge() -> None:
    """A span that ends before it began says so, and takes what it took."""
    parts = line(
        case("a", end=T0 + S), case("b", start=T0 + S, end=T0 + 5), case("c", start=T0, end=T0 + 2 * S)
    )
    whole = study(snapshot(parts), T0 + 10 * S)
    found = understood(recording(whole), T0 + 9 * S)
    told = {
        found.snapshot.title(row): (clock_badge(found, row), int(found.times.total[row])) for row in range(3)
    }
    assert told == {
        whole.snapshot.title(row): (clock_badge(whole, row), int(whole.times.total[row])) for row in range(3)
    }
    assert told["b"][0]
