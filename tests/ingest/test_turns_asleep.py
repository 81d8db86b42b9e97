"""What has nothing new is not asked: many files that lie there cost next to nothing."""

import gc
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import builders
from tests.ingest.reading import drain
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.ingest.reader import Reader
from tracetui.sources.files.trail import _Stretch


def _aged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stamps tell at once, as they do once they are old."""
    monkeypatch.setattr("tracetui.sources.files.regular.RACY_NS", -1)


def test_only_what_has_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _aged(monkeypatch)
    asked: list[str] = []
    read = Reader.read

    def noted(reader: Reader) -> bool:
        asked.append(Path(reader.source.label).name)
        return read(reader)

    monkeypatch.setattr(Reader, "read", noted)
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_bytes(builders.line(builders.span(f"{name} first")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    drain(ingest)
    asked.clear()
    drain(ingest)
    assert asked == []
    with (tmp_path / "two.jsonl").open("ab") as file:
        file.write(builders.line(builders.span("two second")))
    drain(ingest)
    assert set(asked) == {"two.jsonl"}
    snapshot = ingest.table.snapshot()
    assert sorted(map(snapshot.title, range(len(snapshot)))) == ["one first", "two first", "two second"]
    ingest.close()


@pytest.mark.parametrize("begin", [0, 1, 8], ids=["empty", "byte", "head"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_what_tells_nothing_yet_sleeps_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: int, pack: Callable[[bytes], bytes]
) -> None:
    """A worker's file may stay empty for hours; when it grows, all of it is read."""
    _aged(monkeypatch)
    asked: list[str] = []
    read = Reader.read

    def noted(reader: Reader) -> bool:
        asked.append(reader.source.label)
        return read(reader)

    monkeypatch.setattr(Reader, "read", noted)
    path, content = tmp_path / "one.jsonl", pack(builders.line(builders.span("one")))
    path.write_bytes(content[:begin])
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    drain(ingest)
    asked.clear()
    drain(ingest)
    assert len(asked) == (pack is gzip.compress and begin == 8)
    path.write_bytes(content)
    drain(ingest)
    drain(ingest)
    assert [ingest.table.snapshot().title(0)] == ["one"]
    ingest.close()


def test_what_was_written_to_is_read_once_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read to its end need not be asked again for more, and others wait for the next sweep."""
    asked: list[str] = []
    read = Reader.read

    def noted(reader: Reader) -> bool:
        asked.append(Path(reader.source.label).name)
        return read(reader)

    paths = [tmp_path / f"{name}.jsonl" for name in ("one", "two", "three")]
    for path in paths:
        path.write_bytes(builders.line(builders.span(f"{path.stem} first")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    monkeypatch.setattr(Reader, "read", noted)
    with paths[1].open("ab") as file:
        file.write(builders.line(builders.span("two second")))
    assert ingest.look([str(paths[1])])
    assert not ingest.step()
    assert (asked, len(ingest.table)) == (["two.jsonl"], 4)
    assert not ingest.step()
    assert sorted(asked[1:]) == ["one.jsonl", "three.jsonl", "two.jsonl"]
    ingest.close()


def test_what_was_written_before_a_file_was_deleted_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last look was before that; once it is read it is closed, so that its space is free."""
    _aged(monkeypatch)
    path = tmp_path / "one.jsonl"
    path.write_bytes(builders.line(builders.span("first")))
    ingest = Ingest([str(tmp_path)], follow=True)
    drain(ingest)
    drain(ingest)
    with path.open("ab") as file:
        file.write(builders.line(builders.span("second")))
        path.unlink()
    drain(ingest)
    drain(ingest)
    assert len(ingest.table.snapshot()) == 2
    assert ingest.ended
    ingest.close()


def test_a_file_that_sleeps_keeps_no_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one that is gone: what a source takes does not grow with how many there were."""
    _aged(monkeypatch)
    before = _alive(OtlpJson), _alive(_Stretch)
    for number in range(30):
        span = builders.span(f"first {number}", start=builders.T0 + number)
        (tmp_path / f"{number}.jsonl").write_bytes(builders.line(span) + builders.start_record(span))
    ingest = Ingest([str(tmp_path)], follow=True)
    for _ in range(3):
        drain(ingest)
    assert _alive(OtlpJson) - before[0] <= 1
    with (tmp_path / "7.jsonl").open("ab") as file:
        file.write(builders.line(builders.span("second")))
    drain(ingest)
    assert len(ingest.table.snapshot()) == 31
    for path in tmp_path.iterdir():
        path.unlink()
    drain(ingest)
    assert ingest.ended
    assert _alive(_Stretch) == before[1]
    ingest.close()


def _alive(kind: type) -> int:
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())
