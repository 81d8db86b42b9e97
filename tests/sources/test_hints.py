import shutil
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from watchfiles import Change, watch
from watchfiles.main import FileChange

from tracetui.sources.hints import MOST_REST_S, hints

FAR = 1000.0
"""An interval that no test waits for: a hint that comes was an event."""


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def touch_until(path: Path, seen: threading.Event) -> threading.Thread:
    """Write to `path` again and again until `seen`: when the watcher starts is not known."""

    def touch() -> None:
        while not seen.wait(0.02):
            if path.parent.exists():
                path.write_bytes(b"x")

    thread = threading.Thread(target=touch)
    thread.start()
    return thread


def test_the_first_comes_at_once(tmp_path: Path, stop: threading.Event) -> None:
    """There is no need to wait for an event before the first sweep, nor for the directory."""
    next(hints(tmp_path / "missing", stop, FAR))


def test_an_event_is_a_hint(tmp_path: Path, stop: threading.Event) -> None:
    """A write brings a hint long before the interval is over."""
    turns = hints(tmp_path, stop, FAR)
    next(turns)
    seen = threading.Event()
    writer = touch_until(tmp_path / "x.jsonl", seen)
    next(turns)
    seen.set()
    writer.join()


def hinting(monkeypatch: pytest.MonkeyPatch, *changes: set[FileChange]) -> None:
    """The watcher tells these, at once."""
    monkeypatch.setattr("tracetui.sources.hints.watch", lambda *_, **__: (each for each in changes))


def test_what_has_changed_is_told(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever way; but for the first hint of each interval, when anything may have happened."""
    written, other = (Change.modified, "a"), (Change.modified, "b")
    new, gone = (Change.added, "c"), (Change.deleted, "a")
    hinting(monkeypatch, {written}, {written}, {written, other}, {written, new}, {gone}, {other})
    turns = hints(tmp_path, stop, FAR)
    assert next(turns) is None
    assert list(islice(turns, 6)) == [None, {"a"}, {"a", "b"}, {"a", "c"}, {"a"}, {"b"}]


def test_a_directory_at_rest_is_hardly_looked_at(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longer nothing has happened, the longer the watcher rests; after an event it is awake again."""
    clock, rests = [0.0], []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        clock[0] += seconds + 0.01
        return False

    monkeypatch.setattr("tracetui.sources.hints.time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(stop, "wait", rest)
    hinting(monkeypatch, *([set()] * 200), {(Change.modified, "a")}, *([set()] * 5))
    turns = hints(tmp_path, stop, FAR)
    assert list(islice(turns, 2)) == [None, None]
    assert rests == sorted(rests)
    assert rests[-1] == MOST_REST_S
    quiet = len(rests)
    assert next(turns) is None  # The directory was asked of anew: the watcher has no more to tell.
    assert rests[quiet] == 0.0


def test_anything_may_have_happened_once_in_an_interval(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is written."""
    hinting(monkeypatch, *({(Change.modified, "a")} for _ in range(5)))
    assert list(islice(hints(tmp_path, stop, 0.0), 6)) == [None] * 6


def test_a_path_that_was_written_to_is_told_as_a_sweep_finds_it(
    tmp_path: Path, stop: threading.Event
) -> None:
    """Else it would be known by no name."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"")
    turns = hints(tmp_path, stop, FAR)
    seen = threading.Event()
    writer = touch_until(path, seen)
    told = next(hint for hint in turns if hint)
    seen.set()
    writer.join()
    assert told == {str(path)}


def test_the_interval_goes_on_without_events(tmp_path: Path, stop: threading.Event) -> None:
    """Where nothing happens, and where there is nothing, hints come at every interval."""
    assert len(list(islice(hints(tmp_path, stop, 0.01), 5))) == 5
    assert len(list(islice(hints(tmp_path / "missing", stop, 0.01), 5))) == 5


def test_a_recreated_directory_is_watched_again(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted and made again at once, perhaps with the same inode: events in the new one are hints."""
    path = tmp_path / "spans"
    path.mkdir()
    changed: list[str] = []

    def recording(*paths: Path, **options: Any) -> Iterator[set[FileChange]]:
        for changes in watch(*paths, **options):
            changed.extend(name for _, name in changes)
            yield changes

    monkeypatch.setattr("tracetui.sources.hints.watch", recording)
    turns = hints(path, stop, 0.05)
    list(islice(turns, 3))
    shutil.rmtree(path)
    path.mkdir()
    seen = threading.Event()
    writer = touch_until(path / "x.jsonl", seen)
    while str(path / "x.jsonl") not in changed:
        next(turns)
    seen.set()
    writer.join()


@pytest.mark.parametrize("failure", [OSError("inotify limit reached"), RuntimeError("watcher broke")])
def test_without_a_watcher_the_interval_goes_on(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """A system that refuses to watch, or a watcher that breaks, costs latency and nothing else."""

    def refuse(*_: object, **__: object) -> Iterator[None]:
        raise failure
        yield

    monkeypatch.setattr("tracetui.sources.hints.watch", refuse)
    told: list[str] = []
    assert len(list(islice(hints(tmp_path, stop, 0.01, told.append), 5))) == 5
    assert str(failure) in told[0]


def test_a_remote_file_system_is_polled_and_that_is_said(
    tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No watcher is started where it would be deaf to other machines."""
    monkeypatch.setattr("tracetui.sources.hints.remote_type", lambda _: "nfs4")
    monkeypatch.setattr("tracetui.sources.hints.watch", None)
    told: list[str] = []
    assert len(list(islice(hints(tmp_path, stop, 0.01, told.append), 5))) == 5
    assert set(told) == {"nfs4 does not report changes made elsewhere: scanned every 0.01 s"}


def test_events_are_nothing_to_tell_of(tmp_path: Path, stop: threading.Event) -> None:
    """Where the watcher works, and where there is no directory yet, nothing is said."""
    told: list[str] = []
    list(islice(hints(tmp_path, stop, 0.01, told.append), 3))
    list(islice(hints(tmp_path / "missing", stop, 0.01, told.append), 3))
    assert set(told) == {""}


@pytest.mark.parametrize("name", ["", "missing"])
def test_stop_ends_it(tmp_path: Path, stop: threading.Event, name: str) -> None:
    """Set from another thread, `stop` ends the hints before the interval is over."""
    turns = hints(tmp_path / name, stop, FAR)
    next(turns)
    timer = threading.Timer(0.05, stop.set)
    timer.start()
    assert list(turns) == []
    timer.join()
