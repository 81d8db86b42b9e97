"""The file: private, whole lines only, everything accounted for, whatever the disk does."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.tracing.made_spans import Unprintable, span_with
from tests.tracing.recording import lines_of, run_python, spans_in
from tracetui.tracing import FileSpanExporter
from tracetui.tracing.files.line_file import LineFile
from tracetui.tracing.host.system import System


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    return tmp_path / "spans"


@pytest.fixture
def exporter(spans: Path) -> FileSpanExporter:
    return FileSpanExporter(spans, service_name="my service/1", warn=lambda _: None)


def trace_file(directory: Path) -> Path:
    """The one file of spans."""
    (path,) = directory.glob("*.jsonl")
    return path


def test_nothing_is_made_before_the_first_span(spans: Path, exporter: FileSpanExporter) -> None:
    """An exporter that exports nothing leaves nothing behind."""
    exporter.shutdown()
    assert not spans.exists()


def test_the_name_tells_start_service_and_process(spans: Path, exporter: FileSpanExporter) -> None:
    """The file is `<UTC start>-<service>-<pid>-<8 hex>.traces.jsonl`."""
    assert exporter.export([span_with()]) is SpanExportResult.SUCCESS
    name = trace_file(spans).name
    assert re.fullmatch(rf"\d{{8}}T\d{{6}}Z-my_service_1-{os.getpid()}-[0-9a-f]{{8}}\.traces\.jsonl", name)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_modes_do_not_depend_on_the_umask(spans: Path, exporter: FileSpanExporter, umask: int) -> None:
    """The directory is 0700, the file 0600, and git ignores both."""
    before = os.umask(umask)
    try:
        exporter.export([span_with()])
    finally:
        os.umask(before)
    assert stat.S_IMODE(spans.stat().st_mode) == 0o700
    assert stat.S_IMODE(trace_file(spans).stat().st_mode) == 0o600
    assert (spans / ".gitignore").read_text() == "*\n"


def test_an_existing_directory_is_left_as_it_is(tmp_path: Path) -> None:
    """Nobody's directory gets another mode or a `.gitignore` from us."""
    tmp_path.chmod(0o755)
    FileSpanExporter(tmp_path).export([span_with()])
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert not (tmp_path / ".gitignore").exists()


@pytest.mark.parametrize("kind", ["file", "symlink"])
def test_a_foreign_file_is_never_written_to(tmp_path: Path, kind: str) -> None:
    """A file or link that is in the way is refused; the line is counted as lost, and it is said why."""
    target, way = tmp_path / "target", tmp_path / "x.jsonl"
    target.write_text("mine")
    if kind == "file":
        way.write_text("mine")
    else:
        way.symlink_to(target)
    complaints: list[str] = []
    file = LineFile(tmp_path, lambda: "x.jsonl", complain=complaints.append)
    assert not file.append(lambda: b"{}\n")
    assert (file.written, file.lost) == (0, 1)
    (complaint,) = complaints
    assert "File exists" in complaint
    assert way.read_text() == target.read_text() == "mine"


def test_a_removed_directory_is_made_again(spans: Path, exporter: FileSpanExporter) -> None:
    """After `rm -rf` spans are soon in a new file in a new private directory; what is gone is counted."""
    exporter.export([span_with(name=f"before {number}") for number in range(100)])
    shutil.rmtree(spans)
    for number in range(64):
        exporter.export([span_with(name=f"after {number}")])
    names = [span.name for span in spans_in(spans)]
    assert names[-64:] == [f"after {number}" for number in range(64)]
    assert all(name.startswith("before ") for name in names[:-64])
    assert exporter.written + exporter.lost == 164
    assert exporter.written == len(names)
    assert stat.S_IMODE(spans.stat().st_mode) == 0o700


def test_a_removed_file_is_missed_in_time(spans: Path, exporter: FileSpanExporter) -> None:
    """However few spans there are: the next one after some time finds that the file is gone."""
    exporter.export([span_with(name="before")])
    shutil.rmtree(spans)
    while not spans.exists():
        time.sleep(0.05)
        exporter.export([span_with(name="after")])
    assert {span.name for span in spans_in(spans)} == {"before", "after"}


@pytest.mark.parametrize("asks_first", [True, False])
def test_what_is_removed_last_is_there_at_the_end(tmp_path: Path, asks_first: bool) -> None:
    """A short run is over before its file is missed: closing it, or asking what is written, finds out."""
    file = LineFile(tmp_path / "spans", lambda: "x.jsonl")
    for number in range(3):
        file.append(lambda: b"%d\n" % number)  # noqa: B023 - called at once
    shutil.rmtree(tmp_path / "spans")
    if asks_first:
        file.restore()
        assert (tmp_path / "spans" / "x.jsonl").read_bytes() == b"0\n1\n2\n"
        shutil.rmtree(tmp_path / "spans")
    file.close()
    assert (tmp_path / "spans" / "x.jsonl").read_bytes() == b"0\n1\n2\n"
    assert (file.written, file.lost, file.first_error) == (3, 0, "")


def test_what_is_removed_last_and_cannot_be_there_again_is_counted(tmp_path: Path) -> None:
    """Something else has its place."""
    file = LineFile(tmp_path / "spans", lambda: "x.jsonl")
    for _ in range(3):
        file.append(lambda: b"{}\n")
    shutil.rmtree(tmp_path / "spans")
    (tmp_path / "spans").write_bytes(b"mine")
    file.close()
    assert (file.written, file.lost, file.removed) == (0, 3, 3)
    assert file.first_error


def test_lines_that_cannot_be_written_again_are_lost_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full when the file is gone, what was in it last is no longer counted as written."""
    names = iter(["a.jsonl", "b.jsonl"])
    said: list[str] = []
    file = LineFile(tmp_path, lambda: next(names), complain=said.append)
    for _ in range(3):
        file.append(lambda: b"{}\n")
    (tmp_path / "a.jsonl").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(file, "_look_ns", 0)
        patch.setattr(System, "write", Disk([OSError(errno.ENOSPC, "full")]).write)
        assert not file.append(lambda: b"{}\n")
    assert file.append(lambda: b"{}\n")
    assert (file.written, file.lost, said) == (1, 4, ["OSError: [Errno 28] full"])
    assert (tmp_path / "b.jsonl").read_bytes() == b"{}\n"


def test_a_descriptor_closed_by_the_host_is_not_written_to(spans: Path, exporter: FileSpanExporter) -> None:
    """Where the host closes our descriptor and opens its own file in its place, that file stays its own."""
    exporter.export([span_with()])
    own = trace_file(spans)
    # Other tests of this process may have left many open: it may have any number.
    (descriptor,) = [fd for fd in map(int, os.listdir("/proc/self/fd")) if _is_open_on(fd, own)]  # noqa: PTH208
    foreign = os.open(spans / "foreign", os.O_WRONLY | os.O_CREAT)
    os.dup2(foreign, descriptor)
    own.unlink()
    exporter.export([span_with(name="after")])
    os.close(foreign)
    os.close(descriptor)
    assert (spans / "foreign").read_bytes() == b""
    assert [span.name for span in spans_in(spans)] == ["test_x[a-b]", "after"]


def _is_open_on(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


class Disk:
    """Writes as it is told: each entry of the plan is a number of bytes to take, or an error to raise."""

    def __init__(self, plan: list[int | OSError]) -> None:
        self._plan = plan
        self._write = os.write

    def write(self, descriptor: int, data: bytes) -> int:
        step = self._plan.pop(0) if self._plan else len(data)
        if isinstance(step, OSError):
            raise step
        return self._write(descriptor, data[: min(max(step, 1), len(data))])


STEPS = st.one_of(
    st.integers(1, 40),
    st.sampled_from(
        [OSError(number, "disk") for number in (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT)]
    ),
)


@given(plan=st.lists(STEPS, max_size=12))
def test_whatever_the_disk_does_no_line_is_torn_and_all_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, plan: list[int | OSError]
) -> None:
    """Short writes and errors in any order: only whole lines, written + lost = made, and it goes on after."""
    directory = tmp_path_factory.mktemp("disk")
    file = LineFile(directory, lambda: "x.traces.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(System, "write", Disk(list(plan)).write)
        for number in range(8):
            file.append(lambda number=number: b'{"line": %d}\n' % number)
    assert file.append(lambda: b'{"line": "last"}\n')
    lines = lines_of(directory, "x.traces.jsonl")
    assert len(lines) == file.written
    assert file.written + file.lost == 9
    assert lines[-1] == '{"line": "last"}'
    assert all(line.startswith('{"line": ') and line.endswith("}") for line in lines)


def test_a_fragment_that_cannot_be_cut_back_spoils_no_other_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where even truncation fails, the next line still begins on a line of its own."""

    def refuse(*_: Any) -> None:
        raise OSError(errno.EIO, "disk")

    file = LineFile(tmp_path, lambda: "x.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(System, "write", Disk([3, OSError(errno.ENOSPC, "full")]).write)
        patch.setattr(System, "ftruncate", refuse)
        assert not file.append(lambda: b"{lost}\n")
    assert file.append(lambda: b"{kept}\n")
    assert (tmp_path / "x.jsonl").read_bytes() == b"{lo\n{kept}\n"


def test_a_full_disk_raises_nothing_and_says_it_twice(tmp_path: Path) -> None:
    """Beyond the size limit of a real file system call: exit code 0, whole lines, two lines on stderr."""
    result = run_python(
        """
        import resource
        from tracetui.tracing import set_up_tracing
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        with set_up_tracing("spans", service_name="s") as tracing:
            for number in range(50):
                tracing.tracer.start_span(f"span {number}", context=tracing.context).end()
        print(tracing.spans_written, tracing.spans_lost)
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    written, lost = map(int, result.stdout.split())
    assert written == len(spans_in(tmp_path / "spans"))
    assert written + lost == 50
    assert lost > 0
    assert len(result.stderr.splitlines()) == 2
    assert f"{lost} of 50 spans lost" in result.stderr


def test_one_poisoned_span_costs_at_most_itself(spans: Path, exporter: FileSpanExporter) -> None:
    """In a batch of 500 with poison of every kind, the others are all there."""
    batch = [span_with({"n": number}) for number in range(500)]
    poison = [
        {"name": "\ud800"},
        {"end_time": "x"},
        {"name": Unprintable()},
        {"attributes": {"a": Unprintable()}},
    ]
    for number, changes in enumerate(poison):
        batch[number * 100] = span_with(**changes)  # type: ignore[arg-type]
    exporter.export(batch)
    assert exporter.written + exporter.lost == 500
    assert exporter.lost <= 1
    assert len(spans_in(spans)) == exporter.written


def test_a_burst_from_many_threads_loses_nothing(spans: Path, exporter: FileSpanExporter) -> None:
    """8 threads, 1,000 spans each, at once: 8,000 whole lines, every span once."""

    def burst(thread: int) -> None:
        for number in range(1_000):
            exporter.export([span_with(name=f"{thread}/{number}", events=[], links=[])])

    threads = [threading.Thread(target=burst, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({span.name for span in spans_in(spans)}) == exporter.written == 8_000


def test_spans_after_the_shutdown_are_counted(spans: Path, exporter: FileSpanExporter) -> None:
    """What comes too late is lost, but not in silence."""
    exporter.export([span_with()])
    exporter.shutdown()
    exporter.shutdown()
    assert exporter.export([span_with()]) is SpanExportResult.FAILURE
    assert (exporter.written, exporter.lost) == (1, 1)


def test_the_directory_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constructed bare, as the SDK does, it takes `TRACETUI_DIR`, else `OTEL_COLLECTOR_DIR`, else `spans`."""
    monkeypatch.chdir(tmp_path)
    assert FileSpanExporter().directory == tmp_path / "spans"
    monkeypatch.setenv("OTEL_COLLECTOR_DIR", "theirs")
    assert FileSpanExporter().directory == tmp_path / "theirs"
    monkeypatch.setenv("TRACETUI_DIR", "ours")
    assert FileSpanExporter().directory == tmp_path / "ours"
