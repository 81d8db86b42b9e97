"""The index of a directory's runs: it says what reading everything says, and reads only what is new."""

import os
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import T0, Json, S, case, heartbeat, id_of, line, span, start_record
from tracetui.analysis.history.records import DTYPES, Records
from tracetui.errors import InputError
from tracetui.ingest.history import index
from tracetui.ingest.history.index import history_of
from tracetui.ingest.history.indexed import Indexed, dump, restore
from tracetui.ingest.history.reading import read
from tracetui.ingest.loading import Watch

HOUR = 3600 * S
LONG_AGO = 10**18


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of our own; files that were written just now count as settled."""
    monkeypatch.setattr(index, "user_cache_path", lambda _: tmp_path / "cache")
    monkeypatch.setattr(index, "RACY_NS", 0)
    return tmp_path / "cache" / "history"


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    (tmp_path / "spans").mkdir()
    return tmp_path / "spans"


@pytest.fixture
def was_read(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of the files that were read, each time."""
    told: list[list[str]] = []

    def noting(paths: Sequence[str], memory: int | None = None, watch: Watch | None = None) -> Indexed:
        told.append([Path(path).name for path in paths])
        return reading(paths, memory, watch)

    reading = read
    monkeypatch.setattr(index, "read", noting)
    return told


def suite(number: int, name: str = "s", **more: Any) -> Json:
    at = T0 + number * HOUR
    told = {"tracetui.span.role": "suite", "test.suite.name": name}
    times: dict[str, Any] = {"start": at, "end": at + 900 * S, "trace": f"{number + 1:032x}"} | more
    return span(name, told, **times)


def below(top: Json, name: str, took: int, after: int = S, **more: Any) -> Json:
    at = int(top["startTimeUnixNano"]) + after
    times: dict[str, Any] = {"start": at, "end": at + took, "id": id_of(name, at)}
    return case(name, **(times | {"trace": top["traceId"], "parent": top} | more))


def write_run(spans: Path, number: int, took: int = S) -> Json:
    """A run in two files, of a suite and of a worker."""
    top = suite(number)
    (spans / f"run{number}.jsonl").write_bytes(line(top, below(top, "a", took)))
    (spans / f"run{number}-gw0.jsonl").write_bytes(line(below(top, "b", 2 * took, 5 * S)))
    return top


def content(records: Records) -> list[tuple[object, ...]]:
    """All that records say, as plain values."""
    return [
        (record.head, sorted(zip(record.names(), *columns(record.columns), strict=True)))
        for record in records
    ]


def columns(of: Any) -> list[list[Any]]:
    return [getattr(of, name).tolist() for name in DTYPES if name not in ("run", "name")]


def asked(spans: Path) -> Records:
    """The answer, which is that of reading everything."""
    found = history_of([str(spans)])
    assert content(found) == content(history_of([str(spans)], cache=False))
    return found


def test_what_was_read_once_is_not_read_again(spans: Path, was_read: list[list[str]]) -> None:
    """The second answer is the first, without a byte of the files."""
    for number in range(3):
        write_run(spans, number)
    first = history_of([str(spans)])
    assert [head.start_ns for head in first.heads] == [T0 + number * HOUR for number in range(3)]
    assert [sorted(record.names()) for record in first] == [["a", "b"]] * 3
    was_read.clear()
    assert content(history_of([str(spans)])) == content(first)
    assert was_read == []


def test_only_new_and_changed_files_are_read(spans: Path, was_read: list[list[str]]) -> None:
    """A new run is read alone; of a run that has changed all of its files."""
    for number in range(3):
        write_run(spans, number)
    history_of([str(spans)])
    was_read.clear()
    write_run(spans, 7)
    assert len(history_of([str(spans)])) == 4
    assert was_read == [["run7-gw0.jsonl", "run7.jsonl"]]
    was_read.clear()
    top = suite(1)
    (spans / "run1.jsonl").write_bytes(line(top, below(top, "a", 9 * S)))
    changed = history_of([str(spans)])
    assert was_read == [["run1-gw0.jsonl", "run1.jsonl"]]
    assert sorted(changed[1].columns.own_ns.tolist()) == [2 * S, 9 * S]
    asked(spans)


def test_a_file_of_the_same_size_and_time_that_is_another_is_read(spans: Path) -> None:
    """Its inode, or when it was last changed, tells."""
    write_run(spans, 0)
    path = spans / "run0.jsonl"
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    history_of([str(spans)])
    size, top = path.stat().st_size, suite(0)
    path.write_bytes(line(top, below(top, "a", 2 * S)))
    assert path.stat().st_size == size
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    assert asked(spans)[0].columns.own_ns.tolist() == [2 * S, 2 * S]


def test_a_run_that_was_deleted_is_gone(spans: Path) -> None:
    """Of one whose worker's file is gone only the rest is left."""
    for number in range(3):
        write_run(spans, number)
    history_of([str(spans)])
    (spans / "run0.jsonl").unlink()
    (spans / "run0-gw0.jsonl").unlink()
    (spans / "run2-gw0.jsonl").unlink()
    assert [sorted(record.names()) for record in asked(spans)] == [["a", "b"], ["a"]]


def test_a_shard_that_comes_later_joins_its_run(spans: Path, was_read: list[list[str]]) -> None:
    """By the pipeline's run id; both are one run then, as when they are read together."""
    resource = {"service.name": "s", "cicd.pipeline.run.id": "7", "cicd.pipeline.task.name": "test"}
    for number, shard in enumerate(("1/2", "2/2")):
        told = resource | {"ci.node.index": shard[0], "ci.node.total": "2"}
        top = suite(0, start=T0 + number * 60 * S, end=T0 + (number + 1) * 60 * S, trace=f"{number + 1:032x}")
        (spans / f"shard{number}.jsonl").write_bytes(line(top, below(top, f"t{number}", S), resource=told))
        found = history_of([str(spans)])
        assert (len(found), found.heads[0].tests) == (1, number + 1)
    assert was_read[-1] == ["shard0.jsonl", "shard1.jsonl"]
    asked(spans)


def test_a_workers_file_that_comes_later_joins_its_run(spans: Path) -> None:
    """By its trace."""
    top = suite(0)
    (spans / "a.jsonl").write_bytes(line(top, below(top, "a", S)))
    assert history_of([str(spans)])[0].names() == ["a"]
    (spans / "b.jsonl").write_bytes(line(below(top, "b", S, 5 * S)))
    assert asked(spans)[0].names() == ["a", "b"]


def test_a_run_that_is_live_is_read_each_time(spans: Path, was_read: list[list[str]]) -> None:
    """It is there, it is not kept as over, and when it ended it is kept."""
    write_run(spans, 0)
    top = suite(1, end=0)
    begun = below(top, "a", 0, end=0)
    (spans / "live").mkdir()
    alive = heartbeat(time.time_ns(), open_spans=2)
    live = spans / "live" / "x.logs.jsonl"
    live.write_bytes(start_record(top) + start_record(begun) + alive)
    found = history_of([str(spans)])
    assert found.heads[0].state == "ended"
    assert found.columns.at_least.tolist() == [False, False, True]
    assert found.heads[1].state == "live"
    was_read.clear()
    history_of([str(spans)])
    assert was_read == [["x.logs.jsonl"]]
    live.unlink()
    write_run(spans, 1)
    assert [head.state for head in asked(spans).heads] == ["ended", "ended"]
    was_read.clear()
    history_of([str(spans)])
    assert was_read == []


def test_a_file_that_changed_just_now_is_read_again(
    spans: Path, was_read: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one tick of the file system's clock it may change once more, and look the same."""
    write_run(spans, 0)
    monkeypatch.setattr(index, "RACY_NS", 3600 * S)
    history_of([str(spans)])
    was_read.clear()
    history_of([str(spans)])
    assert was_read == [["run0-gw0.jsonl", "run0.jsonl"]]


def test_files_are_read_in_parts(
    spans: Path, was_read: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose files fall into two parts is one run all the same."""
    for number in range(3):
        write_run(spans, number)
    monkeypatch.setattr(index, "AT_ONCE", 1)
    found = history_of([str(spans)])
    assert [sorted(record.names()) for record in found] == [["a", "b"]] * 3
    assert max(map(len, was_read)) == 2


def test_a_file_with_many_runs_is_read_as_a_whole(spans: Path, was_read: list[list[str]]) -> None:
    """When it grows by a run, the others in it are not told twice."""
    tops = [suite(number) for number in range(3)]
    path = spans / "all.jsonl"
    path.write_bytes(b"".join(line(top, below(top, "a", S)) for top in tops[:2]))
    assert len(history_of([str(spans)])) == 2
    with path.open("ab") as file:
        file.write(line(tops[2], below(tops[2], "a", S)))
    assert len(asked(spans)) == 3


@pytest.mark.parametrize("damage", ["bit", "short", "empty", "longer", "other version", "not ours"])
def test_an_index_in_doubt_is_made_anew(cache: Path, spans: Path, damage: str) -> None:
    """Whatever lies in its place, the answer is right."""
    for number in range(2):
        write_run(spans, number)
    expected = content(history_of([str(spans)]))
    (path,) = cache.iterdir()
    data = path.read_bytes()
    other = data[12:].replace(b"little", b"middle")
    damaged = {
        "bit": data[:99] + bytes([data[99] ^ 1]) + data[100:],
        "short": data[:-9],
        "empty": b"",
        "longer": data + b"x",
        "other version": data[:8] + zlib.crc32(other).to_bytes(4, "little") + other,
        "not ours": b"\x80\x04cposix\nsystem\n.",
    }
    path.write_bytes(damaged[damage])
    assert content(history_of([str(spans)])) == expected
    assert restore(memoryview(path.read_bytes())) is not None


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    """Also where their checksum is right."""
    head = len(data).to_bytes(8, "little") + zlib.crc32(data).to_bytes(4, "little")
    assert restore(memoryview(head + data)) is None
    assert restore(memoryview(data)) is None


def test_columns_that_cannot_be_are_refused(spans: Path) -> None:
    """A name that is none, a run that is none, runs out of order: right checksums do not help."""
    write_run(spans, 0)
    records = history_of([str(spans)])
    whole = Indexed(records, [((), ())] * len(records))  # type: ignore[list-item]
    good = b"".join(bytes(part) for part in dump(whole))
    assert restore(memoryview(good)) is not None
    for name, value in (("name", 99), ("run", 1), ("run", -1), ("role", 200), ("outcome", 77)):
        column = getattr(records.columns, name)
        kept, writable = column[0], np.array(column)
        writable[0] = value
        changed = type(records.columns)(
            **{each: writable if each == name else getattr(records.columns, each) for each in DTYPES}
        )
        bad = Indexed(Records(records.heads, records.texts, changed), whole.places)
        assert restore(memoryview(b"".join(bytes(part) for part in dump(bad)))) is None, (name, kept)


def test_nothing_is_kept_without_a_cache(cache: Path, spans: Path) -> None:
    write_run(spans, 0)
    assert len(history_of([str(spans)], cache=False)) == 1
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_is_none(spans: Path, tmp_path: Path) -> None:
    """The answer does not depend on it."""
    (tmp_path / "cache").write_text("a file")
    write_run(spans, 0)
    assert len(history_of([str(spans)])) == 1


def test_where_nothing_is_it_says_what_to_do(spans: Path) -> None:
    with pytest.raises(InputError, match="no test runs in it; give a directory of span files"):
        history_of([str(spans)])
    (spans / "x.jsonl").write_bytes(line(span("other")))
    with pytest.raises(InputError, match="no test runs"):
        history_of([str(spans)])
    with pytest.raises(InputError, match="no such file or directory"):
        history_of([str(spans / "missing")])
