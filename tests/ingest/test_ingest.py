"""Files to findings: directories as one recording, what is refused, what lives and what is cut off."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    MS,
    T0,
    TRACE,
    S,
    case,
    heartbeat,
    id_of,
    indented,
    line,
    log_line,
    small_run,
    span,
    start_record,
    unfinished,
    write_small_run,
)
from tests.processes import started
from tracetui.analysis.tree.tree import build
from tracetui.errors import InputError
from tracetui.ingest import Ingest, load
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.sources import directory

DATA = Path(__file__).parent.parent / "data"
LONG_AGO = T0 - 3600 * S


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read_end, write_end = os.pipe()
    yield read_end, write_end
    os.close(read_end)


def aged(path: Path) -> Path:
    """`path` as if nobody had written there for an hour."""
    for file in (path, *path.rglob("*")):
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
    return path


def drain(ingest: Ingest) -> None:
    """A sweep, and all that there is to read now."""
    ingest.sweep()
    while ingest.step():
        pass


def test_a_directory_is_one_recording() -> None:
    """Children in one file find their parents in another, whatever the order of the files."""
    read = load([str(DATA / "resmoke" / "evergreen")])
    assert (read.files, len(read.table), read.table.snapshot().orphans) == (4, 133, 2)
    assert read.ended
    assert read.total_bytes == read.table.health.bytes
    read.close()


def test_files_and_directories_are_read_together(tmp_path: Path) -> None:
    """Every path given goes into one table, each source under its own label."""
    one, two = tmp_path / "one.json", tmp_path / "dir"
    one.write_bytes(indented(span("one")))
    two.mkdir()
    (two / "two.jsonl").write_bytes(line(span("two", parent=span("one"))))
    read = load([str(one), str(two)]).table.snapshot()
    assert list(read.sources) == [str(one), str(two / "two.jsonl")]
    rows = {read.title(row): row for row in range(len(read))}  # Which comes first is a matter of time.
    assert read.parent_row[[rows["one"], rows["two"]]].tolist() == [-1, rows["one"]]


def test_standard_input_is_read_and_read_back(pipe: tuple[int, int]) -> None:
    """What came through a pipe can be looked at after it is gone."""
    os.write(pipe[1], line(span("piped", {"a": 1})))
    os.close(pipe[1])
    read = load(["-"], stdin=pipe[0])
    assert read.span(read.table.snapshot(), 0).attributes == {"a": 1}
    read.close()


def test_every_span_is_read_back_from_its_file(tmp_path: Path) -> None:
    """`span` gives the span of a row in full: attributes, events, resource, also of start records."""
    read = load([str(write_small_run(tmp_path / "spans"))])
    snapshot = read.table.snapshot()
    for row in range(len(snapshot)):
        found = read.span(snapshot, row)
        assert (found.name, found.span_id) == (snapshot.name(row), snapshot.span_id_text(row))
        assert (found.start_ns, found.end_ns) == (snapshot.start_ns[row], snapshot.end_ns[row])
        assert found.resource.attributes == {"service.name": "depot"}
        assert found.scope.name == "tests"
    failed = int((snapshot.outcome == Outcome.FAILED).nonzero()[0][0])
    assert read.span(snapshot, failed).events[0].attributes["exception.type"] == "AssertionError"
    read.close()


def test_a_deleted_file_can_still_be_looked_at(tmp_path: Path) -> None:
    """A recording keeps its files open."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(span("one")))
    read = load([str(path)])
    path.unlink()
    assert read.span(read.table.snapshot(), 0).name == "one"
    read.close()


def test_a_rewritten_file_is_not_looked_at(tmp_path: Path) -> None:
    """Other bytes at the place of a span are never shown as that span."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(span("one")))
    read = load([str(path)])
    path.write_bytes(b"x" * 10_000)
    with pytest.raises(InputError, match=r"x\.jsonl.*open .* again"):
        read.span(read.table.snapshot(), 0)
    read.close()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"hello\n", "this is text: "),
        (b'{"events": []}', "this is JSON: "),
        (b"<testsuites/>", "this is JUnit XML: it has no spans; record the run"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "not a trace"),
        (line(), "no spans in it"),
    ],
)
def test_a_file_that_is_no_trace_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    """The message is one line that names the file, what was found in it, and what to give instead."""
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        load([str(path)])
    message = str(refused.value)
    assert message.startswith(f"{path}: not a trace")
    assert told in message
    assert "give OTLP/JSON span files" in message or f"{path}: not a trace: this is " in message
    assert "\n" not in message


def test_paths_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    """A missing file and an empty directory say what they are."""
    with pytest.raises(InputError, match=r"nowhere\.jsonl: no such file"):
        load([str(tmp_path / "nowhere.jsonl")])
    with pytest.raises(InputError, match="no files there; open a span file"):
        load([str(tmp_path)])


def test_one_bad_path_among_good_ones_is_refused(tmp_path: Path) -> None:
    """Each path given must hold something."""
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(line(span("one")))
    bad.write_bytes(b"no\n")
    with pytest.raises(InputError, match=r"bad\.jsonl: not a trace"):
        load([str(good), str(bad)])


def test_bad_lines_among_good_ones_are_health(tmp_path: Path) -> None:
    """A damaged recording is read, and says where it is damaged."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(span("one")) + b"garbage}\n" + line(span("two"))[:-20])
    health = load([str(path)]).table.snapshot().health
    assert (health.rejected, health.torn) == (1, 1)
    assert [(problem.file, problem.offset) for problem in health.problems] == [
        (str(path), len(line(span("one")))),
        (str(path), len(line(span("one"))) + 9),
    ]


def test_logs_alone_are_a_recording(tmp_path: Path) -> None:
    """A file of log records is no mistake."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(log_line({"body": {"stringValue": "hi"}}))
    assert load([str(path)]).table.health.log_records == 1


def test_what_nobody_writes_any_more_is_cut_off(tmp_path: Path) -> None:
    """An old recording of a run that was killed: nothing of it runs."""
    read = load([str(aged(write_small_run(tmp_path / "spans")))]).table.snapshot()
    assert int((read.outcome == Outcome.CUT_OFF).sum()) == 4
    assert not (read.outcome == Outcome.RUNNING).any()


def test_without_heartbeats_only_what_is_young_in_itself_runs(tmp_path: Path) -> None:
    """The file is fresh in both cases: a copy of an old recording is as old as what it tells."""
    for age_s, outcome in ((0, Outcome.RUNNING), (60, Outcome.CUT_OFF)):
        path = tmp_path / f"{age_s}.jsonl"
        path.write_bytes(line(unfinished(span("one", start=time.time_ns() - age_s * S))))
        assert load([str(path)]).table.snapshot().outcome.tolist() == [outcome]


def test_a_writer_elsewhere_lives_by_its_heartbeat(tmp_path: Path) -> None:
    """A heartbeat younger than 15 s from another host is a sign of life, an older one is not."""
    for age_s, outcome in ((0, Outcome.RUNNING), (60, Outcome.CUT_OFF)):
        path = tmp_path / f"{age_s}.jsonl"
        beat = heartbeat(time.time_ns() - age_s * S, pid=1, host="elsewhere", boot_id="other")
        path.write_bytes(beat + start_record(span("one", end=0)))
        read = load([str(path)]).table.snapshot()
        assert read.outcome.tolist() == [outcome]


def test_a_writer_that_ended_by_itself_is_gone_at_once(tmp_path: Path) -> None:
    """Its last heartbeat says so: what it left open is cut off, and runs again if it goes on all the same."""
    beat: dict[str, Any] = {"pid": 1, "host": "elsewhere", "boot_id": "other"}
    path, now = tmp_path / "x.jsonl", time.time_ns()
    path.write_bytes(start_record(span("one", end=0)) + heartbeat(now, has_ended=True, **beat))
    assert load([str(path)]).table.snapshot().outcome.tolist() == [Outcome.CUT_OFF]
    path.write_bytes(path.read_bytes() + heartbeat(now + 1, **beat))
    assert load([str(path)]).table.snapshot().outcome.tolist() == [Outcome.RUNNING]


def test_a_writer_that_began_another_file_lives_by_that(tmp_path: Path) -> None:
    """What its first file tells of runs as long as the second one has young heartbeats."""
    for age_s, name in ((60, "1"), (0, "2")):
        beat = heartbeat(time.time_ns() - age_s * S, pid=1, host="elsewhere", boot_id="other")
        (tmp_path / f"{name}.logs.jsonl").write_bytes(beat + start_record(span(name, end=0)))
    assert load([str(tmp_path)]).table.snapshot().outcome.tolist() == [Outcome.RUNNING] * 2


def test_files_of_one_process_speak_for_themselves(tmp_path: Path) -> None:
    """That nothing is open in one says nothing of what is open in another."""
    now = time.time_ns()
    beat: dict[str, Any] = {"pid": 1, "host": "elsewhere", "boot_id": "other"}
    first = heartbeat(now - S, **beat) + start_record(span("one", start=now - 2 * S, end=0))
    (tmp_path / "1.logs.jsonl").write_bytes(first)
    (tmp_path / "2.logs.jsonl").write_bytes(heartbeat(now, open_spans=0, **beat))
    assert load([str(tmp_path)]).table.snapshot().outcome.tolist() == [Outcome.RUNNING]


WRITER = """
import os, platform, sys
from pathlib import Path
from tests.builders import heartbeat, span, start_record
boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
with open(sys.argv[1], "ab", buffering=0) as file:
    file.write(heartbeat(1, pid=os.getpid(), host=platform.node(), boot_id=boot))
    file.write(start_record(span("open", end=0)))
print("written", flush=True)
sys.stdin.read()
"""


def test_a_killed_writer_is_noticed(tmp_path: Path) -> None:
    """While the process lives its span runs, however old the heartbeat; killed, it is cut off."""
    path = tmp_path / "x.logs.jsonl"
    with started(
        [sys.executable, "-c", WRITER, str(path)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        ingest = Ingest([str(tmp_path)], follow=True)
        drain(ingest)
        ingest.sweep()
        assert ingest.table.snapshot().outcome.tolist() == [Outcome.RUNNING]
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    drain(ingest)
    assert ingest.table.snapshot().outcome.tolist() == [Outcome.CUT_OFF]
    ingest.close()


def test_a_followed_directory_grows(tmp_path: Path) -> None:
    """It may not exist yet; files come, lines grow, halves wait for their ends."""
    directory = tmp_path / "spans"
    ingest = Ingest([str(directory)], follow=True)
    drain(ingest)
    assert (len(ingest.table), ingest.files) == (0, 0)
    directory.mkdir()
    path = directory / "a.jsonl"
    test = case("test", start=T0, end=T0 + MS)
    path.write_bytes(start_record({**test, "endTimeUnixNano": "0"}) + line(test)[:100])
    drain(ingest)
    assert [len(ingest.table), ingest.table.health.rejected, ingest.table.health.torn] == [1, 0, 0]
    with path.open("ab") as file:
        file.write(line(test)[100:])
    (directory / "b.jsonl").write_bytes(line(span("below", parent=test)))
    drain(ingest)
    snapshot = ingest.table.snapshot()
    assert (len(snapshot), snapshot.health.rejected, snapshot.health.duplicates) == (2, 0, 0)
    assert build(snapshot).depth.tolist() == [0, 1]
    assert snapshot.outcome[0] == Outcome.PASSED
    assert ingest.span(snapshot, 0).end_ns == T0 + MS
    ingest.close()


def test_a_whole_document_without_a_line_end_is_shown_at_once(tmp_path: Path) -> None:
    """resmoke ends no line: its documents are taken as soon as they are whole."""
    path = tmp_path / "metrics1.json"
    path.write_bytes(indented(span("one")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    assert len(ingest.table) == 1
    ingest.close()


def test_a_truncated_file_is_counted_and_its_new_life_is_read(tmp_path: Path) -> None:
    """What was read stays; what comes after is read from the start."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(span("old")) * 3)
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    path.write_bytes(line(span("new")))
    for _ in range(3):
        drain(ingest)
    snapshot = ingest.table.snapshot()
    assert {snapshot.name(row) for row in range(len(snapshot))} == {"old", "new"}
    assert snapshot.health.resets == 1
    ingest.close()


def test_a_file_that_is_deleted_before_it_is_read_was_not_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what deleted files may take of the disk it is let go; what was read of it is shown."""
    monkeypatch.setattr(directory, "MOST_DELETED_BYTES", 1)
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(span("read")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    with path.open("ab") as file:
        file.write(line(span("unread")))
    path.unlink()
    drain(ingest)
    health = ingest.table.snapshot().health
    assert len(ingest.table) == 1
    assert health.losses == {Kind.DELETED: 1}
    assert [trouble.reason for trouble in health.problems] == ["deleted before it was read to its end"]
    ingest.close()


def test_a_line_that_its_writer_takes_back_is_no_reset(tmp_path: Path) -> None:
    """On a full disk: nothing is rewritten, lost, read twice or left over, and offsets stay true."""
    path = tmp_path / "a.jsonl"
    first, second, third = (line(span(name, {"n": name})) for name in ("first", "second", "third"))
    path.write_bytes(first + second[:-20])
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    assert ingest.table.health.count(Kind.PENDING) == 1
    os.truncate(path, len(first))
    drain(ingest)
    assert ingest.table.health.count(Kind.PENDING) == 0
    for more in (third + second[:-20], second[-20:]):
        with path.open("ab") as file:
            file.write(more)
        drain(ingest)
    snapshot = ingest.table.snapshot()
    names = [snapshot.name(row) for row in range(len(snapshot))]
    assert names == ["first", "third", "second"]
    assert [ingest.span(snapshot, row).attributes["n"] for row in range(3)] == names
    assert (ingest.files, ingest.total_bytes) == (1, len(first + second + third))
    assert snapshot.health.bytes == ingest.total_bytes
    assert not any(tally.count for tally in snapshot.health.kinds.values())
    ingest.close()


def test_lines_that_their_writer_takes_back_are_no_reset(tmp_path: Path) -> None:
    """Whole ones, of spans and logs, which it writes anew, in another order, with others, or never again."""
    path = tmp_path / "a.jsonl"
    spans = [span(f"s{number}", {"n": number}, id=id_of(number)) for number in range(9)]
    log = log_line({"traceId": TRACE, "spanId": id_of(2), "eventName": "event"})
    lines = [*map(line, spans[:3]), log, *map(line, spans[3:6])]
    path.write_bytes(b"".join(lines))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    content = b"".join(lines[:2])
    os.truncate(path, len(content))
    drain(ingest)
    snapshot = ingest.table.snapshot()
    assert (len(snapshot), snapshot.health.bytes, ingest.total_bytes) == (6, len(content), len(content))
    with pytest.raises(InputError, match="cannot be read back"):
        ingest.span(snapshot, 4)
    for more in ((line(spans[7]), line(spans[2]), log), (line(spans[5]), line(spans[4]), line(spans[8]))):
        content += b"".join(more)
        path.write_bytes(content)
        drain(ingest)
    snapshot = ingest.table.snapshot()
    assert [snapshot.name(row) for row in range(len(snapshot))] == [f"s{n}" for n in (*range(6), 7, 8)]
    for row, number in enumerate((0, 1, 2, None, 4, 5, 7, 8)):
        if number is not None:
            assert ingest.span(snapshot, row).attributes == {"n": number}
    assert [event.name for event in ingest.span(snapshot, 2).events] == ["event"]
    assert (ingest.files, ingest.total_bytes, snapshot.health.bytes) == (1, len(content), len(content))
    assert not any(tally.count for tally in snapshot.health.kinds.values())
    path.write_bytes(content + line(spans[8]))
    drain(ingest)
    assert ingest.table.snapshot().health.duplicates == 1
    ingest.close()


def test_what_is_wrong_with_lines_that_are_taken_back_is_counted_once(tmp_path: Path) -> None:
    """However often the writer writes them again; where it does not, they are not counted at all."""
    first, odd = span("first"), span("odd") | {"name": 7}
    log = log_line({"traceId": TRACE, "spanId": id_of(2), "eventName": "event"})
    bad = [b'{"resourceSpans": no JSON}\n', line(odd), log, line(first)]
    path, kept = tmp_path / "a.jsonl", line(first) + bad[0]
    path.write_bytes(kept)
    (tmp_path / "b.jsonl").write_bytes(line(span("other")) + bad[0])
    ingest = Ingest([str(tmp_path)], follow=True)
    for more in ([], bad, [], bad, bad[:2], [], bad):
        path.write_bytes(kept + b"".join(more))
        for _ in range(2):
            drain(ingest)
        health = ingest.table.snapshot().health
        counts = (health.rejected, health.count(Kind.WRONG_TYPE), health.duplicates, health.log_records)
        rejected = health.kinds[Kind.REJECTED]
        assert (health.resets, health.bytes) == (0, ingest.total_bytes)
        assert counts == {0: (2, 0, 0, 0), 2: (3, 1, 0, 0), 4: (3, 1, 1, 1)}[len(more)]
        assert sorted(rejected.sources.values()) == ([1, 2] if more else [1, 1])
        assert len(rejected.examples) == rejected.count
    ingest.close()


def test_a_document_of_many_lines_that_is_cut_is_a_reset(tmp_path: Path) -> None:
    """Its beginning was used: what follows is another life."""
    path = tmp_path / "a.json"
    whole = indented(span("one"), span("two"))
    path.write_bytes(whole)
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    path.write_bytes(whole[: whole.index(b"two")] + b'three"}]}]}]}\n')
    for _ in range(3):
        drain(ingest)
    snapshot = ingest.table.snapshot()
    assert {snapshot.name(row) for row in range(len(snapshot))} == {"one", "two", "three"}
    assert snapshot.health.resets == 1
    ingest.close()


def test_a_document_that_is_taken_back_once_it_is_shown_is_no_reset(tmp_path: Path) -> None:
    """A whole document without a line end was shown already: it stays, and others follow."""
    path = tmp_path / "a.jsonl"
    first, second, third = (line(span(name)) for name in ("first", "second", "third"))
    path.write_bytes(first + second.rstrip())
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    path.write_bytes(first + third)
    for _ in range(2):
        drain(ingest)
    snapshot = ingest.table.snapshot()
    assert {snapshot.name(row) for row in range(len(snapshot))} == {"first", "second", "third"}
    assert (snapshot.health.resets, snapshot.health.bytes) == (0, len(first + third))
    ingest.close()


def test_losses_are_counted_once_however_often_a_writers_file_is_made_again(tmp_path: Path) -> None:
    """Rewritten or deleted, its total is the last one; while others say theirs."""
    path = tmp_path / "a.jsonl"
    (tmp_path / "b.jsonl").write_bytes(heartbeat(pid=2, dropped=1))
    ingest = Ingest([str(tmp_path)], follow=True)
    for dropped in range(1, 5):
        path.write_bytes(heartbeat(pid=1, dropped=dropped) + heartbeat(pid=1, dropped=10 * dropped))
        for _ in range(2):
            drain(ingest)
        assert ingest.table.health.dropped == 10 * dropped + 1
    path.unlink()
    drain(ingest)
    assert ingest.table.health.dropped == 41
    (tmp_path / "c.jsonl").write_bytes(heartbeat(pid=1, dropped=41))
    drain(ingest)
    assert ingest.table.health.dropped == 42
    ingest.close()


def test_many_sources_take_turns(tmp_path: Path) -> None:
    """A step stops after its budget; the next goes on, until all is read once."""
    for number in range(20):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(small_run().replace(b"0af7651916cd43dd8448eb211c80319c", b"%032x" % (number + 1)))
    ingest = Ingest([str(tmp_path)])
    ingest.sweep()
    steps = 1
    while ingest.step(0) or not ingest.ended:
        steps += 1
    snapshot = ingest.table.snapshot()
    assert steps > 10
    assert (len(snapshot), snapshot.health.duplicates) == (20 * 45, 0)
    assert snapshot.health.bytes == ingest.total_bytes
    ingest.close()


def test_progress_is_told(tmp_path: Path) -> None:
    """Whoever opens a recording can show how far it is."""
    told: list[int] = []
    load(
        [str(write_small_run(tmp_path / "spans"))],
        progress=lambda ingest: told.append(ingest.table.health.bytes),
    )
    assert told == sorted(told)


def test_an_unreadable_source_ends_it(pipe: tuple[int, int]) -> None:
    """A source that the system refuses is told once, and does not keep a recording from ending."""
    refused = os.open("/", os.O_RDONLY)
    with pytest.raises(InputError, match="-: not a trace"):
        load(["-"], stdin=refused)
    os.close(refused)
    os.close(pipe[1])
