"""Spans on tracks: what shares one nests, and nothing is moved or cut that need not be."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, T0, Json, S, span
from tests.export.exporting import placed, written
from tests.export.on_lanes import on_lane
from tracetui.export.nesting import SLACK_NS, Nested


def nests(found: Nested) -> bool:
    """Whether on each track what begins inside another ends inside it."""
    opened: dict[int, list[int]] = {}
    for track, start, end in zip(
        found.track.tolist(), found.start_ns.tolist(), found.end_ns.tolist(), strict=True
    ):
        stack = opened.setdefault(track, [])
        while stack and stack[-1] <= start:
            stack.pop()
        if stack and end > stack[-1]:
            return False
        stack.append(end)
    return True


def layers(tmp_path: Path, *spans: Json) -> tuple[list[int], int]:
    """On which track of its lane each span is, in order of their start, and how many were cut."""
    _, _, found = placed(written(tmp_path / "x.jsonl", *spans))
    assert nests(found)
    return [found.layer[track] for track in found.track], found.cut


def test_one_after_the_other_is_one_track(tmp_path: Path) -> None:
    """Even where one begins at the very end of the other."""
    assert layers(tmp_path, on_lane("a", 0, S), on_lane("b", S, 2 * S), on_lane("c", 3 * S, 4 * S)) == (
        [0, 0, 0],
        0,
    )


@pytest.mark.parametrize(("over", "expected"), [(SLACK_NS, ([0, 0], 1)), (SLACK_NS + 1, ([0, 1], 0))])
def test_clocks_may_differ_by_so_much(tmp_path: Path, over: int, expected: tuple[list[int], int]) -> None:
    """What runs into the next by at most 1 ms is cut; by more, there were two at once."""
    assert layers(tmp_path, on_lane("a", 0, S + over), on_lane("b", S, 2 * S)) == expected


@pytest.mark.parametrize(("over", "expected"), [(MS // 10, ([0, 0], 1)), (MS // 10 + 1, ([0, 1], 0))])
def test_at_most_a_tenth_is_cut(tmp_path: Path, over: int, expected: tuple[list[int], int]) -> None:
    """Of a span of 1 ms, 0.1 ms: cutting more would be another story."""
    assert layers(tmp_path, on_lane("a", 0, MS), on_lane("b", MS - over, 2 * S)) == expected


def test_what_ends_after_its_parent_moves(tmp_path: Path) -> None:
    """With all that is inside it, onto one track."""
    test = on_lane("a", 0, S)
    late = span("late", start=T0 + S // 2, end=T0 + 2 * S, parent=test)
    inner = span("inner", start=T0 + S, end=T0 + 2 * S, parent=late)
    assert layers(tmp_path, test, late, inner) == ([0, 1, 1], 0)


def test_children_at_once_are_not_drawn_inside_each_other(tmp_path: Path) -> None:
    """Though one would fit into the other: that is another tree."""
    test = on_lane("a", 0, S)
    one = span("one", start=T0 + MS, end=T0 + 9 * MS, parent=test)
    other = span("other", start=T0 + 2 * MS, end=T0 + 3 * MS, parent=test)
    assert layers(tmp_path, test, one, other) == ([0, 0, 1], 0)


def test_a_cut_goes_for_what_is_inside_too(tmp_path: Path) -> None:
    """A test and its last phase end when the next test begins."""
    first, second = on_lane("a", 0, S + 1000), on_lane("b", S, 2 * S)
    phase = span("call", start=T0 + MS, end=T0 + S + 1000, parent=first)
    _, _, found = placed(written(tmp_path / "x.jsonl", first, second, phase))
    assert found.end_ns.tolist() == [T0 + S, T0 + S, T0 + 2 * S]
    assert (found.cut, found.most_cut_ns, found.moved) == (2, 1000, 0)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(-1, 11), st.booleans()), max_size=12
    )
)
def test_whatever_spans_there_are(tmp_path: Path, drawn: list[tuple[int, int, int, bool]]) -> None:
    """Each is on one track, tracks nest, starts ascend, and no end is later or cut by more than 1 ms."""
    spans: list[Json] = []
    for number, (begin, length, parent, is_test) in enumerate(drawn):
        above = spans[parent] if 0 <= parent < number else None
        start, end = begin * MS // 2, (begin + length) * MS // 2 + 1
        make = on_lane(f"t{number}", 0, 0) if is_test else span(f"s{number}")
        spans.append(make | {"startTimeUnixNano": str(T0 + start), "endTimeUnixNano": str(T0 + end)})
        spans[-1] |= {"spanId": f"{number + 1:016x}"} | ({"parentSpanId": above["spanId"]} if above else {})
    if not spans:
        return
    findings, lanes, found = placed(written(tmp_path / "x.jsonl", *spans))
    assert nests(found)
    assert sorted(found.rows.tolist()) == list(range(len(spans)))
    assert all(one <= other for one, other in pairwise(found.start_ns.tolist()))
    for row, track, end in zip(found.rows.tolist(), found.track.tolist(), found.end_ns.tolist(), strict=True):
        real = int(findings.snapshot.end_ns[row])
        assert real - SLACK_NS <= end <= real
        assert found.lane[track] == lanes.of[row]
