"""What several files grow by is decoded together: the same as each for itself, in any pieces."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import heartbeat, line, span
from tests.ingest.test_bundling import ODD, catch_up, follow, read, spans
from tracetui.formats.detect import Detected
from tracetui.ingest.writers import Writers
from tracetui.store.snapshot import Snapshot

PIECES = (spans(1, 1), spans(2, 2), spans(3, 30), *ODD)


def grow(directory: Path, contents: Sequence[bytes]) -> None:
    """Each file of a directory gets so much more."""
    for number, content in enumerate(contents):
        with (directory / f"{number}.jsonl").open("ab") as file:
            file.write(content)


def places(snapshot: Snapshot) -> list[tuple[str, str, int, int]]:
    """What stands where, in an order that arrival does not decide."""
    rows = range(len(snapshot))
    sources = [snapshot.sources[snapshot.origin(row).source] for row in rows]
    named = zip(map(snapshot.name, rows), sources, strict=True)
    numbers = zip(snapshot.offset.tolist(), snapshot.length.tolist(), strict=True)
    return sorted((*one, *other) for one, other in zip(named, numbers, strict=True))


def test_files_that_grow_are_decoded_as_one_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None by itself, whatever it had before; each span is found where it stands in its own file."""
    grow(tmp_path, [spans(number, 3 + number) for number in range(5)])
    ingest = follow(tmp_path)
    catch_up(ingest)
    alone: list[int] = []
    monkeypatch.setattr(Detected, "feed", lambda _, data: alone.append(len(data)))
    for begin in (10, 20):
        grow(tmp_path, [spans(begin + number, 8) for number in range(5)])
        catch_up(ingest)
    assert alone == []
    snapshot = ingest.table.snapshot()
    assert len(snapshot) == sum(range(3, 8)) + 80
    assert [ingest.span(snapshot, row).name for row in range(len(snapshot))] == [
        snapshot.name(row) for row in range(len(snapshot))
    ]
    monkeypatch.undo()
    opened = read(tmp_path)
    assert places(snapshot) == places(opened.table.snapshot())
    opened.close()
    ingest.close()


def test_who_grows_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were decoded together have grown just now, whatever their times say."""
    grow(tmp_path, [spans(number, 2) for number in range(3)])
    ingest = follow(tmp_path)
    catch_up(ingest)
    ingest.judge()
    grown: list[int] = []
    monkeypatch.setattr(Writers, "told", lambda _, number, grew_ns: grown.append(number) if grew_ns else None)
    grow(tmp_path, [spans(10, 2), b"", spans(12, 2)])
    catch_up(ingest)
    names = [ingest.table.sources[number].rpartition("/")[2] for number in grown]
    assert sorted(names) == ["0.jsonl", "2.jsonl"]
    ingest.close()


def test_a_line_whose_end_comes_later(tmp_path: Path) -> None:
    """It is told once, in its place; what follows it is decoded with others again."""
    torn = [line(span(f"{number} comes in two pieces")) for number in range(3)]
    grow(tmp_path, [spans(number, 2) for number in range(3)])
    ingest = follow(tmp_path)
    catch_up(ingest)
    grow(tmp_path, [spans(5 + number, 1) + one[:40] for number, one in enumerate(torn)])
    catch_up(ingest)
    grow(tmp_path, [one[40:] for one in torn])
    catch_up(ingest)
    grow(tmp_path, [spans(10 + number, 1) for number in range(3)])
    catch_up(ingest)
    opened = read(tmp_path)
    assert places(ingest.table.snapshot()) == places(opened.table.snapshot())
    assert ingest.table.snapshot().health.bytes == opened.table.snapshot().health.bytes
    opened.close()
    ingest.close()


@settings(max_examples=examples(25))
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map(b"".join), min_size=1, max_size=4),
    st.lists(st.integers(0, 6_000), max_size=4),
)
def test_in_any_pieces(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], cuts: list[int]
) -> None:
    """Whatever comes, cut anywhere, is what a recording of all of it is."""
    path = tmp_path_factory.mktemp("files")
    grow(path, [spans(20 + number, 1) for number in range(len(contents))])
    ingest = follow(path)
    begin = 0
    for end in [*sorted(cuts), 1_000_000]:
        grow(path, [content[begin:end] for content in contents])
        catch_up(ingest)
        begin = end
    ids = [one.span_id_text(row) for one in [ingest.table.snapshot()] for row in range(len(one))]
    assert [ingest.span(ingest.table.snapshot(), row).span_id for row in range(len(ids))] == ids
    whole = {name: name.read_bytes() for name in path.iterdir()}
    for name in whole:  # What is torn, or has no line end yet, is told when there is no more.
        name.unlink()
    catch_up(ingest)
    for name, content in whole.items():
        name.write_bytes(content)
    opened = read(path)
    one, other = ingest.table.snapshot(), opened.table.snapshot()
    # Which of two that are the same is a row is up to what came first.
    assert [place[::3] for place in places(one)] == [place[::3] for place in places(other)]
    assert (one.health.bytes, one.health.duplicates) == (other.health.bytes, other.health.duplicates)
    assert one.health.log_records == other.health.log_records
    ingest.close()
    opened.close()


def test_what_is_no_span_is_told_of_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat among lines of spans: each file of that reading is decoded by itself, and of the next at
    once.
    """
    grow(tmp_path, [spans(number, 2) for number in range(3)])
    ingest = follow(tmp_path)
    catch_up(ingest)
    beat = heartbeat(dropped=7).replace(b"{", b"{ ", 1)  # Nothing at its head tells that it is no span.
    grow(tmp_path, [spans(11, 1), spans(12, 1) + beat, spans(13, 1)])
    catch_up(ingest)
    sources = ingest.table.sources
    assert [sources[number].rpartition("/")[2] for number in ingest.table.heartbeats] == ["1.jsonl"]
    assert len(ingest.table.snapshot()) == 9
    monkeypatch.setattr(ingest._bundler, "_decoder", None)
    grow(tmp_path, [spans(21, 1), spans(22, 1) + heartbeat(dropped=7), spans(23, 1)])
    catch_up(ingest)
    assert len(ingest.table.snapshot()) == 12
    ingest.close()
