"""Runs: how many there are, and what the newest says of itself."""

import itertools
from pathlib import Path

import orjson
import pytest

from tests.builders import (
    MS,
    T0,
    Json,
    S,
    case,
    key_values,
    line,
    small_run,
    snapshot,
    span,
    start_record,
    table,
)
from tracetui.analysis.failures.failures import failed_tests
from tracetui.analysis.lanes.lanes import lanes
from tracetui.analysis.runs.runs import ALL, EMPTY
from tracetui.analysis.runs.verdicts import top_suites
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load
from tracetui.model.role import Outcome

DATA = Path(__file__).parents[1] / "data"


def findings(*parts: bytes, now: int = T0) -> Findings:
    return study(snapshot(*parts), now)


def suite(name: str, start: int = T0, end: int = T0 + S, parent: Json | None = None) -> Json:
    told = {"tracetui.span.role": "suite", "test.suite.name": name}
    return span(name, told, start=start, end=end, parent=parent)


def test_a_run_under_way_is_live() -> None:
    """Name, state and the tests so far, of a run with one test still running."""
    found = findings(small_run(), now=T0 + 5 * S)
    summary = found.summary
    assert (summary.name, summary.suites, summary.state, summary.tests) == ("depot", 1, "live", 11)
    assert (summary.start_ns, summary.end_ns) == (T0, T0 + 5 * S)
    bad = {outcome: count for outcome, count in summary.outcomes.items() if outcome != Outcome.PASSED}
    assert bad == {Outcome.FAILED: 1, Outcome.SKIPPED: 1, Outcome.RUNNING: 1}


def test_a_run_whose_writer_is_gone_is_cut_off() -> None:
    """Nothing runs any more, something never ended."""
    store = table(small_run())
    store.set_gone([0])
    assert study(store.snapshot(), T0 + S).summary.state == "cut off"


def test_a_finished_run_has_ended() -> None:
    """Everything that began has ended."""
    summary = findings(line(suite("s"), case("t"))).summary
    assert (summary.state, summary.suites, summary.tests) == ("ended", 1, 1)


def test_an_empty_store_is_an_empty_summary() -> None:
    """Nothing read yet is a state of its own."""
    assert findings(b"").summary == EMPTY


def test_suites_inside_suites_are_one_run() -> None:
    """Only suites without a suite above them count, however far above."""
    top = suite("top")
    between = span("between", parent=top)
    inner = suite("inner", parent=between)
    found = findings(line(top, between, inner))
    assert [found.snapshot.name(int(row)) for row in top_suites(found.snapshot, found.tree)] == ["top"]
    assert len(found.runs) == 1


def test_only_the_newest_runs_are_summarised() -> None:
    """Yesterday's run in the same directory says nothing of today's."""
    old = T0 - 86_400 * S
    found = findings(line(suite("old", old, old + S), case("a", start=old, end=old + S, status=2)))
    assert found.summary.name == "old"
    both = findings(
        line(suite("old", old, old + S), case("a", start=old, end=old + S)),
        line(suite("new"), case("b", "failed", end=T0 + MS)),
    )
    assert (both.summary.name, both.summary.start_ns) == ("new", T0)
    assert dict(both.summary.outcomes) == {Outcome.FAILED: 1}
    earlier = both.chosen(int(both.runs.key[1]))
    assert (earlier.summary.name, dict(earlier.summary.outcomes)) == ("old", {Outcome.PASSED: 1})
    assert both.chosen(ALL).summary.outcomes == both.summary.outcomes + earlier.summary.outcomes


def test_runs_that_follow_each_other_are_summarised_together() -> None:
    """Two suites of one command, seconds apart, are one story."""
    found = findings(line(suite("one"), suite("two", T0 + 2 * S, T0 + 4 * S)))
    assert (found.summary.suites, found.summary.name) == (2, "two")
    assert (found.summary.start_ns, found.summary.end_ns) == (T0, T0 + 4 * S)


def test_spans_without_tests_are_one_run() -> None:
    """A recording of something else is one run, named after its longest root."""
    summary = findings(line(span("short"), span("long", end=T0 + S))).summary
    assert (summary.name, summary.suites, summary.tests) == ("long", 0, 0)


def test_what_a_root_began_and_did_not_wait_for_belongs_to_its_run() -> None:
    """A trace is as long as its spans, not as its root: another during it is of the same run."""
    root = span("request", start=T0, end=T0 + S, trace="a" * 32)
    job = span("job", start=T0 + S, end=T0 + 90 * S, parent=root, trace="a" * 32)
    other = span("other", start=T0 + 60 * S, end=T0 + 61 * S, trace="b" * 32)
    found = findings(line(root, job, other), now=T0 + 3600 * S)
    assert len(found.runs) == 1
    assert found.summary.end_ns == T0 + 90 * S


def test_only_a_start_record_is_a_run_under_way() -> None:
    """The first record of a run is enough to show it."""
    summary = findings(start_record(suite("s", end=0)), now=T0 + MS).summary
    assert (summary.name, summary.state, summary.end_ns) == ("s", "live", T0 + MS)


def test_a_run_tells_how_many_tests_to_expect() -> None:
    """By the last of its start records or by its end, in any order; unknown while a run is silent."""
    early = {**suite("s", end=0), "attributes": key_values({"tracetui.span.role": "suite"})}
    told = {"tracetui.span.role": "suite", "pytest.testscollected": 9}
    late = {**early, "attributes": key_values(told)}
    end = {**late, "endTimeUnixNano": str(T0 + S)}
    for order in (
        (start_record(early), start_record(late)),
        (start_record(late), start_record(early)),
        (start_record(late), line(end), start_record(early)),
        (line(end),),
    ):
        assert findings(*order).summary.expected == 9
    assert findings(line(end), line(suite("silent"))).summary.expected == 0
    assert (
        findings(line(end), line({**late, "spanId": "7" * 16, "endTimeUnixNano": "1"})).summary.expected == 18
    )


@pytest.mark.parametrize("ids", [*itertools.permutations("135")])
def test_each_run_expects_what_its_own_suites_said(ids: tuple[str, ...]) -> None:
    """Whatever the order of their ids; one of them said nothing."""
    lines = [
        line(
            span(
                f"s{number}",
                {"tracetui.span.role": "suite", **({"pytest.testscollected": number} if number else {})},
                start=T0 + number * 7200 * S,
                trace=f"{number + 1:032x}",
                id=each * 16,
            )
        )
        for number, each in enumerate(ids)
    ]
    assert [run.expected for run in findings(*lines).runs] == [2, 1, 0]


def test_a_test_that_was_run_again_is_one_test() -> None:
    """Three attempts, two, one and one: four tests as pytest itself counted them, and three reruns."""
    found = findings((DATA / "dialects" / "tracetui-reruns.traces.jsonl").read_bytes())
    assert found.summary.outcomes == {Outcome.PASSED: 3, Outcome.FAILED: 1}
    assert (found.summary.tests, found.summary.reruns, found.summary.expected) == (4, 3, 4)
    ranked = {rank.name.partition("::")[2]: rank for rank in found.rank()}
    lucky, never = ranked["test_third_time_lucky"], ranked["test_never"]
    assert (lucky.count, lucky.reruns, lucky.failed) == (1, 2, 0)
    assert (never.count, never.reruns, never.failed) == (1, 1, 1)
    assert lucky.mean_ns == lucky.own_ns // 3
    assert [found.snapshot.title(int(row)) for row in failed_tests(found.snapshot)] == [never.name]
    assert sum(lane.tests for lane in lanes(found.snapshot, found.tree, found.times).lanes) == 4


def test_documents_without_an_epoch_lengthen_no_sum() -> None:
    """All runs together begin and end with those that have an epoch; one without lasts as long as it did."""
    dated, trace = line(suite("dated")), "a" * 32
    undated = line(span("undated", start=1, end=2 * S, trace=trace), resource={"tracetui.clock": "relative"})
    whole = findings(dated, undated).runs.summary(ALL)
    assert (whole.start_ns, whole.end_ns) == (T0, T0 + S)
    alone = findings(undated).runs.summary(ALL)
    assert alone.end_ns - alone.start_ns == 2 * S - 1
    others = [span(name, start=7, end=7 + took * S) for name, took in (("b", 5), ("c", 4))]
    told = {"tracetui.clock": "relative"}
    several = findings(undated, *(line(other, resource=told) for other in others)).runs
    assert len(several) > 1
    both = several.summary(ALL)
    assert both.end_ns - both.start_ns == 5 * S


@pytest.mark.parametrize("names", [("one.json", "other.json"), ("1/trace.json", "2/trace.json")])
def test_runs_without_dates_are_told_apart_by_their_files(names: tuple[str, str], tmp_path: Path) -> None:
    """Nothing else does: what they are called is the same, and they began at no time."""
    for number, name in enumerate(names):
        path = tmp_path / "all" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps([{"ph": "X", "name": "build", "ts": 0, "dur": 10**6 + number}]))
    ingest = load([str(tmp_path / "all")])
    runs = study(ingest.table.snapshot(), T0).runs
    told = sorted(runs.full_name(number) for number in range(len(runs)))
    assert told == [f"build {name.partition('/')[0]}" for name in names]
    ingest.close()


@pytest.mark.parametrize(("lengths", "named"), [((2, 1), "a"), ((1, 2), "b"), ((2, 2), "a")])
def test_a_run_is_named_after_its_longest_job(lengths: tuple[int, int], named: str) -> None:
    """Of equally long ones after the first; other runs have no say."""
    parts = []
    for number, name in enumerate("abc"):
        pipeline = {"cicd.pipeline.run.id": "1" if name != "c" else "2", "cicd.pipeline.task.name": name}
        took = (*lengths, 9)[number] * S
        run = span(
            name,
            {"tracetui.span.role": "suite", "test.suite.name": name},
            start=T0 + number,
            end=T0 + number + took,
            trace=f"{number + 1}" * 32,
        )
        parts.append(line(run, resource=pipeline))
    runs = study(snapshot(*parts), T0 + 20 * S).runs
    assert sorted(runs.name(number) for number in range(len(runs))) == sorted([named, "c"])
    assert {len(runs.jobs_of(number)) for number in range(2)} == {1, 2}
