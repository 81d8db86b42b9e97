"""Files to findings: directories as one recording, what is read back, what is refused."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import (
    indented,
    line,
    log_line,
    small_run,
    span,
    write_small_run,
)
from tracetui.errors import InputError
from tracetui.ingest import Ingest, load, loading
from tracetui.model.role import Outcome

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read_end, write_end = os.pipe()
    yield read_end, write_end
    os.close(read_end)


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
        (b"TAP version 13\n1..0\n", "this is TAP: it has results but no spans; run the tests"),
        (b"<testsuites/>", "no spans in it"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "not a trace"),
        (line(), "no spans in it"),
        (line(span("one"))[:-9], "or cut off in its first record (no end: "),
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


def zipped(content: bytes) -> bytes:
    """A zip archive of one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.jsonl", content)
    return out.getvalue()


def tarred(content: bytes) -> bytes:
    """A compressed tar archive of one member."""
    out, member = io.BytesIO(), tarfile.TarInfo("a.jsonl")
    member.size = len(content)
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        made.addfile(member, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped, tarred])
def test_progress_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    """Whoever opens a recording can show how far it is, in bytes of the file itself, up to its end."""
    monkeypatch.setattr(loading, "TOLD_EVERY_S", 0)
    path = tmp_path / "spans"
    path.write_bytes(pack(b"".join(line(span(f"span {number}")) for number in range(10_000))))
    told: list[tuple[int, int]] = []
    ingest = load([str(path)], watch=lambda done, total: told.append((done, total)))
    ingest.close()
    assert told
    assert told == sorted(told)
    assert {total for _, total in told} == {path.stat().st_size}
    assert ingest.notes.progress == (path.stat().st_size,) * 2


def test_an_unreadable_source_ends_it(pipe: tuple[int, int]) -> None:
    """A source that the system refuses is told once, and does not keep a recording from ending."""
    refused = os.open("/", os.O_RDONLY)
    with pytest.raises(InputError, match="-: not a trace"):
        load(["-"], stdin=refused)
    os.close(refused)
    os.close(pipe[1])
