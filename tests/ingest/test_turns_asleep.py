"""What has nothing new is not asked: many files that lie there cost next to nothing."""

from pathlib import Path

import pytest

from tests import builders
from tests.ingest.reading import drain
from tracetui.ingest import Ingest
from tracetui.ingest.reader import Reader


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
