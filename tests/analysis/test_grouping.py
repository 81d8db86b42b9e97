"""What users call a run, of recordings of every make."""

import random

import pytest

from tests.builders import T0, Json, S, case, line, small_run, span, start_record, table
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.study.findings import Findings, study

HOUR = 3600 * S


def suite(name: str, start: int, end: int, trace: str = "a") -> Json:
    told = {"tracetui.span.role": "suite", "test.suite.name": name}
    return span(name, told, start=start, end=end, trace=trace * 32)


def grouped(**files: bytes) -> Findings:
    """The findings of files with these names."""
    made = table(*files.values())
    made._sources[:] = [name.replace("_", "/") + ".jsonl" for name in files]
    return study(made.snapshot(), T0)


def names(found: Findings) -> list[set[str]]:
    """The titles of the spans of each run, the newest run first."""
    titles = [found.snapshot.title(row) for row in range(len(found.snapshot))]
    return [
        {title for title, of in zip(titles, found.runs.of, strict=True) if of == number}
        for number in range(len(found.runs))
    ]


def test_a_trace_is_one_run() -> None:
    """Commands of one CI task share a trace: minutes between them do not part them, nor do files."""
    first, second = suite("one", T0, T0 + S), suite("two", T0 + 600 * S, T0 + 900 * S)
    assert names(grouped(x=line(first), y=line(second))) == [{"one", "two"}]


def test_a_trace_id_that_comes_again() -> None:
    """Runs with one random seed have one trace id: a day later it is another run."""
    first, second = suite("one", T0, T0 + S), suite("two", T0 + 24 * HOUR, T0 + 25 * HOUR)
    assert names(grouped(x=line(first, second))) == [{"two"}, {"one"}]


def test_suites_of_one_command() -> None:
    """Suites that follow each other in one file, or in files that are numbered on, are one run."""
    first, second = suite("one", T0, T0 + S), suite("two", T0 + 3 * S, T0 + 5 * S, "b")
    assert names(grouped(x=line(first, second))) == [{"one", "two"}]
    assert names(grouped(d_metrics1=line(first), d_metrics12=line(second))) == [{"one", "two"}]
    assert names(grouped(c_metrics1=line(first), d_metrics12=line(second))) == [{"two"}, {"one"}]


def test_a_run_and_the_next() -> None:
    """Run, mend, run again: seconds apart, in files of their own, these are two runs."""
    first, second = suite("one", T0, T0 + S), suite("two", T0 + 3 * S, T0 + 5 * S, "b")
    assert names(grouped(x=line(first), y=line(second))) == [{"two"}, {"one"}]


@pytest.mark.parametrize(("pid", "is_one"), [(7, True), (17, False)])
def test_what_a_command_sends(pid: int, is_one: bool) -> None:
    """However late: files of `tracetui exec`, and of what is sent to it, are named after its process."""
    command = suite("command", T0, T0 + 60 * S)
    tests = [
        case(name, start=T0 + at * S, trace=trace * 32)
        for name, at, trace in (("x", 20, "b"), ("y", 29, "c"))
    ]
    files = {
        "s_20261130T100112Z-tracetui-exec-7-9480bb29.traces": line(command),
        f"s_20261130T100112Z-received-{pid}-233e837e.traces": line(*tests),
    }
    assert names(grouped(**files)) == ([{"command", "x", "y"}] if is_one else [{"x", "y"}, {"command"}])


def test_runs_at_once() -> None:
    """What begins within seconds and overlaps is one run; what begins while another hangs is not."""
    first, second = suite("one", T0, T0 + 30 * S), suite("two", T0 + 2 * S, T0 + 9 * S, "b")
    late = suite("late", T0 + 20 * S, T0 + 25 * S, "c")
    assert names(grouped(x=line(first), y=line(second), z=line(late))) == [{"late"}, {"one", "two"}]


def test_other_traces_join() -> None:
    """What is no test belongs to the run in whose time it began; alone, it comes after all runs."""
    run = suite("run", T0, T0 + 30 * S)
    server = span("GET /", start=T0 + 20 * S, end=T0 + 21 * S, trace="b" * 32)
    later = span("cron", start=T0 + HOUR, end=T0 + HOUR + S, trace="c" * 32)
    assert names(grouped(x=line(run), y=line(server, later))) == [{"run", "GET /"}, {"cron"}]


def test_no_tests_at_all() -> None:
    """Without any test, what lies near each other in time is one run."""
    day = [span(f"day {day}", start=T0 + day * 24 * HOUR, end=T0 + day * 24 * HOUR + S) for day in range(2)]
    assert names(grouped(x=line(*day))) == [{"day 1"}, {"day 0"}]


def test_tests_before_their_suite() -> None:
    """While the suite has not arrived its tests are one run already."""
    tests = [case(f"t{number}", start=T0 + 60 * S * number, parent="f" * 16) for number in range(3)]
    assert names(grouped(x=line(*tests))) == [{"t0", "t1", "t2"}]


@pytest.mark.parametrize("seed", range(3))
def test_arrival(seed: int) -> None:
    """Whatever the order of arrival, the runs are the same."""
    spans = [
        made
        for number, trace in enumerate("abcdef")
        for at in [T0 + number * HOUR]
        for made in (suite(trace, at, at + S, trace), case(f"t{trace}", start=at, trace=trace * 32))
    ]
    random.Random(seed).shuffle(spans)
    assert names(grouped(x=line(*spans))) == [{trace, f"t{trace}"} for trace in "fedcba"]


def test_a_choice_stays() -> None:
    """A run that was chosen is the same one after newer runs have come."""
    first, second = line(suite("one", T0, T0 + S)), line(suite("two", T0 + HOUR, T0 + HOUR + S, "b"))
    choice = int(grouped(x=first).runs.key[0])
    later = grouped(x=first, y=second)
    assert later.summary.name == "two"
    assert later.chosen(choice).summary.name == "one"
    within = later.chosen(choice).within
    assert within is not None
    assert within.tolist() == [True, False]
    assert later.chosen(ALL).within is None
    assert later.chosen(12345).summary.name == "two"


def test_what_runs_say() -> None:
    """Size, files and spans of each run, and how its tests ended."""
    found = grouped(x=small_run(), y=line(suite("late", T0 + HOUR, T0 + HOUR + S, "b")))
    (small, late), files = list(found.runs), found.runs.files.tolist()
    assert (late.name, late.spans, late.tests, late.state) == ("late", 1, 0, "ended")
    assert (small.name, small.tests, small.failed, small.running) == ("depot", 11, 1, 1)
    assert files == [1, 1]
    assert late.bytes > 100
    assert small.spans + late.spans == len(found.snapshot)


def test_only_a_start_record() -> None:
    """A single start record, or nothing, makes runs that can be asked."""
    assert names(grouped(x=start_record(case("t", end=0)))) == [{"t"}]
    assert len(grouped(x=b"").runs) == 0
