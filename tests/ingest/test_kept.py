"""Large recordings are kept in the user's cache: opened once more they are there, as they were."""

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.spans import lines
from tests.builders import RUNNING, line, small_run, span
from tracetui.formats.detect import Detected
from tracetui.ingest import Ingest, kept, load
from tracetui.model.columns import STORED
from tracetui.sources.files import regular


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of our own, for recordings of any size that may have changed just now."""
    opened.clear()
    monkeypatch.setattr(kept, "LEAST_BYTES", 0)
    monkeypatch.setattr(regular, "RACY_NS", 0)
    monkeypatch.setattr(kept, "user_cache_path", lambda _: tmp_path / "cache")
    yield tmp_path / "cache" / "recordings"
    for ingest in opened:
        ingest.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A run under way, many spans, and a line that is none."""
    path = tmp_path / "spans.jsonl"
    path.write_bytes(small_run() + b"no span\n" + b"".join(lines("tracetui", 400, 1)))
    return path


opened: list[Ingest] = []


def read(path: Path, *, cache: bool = True) -> Ingest:
    opened.append(load([str(path)], cache=cache))
    return opened[-1]


def assert_same(first: Ingest, second: Ingest) -> None:
    one, other = first.table.snapshot(), second.table.snapshot()
    for name in STORED:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert list(one.texts) == list(other.texts)
    assert list(one.trace_ids) == list(other.trace_ids)
    assert (one.health, one.heartbeats, one.expected) == (other.health, other.heartbeats, other.expected)
    rows = range(0, len(one), 7)
    assert [first.span(one, row) for row in rows] == [second.span(other, row) for row in rows]


def never(*_: object) -> None:
    raise AssertionError("decoded")


def test_opened_again_nothing_is_decoded(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same spans, each readable in full, the same health, and not one byte decoded."""
    first = read(recording)
    monkeypatch.setattr(Detected, "feed", never)
    second = read(recording)
    assert_same(first, second)
    names = {second.table.snapshot().name(row) for row in range(len(second.table))}
    assert RUNNING in names


CHANGES: dict[str, Callable[[Path], object]] = {
    "longer": lambda path: path.write_bytes(path.read_bytes() + line(span("new"))),
    "shorter": lambda path: path.write_bytes(path.read_bytes()[:-500]),
    "another end of the same size": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"x" * 9),
    "another time": lambda path: os.utime(path, ns=(5, 5)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changed_is_read_anew(recording: Path, change: str) -> None:
    """Whatever was kept of it: by size, time or its end it is another file."""
    read(recording)
    CHANGES[change](recording)
    assert_same(read(recording), read(recording, cache=False))


@pytest.mark.parametrize("place", [0, 70, 80, -1, -2000])
def test_a_damaged_file_of_the_cache_is_ignored(recording: Path, cache: Path, place: int) -> None:
    """A flipped bit, or an end that is missing: the recording is read."""
    first = read(recording)
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[place] ^= 1
    for damaged in (flipped, whole[:place], b""):
        path.write_bytes(damaged)
        assert_same(first, read(recording))


def test_it_is_the_users_own(recording: Path, cache: Path) -> None:
    """Nobody else may read what is kept."""
    read(recording)
    (path,) = cache.iterdir()
    assert (path.stat().st_mode & 0o777, cache.stat().st_mode & 0o777) == (0o600, 0o700)


def test_nothing_is_written_unasked(recording: Path, cache: Path) -> None:
    """Neither without `cache`, nor of what is followed, compressed or piped."""
    read(recording, cache=False)
    (recording.parent / "packed").write_bytes(gzip.compress(recording.read_bytes()))
    read(recording.parent / "packed")
    followed = Ingest([str(recording.parent)], follow=True, cache=True)
    opened.append(followed)
    followed.sweep()
    while followed.step():
        pass
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_costs_nothing(recording: Path, cache: Path) -> None:
    """It is a file, say: the recording is read all the same."""
    cache.parent.write_bytes(b"")
    assert len(read(recording).table) > 400


def test_the_oldest_leave(recording: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than the cache may hold, what was not used for the longest time goes."""
    paths = [recording.with_name(f"{number}.jsonl") for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(recording.read_bytes())
        read(path)
        if not number:
            (first,) = cache.iterdir()
            os.utime(first, (1, 1))
            monkeypatch.setattr(kept, "MOST_BYTES", int(2.5 * first.stat().st_size))
    assert len(list(cache.iterdir())) == 2
    assert not first.exists()
