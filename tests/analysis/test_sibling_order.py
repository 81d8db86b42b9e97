"""Siblings by duration or failures first: the same tree, and at every level what it is by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import MS, T0, case, line, snapshot, span
from tracetui.analysis.study.findings import study
from tracetui.analysis.tree.sibling_order import Order, ordered
from tracetui.analysis.tree.tree import Tree, build
from tracetui.analysis.waterfall.arrangement import View, arrange
from tracetui.analysis.waterfall.sibling_groups import Grouper
from tracetui.analysis.waterfall.tree_with_groups import with_groups
from tracetui.store.snapshot import Snapshot


def by_hand(tree: Tree, keys: dict[int, int], above: int = -1) -> list[int]:
    """All nodes below one, siblings by key, and of equal keys as they stand in `tree`."""
    children = [node for node in tree.order.tolist() if int(tree.parent[node]) == above]
    found: list[int] = []
    for node in sorted(children, key=lambda node: keys[node]):
        found += [node, *by_hand(tree, keys, node)]
    return found


def below(tree: Tree, node: int) -> list[int]:
    first = int(tree.position[node])
    return [int(one) for one in tree.order[first : first + int(tree.size[node])]]


@settings(max_examples=examples(35))
@given(
    runs(),
    st.lists(st.integers(0, 2), min_size=14, max_size=14),
    st.lists(st.integers(0, 5), min_size=14, max_size=14),
    st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_it_is_what_it_is_by_hand(
    read: Snapshot, colours: list[int], lengths: list[int], failed: list[bool]
) -> None:
    """With groups and without: nothing comes or goes, parents and sizes stay, and places are inverse."""
    tree = build(read)
    nodes: dict[tuple[int, int], int] = {}
    of = np.zeros(len(read), np.int32)
    for row in tree.order.tolist():
        if colours[row]:
            of[row] = nodes.setdefault((int(tree.parent[row]), colours[row]), -2 - len(nodes))
    if nodes:
        tree = with_groups(tree, of, len(nodes) + 2)
    total, bad = np.array(lengths[: len(read)], np.int64), np.array(failed[: len(read)], np.bool_)
    rows = range(len(read))
    longest = {row: -lengths[row] for row in rows}
    longest |= {group: -sum(lengths[row] for row in rows if of[row] == group) for group in nodes.values()}
    worst = {
        node: -int(any(one >= 0 and failed[one] for one in below(tree, node))) for node in tree.order.tolist()
    }
    for order, keys in ((Order.DURATION, longest), (Order.FAILURES, worst)):
        found = ordered(tree, order, total, bad)
        assert found.order.tolist() == by_hand(tree, keys)
        assert found.position[found.order].tolist() == list(range(len(found.order)))
        for node in tree.order.tolist():
            assert sorted(below(found, node)) == sorted(below(tree, node))
    assert ordered(tree, Order.TIME, total, bad) is tree


def names(read: Snapshot, tree: Tree) -> list[str]:
    return [read.name(row) for row in tree.order.tolist()]


@pytest.fixture
def tests() -> Snapshot:
    """Two groups of spans, of which the later is longer; in it the later of two spans has failed."""
    early, late = span("early", end=T0 + 10 * MS), span("late", start=T0 + MS, end=T0 + 90 * MS)
    inner = [
        span("a", start=T0 + 2 * MS, end=T0 + 4 * MS, parent=early),
        span("b", start=T0 + 3 * MS, end=T0 + 9 * MS, parent=early),
        span("c", start=T0 + 4 * MS, end=T0 + 50 * MS, parent=late),
        span("d", start=T0 + 5 * MS, end=T0 + 6 * MS, parent=late, status=2),
    ]
    return snapshot(line(early, late, *inner))


@pytest.mark.parametrize(
    ("order", "stand"),
    [
        (Order.TIME, ["early", "a", "b", "late", "c", "d"]),
        (Order.DURATION, ["late", "c", "d", "early", "b", "a"]),
        (Order.FAILURES, ["late", "d", "c", "early", "a", "b"]),
    ],
)
def test_orders(tests: Snapshot, order: Order, stand: list[str]) -> None:
    """The longest first, or what failed and what holds it; where nothing tells them apart, as they began."""
    total = tests.end_ns - tests.start_ns
    bad = np.array([tests.name(row) == "d" for row in range(len(tests))])
    assert names(tests, ordered(build(tests), order, total, bad)) == stand


def test_nothing() -> None:
    """An empty tree has an order too."""
    read = snapshot()
    none = np.empty(0, np.int64)
    assert len(ordered(build(read), Order.DURATION, none, np.empty(0, np.bool_)).order) == 0


def test_failures_that_are_left_out_are_none() -> None:
    """Of three tests the last two failed and come first, but for one that a filter leaves out."""
    outcomes = ("passed", "failed", "failed")
    tests = [case(f"t{n}", outcome, start=T0 + n * MS) for n, outcome in enumerate(outcomes)]
    found = study(snapshot(line(*tests)), T0)
    for kept, order in ((None, [1, 2, 0]), (np.array([True, False, True]), [2, 0, 1])):
        view = View(order=Order.FAILURES, kept=kept)
        assert arrange(found, view, Grouper(), settled=True).tree.order.tolist() == order
