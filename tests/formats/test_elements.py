"""One large document, value by value: brackets and elements are the same wherever the bytes are cut."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.formats.streaming import elements
from tracetui.formats.streaming.brackets import Brackets
from tracetui.formats.streaming.elements import Elements

ENTERED = frozenset({"[][", ".events[", ".data[", ".data[]{", ".data[].spans["})
texts = st.lists(st.sampled_from(b'"\\{}[]\na, :1'), max_size=40).map(bytes)
cuts = st.lists(st.integers(0, 300), max_size=8)


def parts(data: bytes, some_cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(data)) for cut in some_cuts), len(data)]
    return [data[one:other] for one, other in pairwise(edges)]


class Seen:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.values: list[tuple[str, bytes, int]] = []
        self.ends: list[str] = []
        self.rubbish: list[tuple[int, int, bool]] = []

    def value(self, path: str, raw: bytes, offset: int) -> None:
        self.values.append((path, raw, offset))

    def end(self, path: str) -> None:
        self.ends.append(path)

    def garbage(self, offset: int, length: int, *, too_long: bool = False) -> None:
        self.rubbish.append((offset, length, too_long))


def walked(data: bytes, some_cuts: list[int] | None = None) -> tuple[Seen, int | None]:
    """What a walk over `data` sees, and how many bytes the document has."""
    seen, used = Seen(), 0
    walk = Elements(seen, ENTERED, 0)
    for part in parts(data, some_cuts or []):
        end = walk.feed(part)
        if end is not None:
            return seen, used + end
        used += len(part)
    return seen, None


def brackets(text: bytes) -> list[tuple[int, int]]:
    """The same by hand: line by line, without what stands between quotes."""
    found, depth, at = [], 0, 0
    for line in re.split(rb"(?<=\n)", text):
        bare = re.sub(
            rb'\\[\\"]|"(?:[^"\\\n]|\\[^\n])*(?:"|\\?\n?\Z)', lambda match: b" " * len(match[0]), line
        )
        for place, byte in enumerate(bare):
            if byte in b"{[]}":
                depth += 1 if byte in b"{[" else -1
                found.append((at + place, depth))
        at += len(line)
    return found


@settings(max_examples=examples(120))
@example(b'"\\', [1])
@example(b'"a\\\\" {', [3])
@given(texts, cuts)
def test_brackets_are_found_wherever_bytes_are_cut(text: bytes, some_cuts: list[int]) -> None:
    """Piece by piece the same as by hand; those in strings do not count, and no string crosses a line."""
    scan, found, at = Brackets(), [], 0
    for part in parts(text, some_cuts):
        places, depths = scan.scan(part)
        found += [(at + place, depth) for place, depth in zip(places.tolist(), depths.tolist(), strict=True)]
        at += len(part)
    assert found == brackets(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9**12) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=examples(50))
@given(st.lists(json_values, max_size=6), json_values, cuts, st.sampled_from([None, 1]))
def test_the_elements_of_an_array_are_its_values(
    events: list[Any], beside: Any, some_cuts: list[int], indent: int | None
) -> None:
    """Each as its bytes, with its place; what stands beside the array too."""
    data = json.dumps({"first": beside, "events": events, "last": beside}, indent=indent).encode()
    seen, used = walked(data, some_cuts)
    told = [(path, json.loads(raw)) for path, raw, _ in seen.values]
    assert told == [(".first", beside), *((".events[]", event) for event in events), (".last", beside)]
    assert all(data[at : at + len(raw)] == raw for _, raw, at in seen.values)
    assert (used, seen.rubbish) == (len(data), [])


def test_only_what_is_asked_for_is_entered() -> None:
    """Spans of a trace one by one, its processes in one piece; an end for whatever was entered."""
    seen, used = walked(b'{"data":[{"spans":[{"a":[1]},2],"processes":{"p":{}}}],"total":0} [')
    assert [(path, raw) for path, raw, _ in seen.values] == [
        (".data[].spans[]", b'{"a":[1]}'),
        (".data[].spans[]", b"2"),
        (".data[].processes", b'{"p":{}}'),
        (".total", b"0"),
    ]
    assert seen.ends == [".data[].spans", ".data[]", ".data", ""]
    assert used == 65


@settings(max_examples=examples(70))
@given(texts, cuts)
def test_garbage_is_the_same_wherever_bytes_are_cut(text: bytes, some_cuts: list[int]) -> None:
    """Whatever stands between elements, the walk ends, and sees the same however it gets the bytes."""
    data = b'[{"a":1},' + text + b'\n,{"b":2}]'
    one, other = walked(data), walked(data, some_cuts)
    assert (one[0].values, one[0].ends, one[0].rubbish) == (other[0].values, other[0].ends, other[0].rubbish)
    assert one[0].values[0] == ("[]", b'{"a":1}', 1)


@pytest.mark.parametrize(
    ("garbage", "values"),
    [(b"", 2), (b"nonsense: ,", 3), (b'{"torn": "x,\n},', 3), (b"1 2 3 ", 5), (b'"}",', 3), (b",,,", 2)],
)
def test_what_is_no_value_costs_itself(garbage: bytes, values: int) -> None:
    """Commas too many or too few, texts without an end, words."""
    seen, _ = walked(b'[{"a":1},' + garbage + b'{"b":2}]')
    assert len(seen.values) == values
    assert seen.values[-1][1] == b'{"b":2}'


def test_a_value_that_is_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once, and what follows is read; as long as it is not whole, little of it is held."""
    monkeypatch.setattr(elements, "MOST_BYTES", 1000)
    seen = Seen()
    walk = Elements(seen, ENTERED, 0)
    walk.feed(b'[{"a":1},{"long":[')
    for _ in range(200):
        assert walk.feed(b'{"x":"y"},' * 10) is None
        assert walk.pending < 4000
    assert walk.feed(b'0]},{"b":2}]') == 12
    assert [raw for _, raw, _ in seen.values] == [b'{"a":1}', b'{"b":2}']
    assert seen.rubbish == [(9, 0, True)]
