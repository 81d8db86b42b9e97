"""Whether those who wrote what is read still do: what runs, and what is cut off."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    T0,
    S,
    heartbeat,
    line,
    span,
    start_record,
    unfinished,
    write_small_run,
)
from tests.ingest.reading import drain
from tests.processes import started
from tracetui import units
from tracetui.ingest import Ingest, load, writers
from tracetui.model.role import Outcome
from tracetui.sources.unpacking.compressed import Unpacked

LONG_AGO = T0 - 3600 * S


def aged(path: Path) -> Path:
    """`path` as if nobody had written there for an hour."""
    for file in (path, *path.rglob("*")):
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
    return path


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


@pytest.mark.parametrize("speaks", ["1", "2", ""])
def test_a_writer_that_was_silent_is_heard_again(tmp_path: Path, speaks: str) -> None:
    """By whatever comes in one of its files: all that it left open in any of them runs."""
    beat = heartbeat(time.time_ns() - 60 * S, pid=1, host="elsewhere", boot_id="other")
    for name in "12":
        (tmp_path / f"{name}.logs.jsonl").write_bytes(beat + start_record(span(name, end=0)))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    ingest.sweep()
    assert ingest.table.snapshot().outcome.tolist() == [Outcome.CUT_OFF] * 2
    if speaks:
        with (tmp_path / f"{speaks}.logs.jsonl").open("ab") as file:
            file.write(line(span("ended")))
    drain(ingest)
    ingest.sweep()
    open_ = Outcome.RUNNING if speaks else Outcome.CUT_OFF
    assert ingest.table.snapshot().outcome.tolist()[:2] == [open_] * 2
    ingest.close()


def test_files_of_one_process_speak_for_themselves(tmp_path: Path) -> None:
    """That nothing is open in one says nothing of what is open in another."""
    now = time.time_ns()
    beat: dict[str, Any] = {"pid": 1, "host": "elsewhere", "boot_id": "other"}
    first = heartbeat(now - S, **beat) + start_record(span("one", start=now - 2 * S, end=0))
    (tmp_path / "1.logs.jsonl").write_bytes(first)
    (tmp_path / "2.logs.jsonl").write_bytes(heartbeat(now, open_spans=0, **beat))
    assert load([str(tmp_path)]).table.snapshot().outcome.tolist() == [Outcome.RUNNING]


@pytest.mark.parametrize("told_again", ["first", "last", ""])
@pytest.mark.parametrize("patience_ns", [0, units.MAX_NS])
def test_what_a_deleted_file_told_of_runs_if_another_tells_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_again: str, patience_ns: int
) -> None:
    """Whichever of them is read first. Else it has ended, though its process lives and writes other files."""
    monkeypatch.setattr(writers, "TOLD_AGAIN_NS", patience_ns)
    beat = heartbeat(time.time_ns(), pid=os.getpid(), host=platform.node(), boot_id=BOOT.read_text().strip())
    one, other = (start_record(span(name, start=time.time_ns(), end=0)) for name in ("one", "other"))
    deleted, kept = tmp_path / "1.logs.jsonl", tmp_path / "2.logs.jsonl"
    contents = {deleted: beat + one, kept: beat + other + (one if told_again else b"")}
    ingest = Ingest([str(tmp_path)], follow=True)
    for path in sorted(contents, reverse=told_again == "first"):
        path.write_bytes(contents[path])
        drain(ingest)
    deleted.unlink()
    for _ in range(3):
        drain(ingest)
    read = ingest.table.snapshot()
    expected = Outcome.UNKNOWN if not (told_again or patience_ns) else Outcome.RUNNING
    assert {read.name(row): read.outcome[row] for row in range(len(read))} == {
        "one": expected,
        "other": Outcome.RUNNING,
    }
    ingest.close()


BOOT = Path("/proc/sys/kernel/random/boot_id")
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


@pytest.mark.parametrize(
    ("beat_s", "file_s", "outcome"),
    [(-60, -60, Outcome.CUT_OFF), (60, -60, Outcome.RUNNING), (-60, 60, Outcome.RUNNING)],
)
def test_a_process_with_the_number_of_a_writer_is_not_it(
    tmp_path: Path, beat_s: int, file_s: int, outcome: Outcome
) -> None:
    """Numbers are given again; but a writer has begun before it wrote, by its own clock or that of files."""
    path, boot = tmp_path / "x.logs.jsonl", BOOT.read_text().strip()
    with started([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        began_ns = time.time_ns()
        beat = heartbeat(began_ns + beat_s * S, pid=other.pid, host=platform.node(), boot_id=boot)
        path.write_bytes(beat + start_record(span("open", end=0)))
        os.utime(path, ns=(began_ns + file_s * S, began_ns + file_s * S))
        assert load([str(path)]).table.snapshot().outcome.tolist() == [outcome]


def test_judging_costs_what_is_there_however_many_files_came_and_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that goes on in other files for hours: no sweep looks at all that it has left behind."""
    looked = Counter[str]()
    for name in ("gone", "size", "modified_ns"):
        monkeypatch.setattr(Unpacked, name, counted(looked, name, vars(Unpacked)[name].fget))
    ingest, now = Ingest([str(tmp_path)], follow=True), time.time_ns()
    beat: dict[str, Any] = {"pid": 1, "host": "elsewhere", "boot_id": "other"}
    costs = []
    for number in range(20):
        spans, log = tmp_path / f"{number}.traces.jsonl", tmp_path / f"{number}.logs.jsonl"
        spans.write_bytes(line(span(f"{number - 1}", start=now)))
        log.write_bytes(heartbeat(now, **beat) + start_record(span(f"{number}", start=now, end=0)))
        drain(ingest)
        looked.clear()
        ingest.sweep()
        costs.append(dict(looked))
        for path in (spans, log):
            path.unlink()
    assert ingest.table.snapshot().outcome.tolist().count(Outcome.RUNNING) == 1
    assert ingest.total_bytes == sum(source.size for source in ingest.details._sources) > 0
    assert costs[3] == costs[-1]


def test_judging_costs_what_is_undecided_however_many_runs_were_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that are known to be gone none is looked for again, and none of their spans decided."""
    asked = list[int]()

    def is_alive(pid: int, *_: object) -> bool:
        asked.append(pid)
        return pid == 1

    monkeypatch.setattr(writers, "is_alive", is_alive)
    ingest = Ingest([str(tmp_path)], follow=True)
    for pid in range(1, 20):
        path = tmp_path / f"{pid}.logs.jsonl"
        path.write_bytes(heartbeat(pid=pid, host="here") + start_record(span(f"{pid}", end=0)))
        drain(ingest)
        ingest.judge()
        asked.clear()
        ingest.judge()
        assert asked == [1]
    outcomes = ingest.table.snapshot().outcome.tolist()
    assert outcomes == [Outcome.RUNNING, *[Outcome.CUT_OFF] * 18]
    ingest.close()


def counted(looked: Counter[str], name: str, get: Callable[[Unpacked], object]) -> property:
    """A property that counts how often it is read."""

    def said(source: Unpacked) -> object:
        looked[name] += 1
        return get(source)

    return property(said)
