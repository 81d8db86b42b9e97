"""A directory that is followed: it grows, files are cut, taken back, deleted and made again."""

import os
from pathlib import Path

import pytest

from tests.builders import (
    MS,
    T0,
    TRACE,
    case,
    heartbeat,
    id_of,
    indented,
    line,
    log_line,
    span,
    start_record,
)
from tests.ingest.reading import drain
from tracetui.analysis.tree.tree import build
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.sources import directory


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


def test_only_what_was_written_to_is_looked_at(tmp_path: Path) -> None:
    """Where that is known; a file that has come is known from then on."""
    known, other, new = (tmp_path / f"{name}.jsonl" for name in ("known", "other", "new"))
    known.write_bytes(line(span("one")))
    other.write_bytes(line(span("two")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    for path, name in ((known, "three"), (other, "four"), (new, "five")):
        with path.open("ab") as file:
            file.write(line(span(name)))

    def read(*written: Path) -> tuple[int, int]:
        assert ingest.look(list(map(str, written)))
        while ingest.step():
            pass
        return ingest.files, len(ingest.table)

    assert read(known) == (2, 3)
    assert read(known, new) == (3, 4)
    drain(ingest)
    assert len(ingest.table) == 5
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


@pytest.mark.parametrize(("size", "spans"), [(64 * 1024, 1), (64 * 1024 + 1, 0)])
def test_what_is_no_trace_may_become_one_while_it_is_short(tmp_path: Path, size: int, spans: int) -> None:
    """Of what a logger writes 64 KiB are held; behind one byte more no span is looked for."""
    path = tmp_path / "log.jsonl"
    path.write_bytes((b"hello\n" * size)[-size:])
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    assert ingest.table.health.count(Kind.NO_TRACE) == 1
    with path.open("ab") as file:
        file.write(line(span("one")))
    drain(ingest)
    assert len(ingest.table) == spans
    ingest.close()


def test_what_is_no_trace_is_found_once(tmp_path: Path) -> None:
    """However often the directory is looked at, and however long it grows; rewritten, it is another file."""
    log = tmp_path / "server.log"
    log.write_bytes(b"hello\n" * 20_000)
    ingest = Ingest([str(tmp_path)], follow=True)
    for _ in range(3):
        drain(ingest)
        with log.open("ab") as file:
            file.write(b"hello\n" * 1000)
    assert (len(ingest.table.snapshot().sources), ingest.table.health.count(Kind.NO_TRACE)) == (1, 1)
    log.write_bytes(line(span("one")))
    drain(ingest)
    assert len(ingest.table) == 1
    log.unlink()
    drain(ingest)
    (tmp_path / "b.jsonl").write_bytes(line(span("two")))
    drain(ingest)
    assert len(ingest.table) == 2
    ingest.close()


def test_a_deleted_log_is_let_go(tmp_path: Path) -> None:
    """Though it was not read to its end: it takes no more of the disk."""
    log = tmp_path / "server.log"
    log.write_bytes(b"hello\n" * 300_000)
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    log.unlink()
    drain(ingest)
    links = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]  # noqa: PTH115
    assert not any(link.startswith(str(log)) for link in links)
    ingest.close()
