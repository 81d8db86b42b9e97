"""Lanes of several runs of which some have no date: each is right by itself, nobody knows how they lie."""

import pytest

from tests.builders import T0, S, case, line, span, table
from tests.report.test_lanes import text
from tracetui import units
from tracetui.analysis.lanes.sums import Sums, sums
from tracetui.analysis.lanes.wall import common_wall
from tracetui.analysis.ledger.ledger import ledger
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.window import Window


def run(start: int, trace: int, tests: tuple[int, ...] = (0, 1, 5)) -> bytes:
    """A run of ten seconds, with tests of one second at these."""
    trace_id = f"{trace:032x}"
    told = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    top = span("depot", told, start=start, end=start + 10 * S, trace=trace_id)
    made = [
        case(f"t{at}", start=start + at * S, end=start + (at + 1) * S, trace=trace_id, parent=top)
        for at in tests
    ]
    return line(*made, top)


def all_runs(*files: bytes) -> Findings:
    """Of files that are not numbered on, for those would be one run."""
    made = table(*files)
    made._sources[:] = [f"{chr(97 + number)}.jsonl" for number in range(len(files))]
    findings = study(made.snapshot(), T0 + 10**6 * S, choice=ALL)
    assert len(findings.runs) == len(files)
    return findings


def told(findings: Findings) -> Sums:
    return sums(findings.lanes, findings.overview.still)


@pytest.mark.parametrize("starts", [(S, S), (S, T0), (T0, S), (S, S, S)])
def test_runs_are_as_long_as_the_longest_of_them(starts: tuple[int, ...]) -> None:
    """Six seconds each, half of them idle; there is no stall of days between them."""
    findings = all_runs(*(run(at, number) for number, at in enumerate(starts, 1)))
    of_all, count = told(findings), len(starts)
    assert (of_all.lanes, of_all.wall_ns, of_all.work_ns) == (count, 6 * S, 3 * S * count)
    assert (of_all.idle_ns, of_all.stalled_ns, of_all.imbalance_ns) == (3 * S * count, 0, 0)
    assert findings.overview.still == ()
    assert ledger(findings).wall_ns == 10 * S
    assert recorded(findings).recorded_ns == 6 * S


def test_dates_go_before_what_has_none() -> None:
    """As for the run's length: 1 s with a date is the wall, whatever an undated run took."""
    findings = all_runs(run(S, 1), run(T0, 2, (0,)))
    assert told(findings).wall_ns == S
    assert [lane.start_ns >= units.NO_EPOCH for lane in findings.lanes.timed] == [True]


def test_how_long_after_the_first_is_said_only_where_it_is_known() -> None:
    """Two runs that have dates, an hour apart, and one that has none."""
    page = text(all_runs(run(T0, 1), run(T0 + 3600 * S, 2), run(S, 3)), 120)
    column = page[0].split().index("began")
    began = [row.split()[column + 1] for row in page[1:4]]
    assert sorted(began) == ["+0", "?", "?"]


def test_the_wall_is_on_one_axis() -> None:
    """Of the longest document, if none has a date; the others are not in it."""
    first, second = units.SLOT, 2 * units.SLOT
    lanes = [Window(first, first + 3), Window(second, second + 2), Window(second + 3, second + 4)]
    assert common_wall(lanes) == Window(second, second + 4)
    assert common_wall([*lanes, Window(T0, T0 + 1)]) == Window(T0, T0 + 1)
