"""Losses: a run carries those of its own files, those that may be its own, and no others."""

from pathlib import Path

import pytest

from tests.builders import T0, Json, S, case, heartbeat, line, span, start_record
from tracetui.analysis.runs.losses import Losses
from tracetui.analysis.runs.runs import ALL, NEWEST
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load
from tracetui.model.kind import Kind
from tracetui.report.check import check, page
from tracetui.report.heading import losses, losses_of_all

HOUR = 3600 * S
NOT_JSON = b"[/x]]\n"


def run(name: str, start: int, pid: int = 0) -> tuple[bytes, Json]:
    """The spans of a run, by one process, and its suite."""
    resource = {"service.name": name, "host.name": "h", **({"process.pid": pid} if pid else {})}
    suite = span(name, {"tracetui.span.role": "suite"}, start=start, end=start + S, trace=name.ljust(32, "0"))
    test = case(f"{name}.py::t", parent=suite, trace=suite["traceId"], start=start, end=start + S)
    return line(suite, test, resource=resource), suite


def findings(directory: Path, **files: bytes) -> Findings:
    """Of files in a directory; `__` in a name stands for what cannot be in a keyword."""
    for name, data in files.items():
        path = directory / name.replace("__", "/", 1) if name.startswith("live") else directory / name
        path = path.with_name(path.name.replace("_traces", ".traces.jsonl").replace("_logs", ".logs.jsonl"))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return study(load([str(directory)]).table.snapshot(), T0 + 2 * HOUR)


def seen(found: Findings, choice: int = NEWEST) -> list[dict[Kind, int]]:
    """What is lost of a run for sure, perhaps, and of others."""
    told = found.chosen(choice).losses
    return [dict(kinds) for kinds in (told.own, told.perhaps, told.elsewhere)]


def both(found: Findings) -> tuple[list[dict[Kind, int]], list[dict[Kind, int]]]:
    """Of the newer and the older of two runs."""
    assert len(found.runs) == 2
    return seen(found), seen(found, int(found.runs.key[1]))


def test_a_complete_run_carries_no_losses_of_another(tmp_path: Path) -> None:
    """A record of the older run's file was no span: the newer run is whole."""
    old, _ = run("old", T0)
    new, _ = run("new", T0 + HOUR)
    found = findings(tmp_path, a_traces=old + NOT_JSON, b_traces=new)
    rejected = {Kind.REJECTED: 1}
    assert both(found) == ([{}, {}, rejected], [rejected, {}, {}])
    assert [summary.lost for summary in found.runs] == [{}, rejected]
    assert seen(found, ALL) == [rejected, {}, {}]
    lines = ["".join(segment.text for segment in line) for line in losses_of_all(found)]
    assert lines == ["missing from other runs: non-span records (1) (details: tracetui check)"]
    assert not list(losses(found))
    told = {"".join(segment.text for segment in line) for line in page(check(found, 2))}
    assert "run new: ended, 1 test" in told
    assert "run old: ended, 1 test; some of it is missing: non-span records (1)" in told


def test_what_a_writer_dropped_is_of_the_run_that_it_wrote(tmp_path: Path) -> None:
    """The live log beside a file tells of the spans in that file, though it holds none itself."""
    old, _ = run("old", T0)
    new, _ = run("new", T0 + HOUR)
    found = findings(
        tmp_path, a_traces=old, live__a_logs=heartbeat(dropped=7, pid=7, has_ended=True), b_traces=new
    )
    assert both(found) == ([{}, {}, {Kind.DROPPED: 7}], [{Kind.DROPPED: 7}, {}, {}])


@pytest.mark.parametrize("pid", [7, 8])
def test_a_file_without_spans_is_tied_by_its_process(tmp_path: Path, pid: int) -> None:
    """A heartbeat beside no file of its own names the process; of a process that wrote nothing: perhaps."""
    old, _ = run("old", T0, pid=7)
    new, _ = run("new", T0 + HOUR, pid=9)
    beat = heartbeat(dropped=7, pid=pid, host="h", has_ended=True)
    found = findings(tmp_path, a_traces=old, b_traces=new, live__c_logs=beat)
    lost = {Kind.DROPPED: 7}
    if pid == 7:
        assert both(found) == ([{}, {}, lost], [lost, {}, {}])
    else:
        assert both(found) == ([{}, lost, {}], [{}, lost, {}])
        (said,) = losses(found)
        assert "".join(segment.text for segment in said).startswith(
            "missing from this recording, possibly from this run: "
            "spans reported as dropped by their writer (7)"
        )


def test_what_a_file_of_several_runs_lost_may_be_of_any_of_them(tmp_path: Path) -> None:
    """Of two runs in one file perhaps, of the third, in its own, surely not."""
    one, two, three = (run(name, T0 + number * HOUR)[0] for number, name in enumerate(("one", "two", "six")))
    found = findings(tmp_path, a_traces=one + NOT_JSON + two, b_traces=three)
    assert len(found.runs) == 3
    rejected = {Kind.REJECTED: 1}
    newest, second, first = (seen(found, int(key)) for key in found.runs.key)
    assert (newest, second, first) == ([{}, {}, rejected], [{}, rejected, {}], [{}, rejected, {}])


def test_of_one_run_everything_is_lost(tmp_path: Path) -> None:
    """Where there is one run, whatever is missing is missing from it, wherever it stood."""
    new, _ = run("new", T0)
    found = findings(tmp_path, a_traces=new, b_traces=NOT_JSON + new[:-20])
    assert len(found.runs) == 1
    assert found.losses == Losses(own={Kind.REJECTED: 1, Kind.TORN: 1})


def test_a_start_record_ties_as_well(tmp_path: Path) -> None:
    """A writer whose finished spans were all lost is known by what it said it began."""
    old, _ = run("old", T0)
    _, suite = run("new", T0 + HOUR)
    log = start_record({**suite, "endTimeUnixNano": "0"}) + heartbeat(T0 + HOUR, dropped=2, has_ended=True)
    found = findings(tmp_path, a_traces=old, live__b_logs=log)
    assert both(found) == ([{Kind.DROPPED: 2}, {}, {}], [{}, {}, {Kind.DROPPED: 2}])


def test_many_runs_that_each_lost_something(tmp_path: Path) -> None:
    """Each carries its own; together they are all that the recording lost."""
    number = 60
    named = {
        f"{at}_traces": run(f"r{at}", T0 - at * HOUR)[0] + NOT_JSON * (1 + at % 3) for at in range(number)
    }
    found = findings(tmp_path, **named)
    own = [summary.lost[Kind.REJECTED] for summary in found.runs]
    assert own == [1 + at % 3 for at in range(number)]
    told = found.chosen(int(found.runs.key[7])).losses
    assert sum(sum(kinds.values()) for kinds in (told.own, told.perhaps, told.elsewhere)) == sum(own)
