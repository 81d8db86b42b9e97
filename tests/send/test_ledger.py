"""What a collector has taken is known again, whatever happened to the file meanwhile."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import T0, line, span, table
from tracetui.errors import InputError, TracetuiError
from tracetui.send.ledger import TAIL_BYTES, BusyError, Ledger, ReadAt
from tracetui.send.places import Places

ENDPOINT = "http://127.0.0.1:4317"


def reader(path: Path) -> ReadAt:
    """Reads a file as a source does."""

    def read_at(offset: int, length: int) -> bytes:
        data = path.read_bytes()[offset : offset + length]
        if len(data) < length:
            raise InputError("gone")
        return data

    return read_at


def note(path: Path, *ranges: tuple[int, int]) -> Ledger:
    """A ledger that says so much of a file was taken; closed."""
    ledger = Ledger(path.parent, ENDPOINT)
    ledger.add(path.name, reader(path), ranges)
    ledger.close()
    return ledger


def taken(path: Path, endpoint: str = ENDPOINT) -> list[tuple[int, int]]:
    """What is known of a file."""
    ledger = Ledger(path.parent, endpoint)
    found = ledger.taken({path.name: reader(path)})
    ledger.close()
    return list(found.get(path.name, ()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.jsonl"
    made.write_bytes(os.urandom(3 * TAIL_BYTES))
    return made


def test_a_file_may_grow_and_be_renamed(path: Path) -> None:
    """And stand beside a new one that has its old name, as rotation leaves them."""
    note(path, (0, 10), (20, 30))
    with path.open("ab") as file:
        file.write(b"more")
    assert taken(path) == [(0, 10), (20, 30)]
    assert taken(path, "http://127.0.0.1:4318") == []
    renamed = path.rename(path.with_name("b.jsonl"))
    path.write_bytes(b"another")
    ledger = Ledger(path.parent, ENDPOINT)
    assert ledger.taken({each.name: reader(each) for each in (path, renamed)}) == {
        "b.jsonl": [(0, 10), (20, 30)]
    }
    ledger.close()


@pytest.mark.parametrize("change", ["head", "tail", "cut"])
def test_a_file_that_was_rewritten_is_another(path: Path, change: str) -> None:
    """Whether it is its beginning that differs, or what stands before the end of what was taken."""
    upto = 2 * TAIL_BYTES
    note(path, (0, upto))
    data = bytearray(path.read_bytes())
    if change == "cut":
        del data[upto - 1 :]
    else:
        data[5 if change == "head" else upto - 5] ^= 1
    path.write_bytes(data)
    assert taken(path) == []


def test_what_is_behind_the_mark_does_not_matter(path: Path) -> None:
    """A half-written tail may be anything by the next time."""
    note(path, (0, 100))
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"x")
    assert taken(path) == [(0, 100)]


def test_lines_become_one(path: Path) -> None:
    """A line for each request, and one for the file at the end; those of other files stay."""
    other = path.with_name("other.jsonl")
    other.write_bytes(b"x" * 50)
    note(other, (0, 5))
    ledger = Ledger(path.parent, ENDPOINT)
    assert ledger.taken({path.name: reader(path)}) == {}
    for begin in range(0, 100, 10):
        ledger.add(path.name, reader(path), [(begin, begin + 5)])
    assert len(ledger.path.read_bytes().splitlines()) == 12
    ledger.tidy({path.name: (reader(path), [(0, 95)])})
    ledger.close()
    lines = list(map(json.loads, ledger.path.read_bytes().splitlines()))
    assert [line.get("file") for line in lines] == [None, "other.jsonl", "a.jsonl"]
    assert lines[0] == {"schema": "tracetui.sent/1", "endpoint": ENDPOINT}
    assert (taken(path), taken(other)) == ([(0, 95)], [(0, 5)])


def test_what_was_not_asked_for_is_kept(path: Path) -> None:
    """Of files that are still there, archives too; those that are gone leave."""
    ledger = Ledger(path.parent, ENDPOINT)
    path.with_name("x.zip").write_bytes(b"")
    for name in ("x.zip!in/a.jsonl", "gone.jsonl", "gone.zip!a.jsonl"):
        ledger.add(name, reader(path), [(0, 5)])
    ledger.close()
    ledger = Ledger(path.parent, ENDPOINT)
    assert ledger.taken({"new.jsonl": lambda _offset, _length: b""}) == {}
    ledger.add("new.jsonl", reader(path), [(0, 9)])
    ledger.tidy({"new.jsonl": (reader(path), [(0, 9)])})
    ledger.close()
    names = [json.loads(line).get("file") for line in ledger.path.read_bytes().splitlines()]
    assert names == [None, "x.zip!in/a.jsonl", "new.jsonl"]


def test_a_torn_line_costs_only_itself(path: Path) -> None:
    """Whoever was killed while writing, or whose disk was full, goes on behind it."""
    ledger = note(path, (0, 10))
    with ledger.path.open("ab") as file:
        file.write(b'{"file":"a.jsonl","upto":20,')
    assert taken(path) == [(0, 10)]
    note(path, (30, 40))
    assert taken(path) == [(0, 10), (30, 40)]


def test_forgetting_is_remembered(path: Path) -> None:
    """Also by one who is killed before all is sent again."""
    note(path, (0, 10))
    ledger = Ledger(path.parent, ENDPOINT)
    ledger.forget([path.name])
    assert ledger.taken({path.name: reader(path)}) == {}
    ledger.close()
    assert taken(path) == []
    note(path, (5, 8))
    assert taken(path) == [(5, 8)]


def test_two_at_once(path: Path) -> None:
    """The second is told to wait: both would send the same."""
    ledger = Ledger(path.parent, ENDPOINT)
    with pytest.raises(BusyError, match="another send"):
        Ledger(path.parent, ENDPOINT)
    Ledger(path.parent, "http://elsewhere:1").close()
    ledger.close()
    assert not list(path.parent.glob(".sent*"))


def test_a_full_disk_ends_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on would send twice what nobody could note."""
    ledger = Ledger(path.parent, ENDPOINT)
    monkeypatch.setattr(os, "write", lambda _descriptor, data: len(data) // 2)
    with pytest.raises(TracetuiError, match="no space left on device; what was sent last"):
        ledger.add(path.name, reader(path), [(0, 10)])
    ledger.close()


@settings(max_examples=examples(20))
@given(st.integers(1, 30), st.data())
def test_what_was_taken_is_found_by_where_it_stands(count: int, data: st.DataObject) -> None:
    """Ranges of any rows mark just these again, in a file that has grown, whatever was taken when."""
    lines = [line(*(span(f"s{n}.{k}", start=T0 + 10 * n + k) for k in range(2))) for n in range(count)]
    places = Places(table(b"".join(lines)).snapshot())
    rows = data.draw(st.lists(st.integers(0, 2 * count - 1), unique=True))
    ranges = dict(places.ranges(places.order[sorted(rows)]))
    grown = Places(table(b"".join([*lines, line(span("new"))])).snapshot())
    for source, its in ranges.items():
        grown.take(source, its)
    assert sorted(grown.taken.nonzero()[0]) == sorted(places.order[rows])
    assert len(ranges.get(0, ())) <= len(rows)


def test_what_stands_together_is_one_range() -> None:
    """A ledger does not grow with the spans of a file."""
    places = Places(table(line(span("a"), span("b")), line(span("c"))).snapshot())
    ranges = dict(places.ranges(places.order))
    assert [len(its) for its in ranges.values()] == [1, 1]
