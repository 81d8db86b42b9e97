"""Blocks on as few lanes as hold them, against the slow way, and at the edges of what may overlap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, S
from tracetui.analysis.assignment import packing
from tracetui.analysis.assignment.packing import SLACK_NS, packed

MANY = 10**6
moments = st.sampled_from([1, MS, MS // 2, 10 * MS, S])


def lanes(*blocks: tuple[int, int], most: int = MANY) -> list[int]:
    """The lanes of blocks from and to, which come by start."""
    start, end = np.array(blocks, np.int64).reshape(-1, 2).T
    found: list[int] = packed(start, end, most).tolist()
    return found


@pytest.mark.parametrize(
    ("over_ns", "took_ns", "expected"),
    [
        pytest.param(SLACK_NS, 10 * MS, 1, id="1 ms"),
        pytest.param(SLACK_NS + 1, 10 * MS, 2, id="1 ms and 1 ns"),
        pytest.param(2 * S, 200 * S, 1, id="1 % of a long one"),
        pytest.param(2 * S + 1, 200 * S, 2, id="1 % of a long one and 1 ns"),
        pytest.param(SLACK_NS, 50 * MS, 1, id="1 % is less than 1 ms"),
        pytest.param(0, 10 * MS, 1, id="none"),
    ],
)
def test_a_small_overlap_saves_a_lane(over_ns: int, took_ns: int, expected: int) -> None:
    """Up to 1 ms or 1 % of the later block, to the nanosecond."""
    assert len(set(lanes((0, 10 * S), (10 * S - over_ns, 10 * S - over_ns + took_ns)))) == expected


def test_four_jobs_stay_four() -> None:
    """Where two of 1 310 blocks overlap by 0.4 ms: what MongoDB's jsCore run shows."""
    blocks = [(job + turn * S, job + (turn + 1) * S) for turn in range(300) for job in range(4)]
    blocks[41] = (blocks[41][0], blocks[41][1] + 4 * MS // 10)
    blocks[807] = (blocks[807][0] - 4 * MS // 10, blocks[807][1])
    found = lanes(*sorted(blocks))
    assert sorted(set(found)) == [0, 1, 2, 3]


def test_who_could_do_without_does_not_overlap() -> None:
    """A lane that is free takes a block before one that ends in the course of it."""
    assert lanes((0, S), (0, 2 * S), (S, 201 * S), (2 * S, 3 * S)) == [0, 1, 0, 1]


def test_no_more_lanes_than_there_are_workers() -> None:
    """Beyond that a block goes to the lane that is free first, whatever it overlaps."""
    assert lanes((0, 10 * S), (S, 5 * S), (2 * S, 3 * S), most=2) == [0, 1, 1]
    assert lanes((0, 10 * S), (S, 5 * S), (2 * S, 3 * S), most=3) == [0, 1, 2]


def test_blocks_that_take_no_time() -> None:
    """Several at one moment overlap by nothing, nor does one at the edge of another."""
    assert lanes((0, 0), (0, 0), (S, 2 * S), (2 * S, 2 * S)) == [0, 0, 0, 0]


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 300)), max_size=30), moments, moments)
def test_no_lane_is_overfull(blocks: list[tuple[int, int]], unit: int, length: int) -> None:
    """Every block is on one lane, and overlaps the one before it by no more than it may."""
    blocks = sorted((begin * unit, begin * unit + took * length) for begin, took in blocks)
    found = lanes(*blocks)
    reached: dict[int, int] = {}
    for lane, (begin, end) in zip(found, blocks, strict=True):
        over_ns = reached.get(lane, begin) - begin
        assert over_ns <= max(SLACK_NS, (end - begin) // 100)
        reached[lane] = max(end, reached.get(lane, end))
    at_once = max((sum(b <= m < e or m == b for b, e in blocks) for m, _ in blocks), default=0)
    assert len(reached) <= at_once


@settings(max_examples=examples(25))
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30)), max_size=30))
def test_with_and_without_a_loop(blocks: list[tuple[int, int]]) -> None:
    """Where nothing overlaps a little, both ways find as many lanes."""
    start, end = np.array(sorted((b * S, (b + took) * S) for b, took in blocks), np.int64).reshape(-1, 2).T
    slow = packing._with_slack(start, end, np.zeros_like(start), MANY)
    assert set(packed(start, end, MANY).tolist()) == set(slow.tolist())
