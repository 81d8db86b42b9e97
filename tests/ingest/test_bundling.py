"""Many small files: the same as each for itself, whatever is in them."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import T0, S, case, heartbeat, line, span, start_record
from tracetui.ingest import Ingest
from tracetui.ingest.reader import Reader
from tracetui.model.columns import STORED
from tracetui.store.joining.intern import NO_NAME
from tracetui.store.snapshot import Snapshot

ODD = (
    b"",
    b"hello\n",
    line(span("torn"))[:-30] + b"\n",
    line(span("first")) + line(span("no end"))[:-30],
    line(span("no line end")).rstrip(),
    heartbeat(dropped=3),
    line(span("before a beat")) + heartbeat(dropped=2),
    line(span("before a beat of another spelling")) + heartbeat(dropped=4).replace(b"{", b"{ ", 1),
    start_record(span("started")),
    line(span("suite", {"tracetui.span.role": "suite", "tracetui.suite.tests": 7})),
    b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}\n',
)


def write(tmp_path: Path, contents: list[bytes]) -> Path:
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.jsonl").write_bytes(content)
    return tmp_path


def spans(number: int, count: int = 20) -> bytes:
    cases = (
        case(f"t::{number}", start=T0 + each * S, end=T0 + each * S + 5 + number) for each in range(count)
    )
    return b"".join(line(each, resource={"service.name": f"s{number % 3}"}) for each in cases)


def read(path: Path) -> Ingest:
    ingest = Ingest([str(path)])
    ingest.sweep()
    while ingest.step(10) or not ingest.ended:
        pass
    return ingest


def told(snapshot: Snapshot) -> list[tuple[object, ...]]:
    """Every row with its texts in place of their numbers, in an order that arrival does not decide."""
    plain = [name for name in STORED if not name.endswith(("_id", "_index", "_row"))]
    rows = range(len(snapshot))
    texts = [(snapshot.name(row), snapshot.title(row), snapshot.trace_id(row)) for row in rows]
    origins = [(snapshot.sources[snapshot.origin(row).source], snapshot.origin(row)[1:]) for row in rows]
    columns = np.stack([getattr(snapshot, name).astype(np.uint64) for name in plain], axis=1).tolist()
    return sorted(zip(texts, origins, columns, strict=True))


def same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together = read(path)
    with monkeypatch.context() as alone:
        alone.setattr("tracetui.ingest.reader._is_plain", lambda _: False)
        apart = read(path)
    one, other = together.table.snapshot(), apart.table.snapshot()
    assert told(one) == told(other)
    assert (one.health, dict(one.expected)) == (other.health, dict(other.expected))
    assert together.table.fruitful_sources == apart.table.fruitful_sources
    assert [together.table.newest_ns(number) for number in range(len(one.sources))] == [
        apart.table.newest_ns(number) for number in range(len(other.sources))
    ]
    assert together.formats == apart.formats
    for row in range(0, len(one), 7):
        assert (together.span(one, row).name or NO_NAME) == one.name(row)
    together.close()
    apart.close()


def test_small_files_are_decoded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None for itself; the rows, their places and sources are the same."""
    path = write(tmp_path, [spans(number) for number in range(40)])
    alone: list[str] = []
    with monkeypatch.context() as counting:
        counting.setattr(Reader, "decode_whole", lambda reader: alone.append(reader.source.label))
        assert len(read(path).table) == 800
    assert alone == []
    same(path, monkeypatch)


@settings(max_examples=examples(10))
@given(st.lists(st.integers(-10, len(ODD) - 1), max_size=8))
def test_whatever_is_among_them(tmp_path_factory: pytest.TempPathFactory, which: list[int]) -> None:
    """Torn, empty, no trace, heartbeats, duplicates: told of the right file, counted once."""
    contents = [ODD[number] if number >= 0 else spans(-number) for number in which]
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(write(tmp_path_factory.mktemp("files"), contents), monkeypatch)


def follow(path: Path) -> Ingest:
    ingest = Ingest([str(path)], follow=True)
    catch_up(ingest)
    return ingest


def catch_up(ingest: Ingest) -> None:
    ingest.sweep()
    while ingest.step():
        pass


@settings(max_examples=examples(10))
@given(st.lists(st.integers(-10, len(ODD) - 1), max_size=8), st.lists(st.integers(0, len(ODD)), max_size=8))
def test_files_that_are_followed(
    tmp_path_factory: pytest.TempPathFactory, which: list[int], more: list[int]
) -> None:
    """What they hold when they are found is decoded together, and what they grow by follows."""
    contents = [ODD[number] if number >= 0 else spans(-number) for number in which]
    path = write(tmp_path_factory.mktemp("files"), contents)
    ingest = follow(path)
    for number, odd in enumerate(more[: len(which)]):
        with (path / f"{number}.jsonl").open("ab") as file:
            file.write(ODD[odd] if odd < len(ODD) else spans(20, 3))
    catch_up(ingest)
    for number in range(len(which)):  # What is torn, or has no line end yet, is told when there is no more.
        (path / f"{number}.jsonl").unlink()
    catch_up(ingest)
    content = [
        content + (ODD[odd] if odd < len(ODD) else spans(20, 3))
        for content, odd in zip(contents, more, strict=False)
    ]
    whole = write(path, content + contents[len(more) :])
    opened = read(whole)
    one, other = ingest.table.snapshot(), opened.table.snapshot()
    assert sorted(map(one.name, range(len(one)))) == sorted(map(other.name, range(len(other))))
    assert (one.health.duplicates, one.health.bytes) == (other.health.duplicates, other.health.bytes)
    ingest.close()
    opened.close()


def test_many_files_that_are_followed_cost_what_their_bytes_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is looked at again while others were not; the newest is there first."""
    path = write(tmp_path, [spans(number) for number in range(300)])
    for number in range(300):
        os.utime(path / f"{number}.jsonl", ns=(T0 + number * S, T0 + number * S))
    looks: list[str] = []
    reading = Reader.read

    def look(reader: Reader) -> bool:
        looks.append(reader.source.label)
        return reading(reader)

    monkeypatch.setattr(Reader, "read", look)
    ingest = Ingest([str(path)], follow=True)
    ingest.sweep()
    while ingest.step(0.0001):
        pass
    # One may have been looked at in the last step above, where that took too long.
    assert sum(ingest.step(0) for _ in range(301)) in (299, 300), "a round ends, however little time there is"
    snapshot = ingest.table.snapshot()
    assert snapshot.sources[snapshot.origin(0).source].endswith("/299.jsonl")
    assert len(snapshot) == 6000
    assert len(looks) <= 900
    ingest.close()


def test_what_changed_last_is_read_first(tmp_path: Path) -> None:
    """Of a followed directory: two thousand old runs do not hide the one that is on."""
    for number, age_s in enumerate((300, 100, 200)):
        (tmp_path / f"{number}.jsonl").write_bytes(line(span(str(number))))
        os.utime(tmp_path / f"{number}.jsonl", ns=(T0 - age_s * S, T0 - age_s * S))
    ingest = Ingest([str(tmp_path)], follow=True)
    ingest.sweep()
    while ingest.step():
        pass
    snapshot = ingest.table.snapshot()
    assert [snapshot.name(row) for row in range(3)] == ["1", "2", "0"]
    ingest.close()
